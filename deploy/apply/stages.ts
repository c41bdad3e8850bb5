/** The stages of a deployment, in their order. */
import type { Stage } from './step';
import type { Surroundings } from './surroundings';
import { accounts } from './stages/accounts';
import { apis } from './stages/apis';
import { functions } from './stages/functions';
import { jobs } from './stages/jobs';
import { roles } from './stages/roles';

/** By name; the name stands in the progress. */
export const stages: Readonly<Record<string, (around: Surroundings) => Promise<Stage>>> = {
  APIs: apis,
  'Service accounts': accounts,
  Roles: roles,
  Functions: functions,
  'Scheduler jobs': jobs,
};
