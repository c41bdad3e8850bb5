/** What all APIs of the stand-in share: the project, its clock, and who may do what. */
import type { IamPolicies } from './iam-policies';

/** One project of the stand-in. */
export interface World {
  /** The project's id, and its number. */
  readonly project: string;
  readonly number: string;
  readonly policies: IamPolicies;
  /** Now, as the APIs write it. */
  readonly timestamp: () => string;
}
