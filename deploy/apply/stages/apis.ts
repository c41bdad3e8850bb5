/** Stage: the APIs that the plan needs are switched on. */
import { textOf } from '../google';
import type { Stage } from '../step';
import { common, type Surroundings } from '../surroundings';

/** `services enable` takes at most 20 (Service Usage, `services.batchEnable`). */
const mostAtOnce = 20;

/** What deploying itself asks. */
const ofOurOwn = ['cloudresourcemanager.googleapis.com', 'secretmanager.googleapis.com'] as const;

/** Attaching Cloud SQL asks for both: without them `gcloud run services update` asks a question, and is answered no. */
const ofCloudSql = ['sql-component.googleapis.com', 'sqladmin.googleapis.com'] as const;

/** @returns the steps of the stage. */
export async function apis(around: Surroundings): Promise<Stage> {
  const { plan, google } = around;
  const enabled = await google.list('serviceusage', `v1/projects/${plan.project}/services`, 'services', { filter: 'state:ENABLED' });
  const names = new Set(enabled.map(({ name }) => textOf(name).replace(/^.*\//, '')));
  const attaches = plan.functions.some(({ cloudSqlInstances }) => cloudSqlInstances.length > 0);
  const needed = [...new Set([...plan.apis, ...ofOurOwn, ...(attaches ? ofCloudSql : [])])];
  const missing = needed.filter((api) => !names.has(api));
  const groups = Array.from({ length: Math.ceil(missing.length / mostAtOnce) }, (_unused, index) =>
    missing.slice(index * mostAtOnce, (index + 1) * mostAtOnce),
  );
  return {
    steps: groups.map((group) => ({
      title: `enable ${group.map((api) => api.replace('.googleapis.com', '')).join(', ')}`,
      lane: 'apis',
      command: { gcloud: ['services', 'enable', ...group, ...common(around)] },
    })),
    kept: keptOf(needed.length - missing.length),
    notes: [],
  };
}

/** @returns how a stage says what is as planned. */
export function keptOf(count: number): string {
  return count === 0 ? '' : `${count} as planned`;
}
