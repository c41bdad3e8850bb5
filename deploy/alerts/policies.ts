/** Every alert policy of an environment. */
import type { AlertPolicy } from '../monitoring/documents';
import type { PlanContext } from '../plan/plan';
import { policyOf, type PolicyDraft } from './policy';
import { proberPolicies } from './policies/prober';
import { downPolicies } from './policies/down';

/** In the order in which people look for them: the targets, what explains them, the monitor itself. */
const families: readonly ((context: PlanContext) => readonly PolicyDraft[])[] = [downPolicies, proberPolicies];

/** @returns the policies; their keys, names and queries depend on the configuration and the shards alone. */
export function alertPolicies(context: PlanContext): readonly AlertPolicy[] {
  return families.flatMap((family) => family(context)).map((draft) => policyOf(draft, context));
}
