/** The beginning of a deployment: the configuration becomes a plan, which every later step reads. */
import { endpointsIn, keep, note } from '../deploy/apply/preparation';
import { deleting, deploying } from '../deploy/apply/stages';
import { buildPlan } from '../deploy/plan/build';
import { exceededLines } from '../deploy/plan/text';
import { kinds } from '../functions/kinds';
import { services } from '../functions/services';
import { loadWhole } from '../shared/config/load';
import { UsageError } from './command';

/** What deploy.sh was asked for. */
export interface Asked {
  /** The deployment's temporary folder. */
  readonly work: string;
  readonly config: string;
  readonly project?: string;
  readonly only?: string;
  readonly delete: boolean;
}

/**
 * Plans, and keeps the plan in the temporary folder.
 * @param settings what `gcloud config list --format=json` says.
 * @returns what deploy.sh has to know, a line each.
 * @throws ConfigError, UsageError
 */
export function prepare({ work, config, project, only, delete: isDeletion }: Asked, settings: string): readonly string[] {
  const loaded = loadWhole(config, kinds, { project });
  const plan = buildPlan(loaded, { kinds, services });
  const chosen = only?.split(',').map((kind) => kind.trim());
  const planned = plan.functions.map(({ kind }) => kind);
  const unknown = chosen?.find((kind) => !planned.includes(kind));
  if (unknown !== undefined)
    throw new UsageError(`--only ${unknown}: the configuration has no such function; it has ${planned.join(', ')}`);
  keep(work, { plan, ...(chosen && { only: chosen }), endpoints: endpointsIn(settings || '{}') });
  if (!isDeletion) note(work, [...plan.notes, ...exceededLines(plan).map((line) => `More than Google allows: ${line}`)]);
  const isDirect = plan.functions.some(({ vpc }) => vpc !== undefined && 'network' in vpc);
  return [plan.environment, plan.project, plan.region, isDirect ? 'direct' : '', ...Object.keys(isDeletion ? deleting : deploying)];
}
