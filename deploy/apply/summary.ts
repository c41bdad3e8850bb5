/** The end of a deployment, for people: where everything is, when it runs next, how to call it. */
import { Cron } from 'croner';
import { objectOf, textOf, type Document } from './google';
import { readOurs } from './documents/apply';
import { collections } from './documents/collection';
import { jobsOf, readJobs } from './stages/jobs';
import { readFunctions } from './stages/functions';
import { functionsOf, type Surroundings } from './surroundings';

const console = 'https://console.cloud.google.com/monitoring';

/** @returns milliseconds, or what stands in the place of a time; a schedule in English, which Cloud Scheduler takes as well, is shown as it is. */
function nextRun(job: Document | undefined, nowMs: number): number | string {
  if (!job) return 'has no job';
  const state = textOf(job['state']) || 'ENABLED';
  if (state !== 'ENABLED') return state.toLowerCase();
  const schedule = textOf(job['schedule']);
  try {
    const cron = new Cron(schedule, { timezone: textOf(job['timeZone']) || 'Etc/UTC', mode: '5-part', paused: true });
    return cron.nextRun(new Date(nowMs))?.getTime() ?? 'never';
  } catch {
    return schedule;
  }
}

/** @returns when a function's jobs, as they are there, call it next: the earliest time, and how many of them have none. */
function nextOf(jobs: readonly (Document | undefined)[], nowMs: number): string {
  if (jobs.length === 0) return 'not on a schedule';
  const nexts = jobs.map((job) => nextRun(job, nowMs));
  const times = nexts.filter((next) => typeof next === 'number');
  const others = nexts.filter((next) => typeof next === 'string');
  const named = [...new Set(others)].join(', ');
  if (times.length === 0) return named;
  const time = `${new Date(Math.min(...times)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return others.length === 0 ? time : `${time} (${others.length} of ${jobs.length} jobs: ${named})`;
}

/** @returns the lines. */
export async function summaryLines(around: Surroundings): Promise<readonly string[]> {
  const { plan, google } = around;
  const [functions, present] = await Promise.all([readFunctions(around), readJobs(around)]);
  const planned = functionsOf(around);
  const uriOf = (name: string): string => textOf(objectOf(functions.get(name)?.['serviceConfig'])['uri']);
  const jobs = jobsOf(around);
  const width = Math.max(0, ...planned.map(({ kind }) => kind.length));
  const nextRunOf = (kind: string): string => {
    const own = jobs.filter((job) => job.kind === kind);
    return nextOf(
      own.map(({ name }) => present.get(name)),
      google.now(),
    );
  };
  const dashboards = collections.filter(({ name }) => name === 'Dashboard');
  const [found] = (await Promise.all(dashboards.map(async (collection) => readOurs(around, collection)))).flat();
  const id = textOf(found?.['name']).replace(/^.*\//, '');
  const [first] = planned;
  return [
    'Functions, and when they run next',
    ...planned.map(({ kind, name }) => `  ${kind.padEnd(width)}  ${nextRunOf(kind)}  ${uriOf(name)}`),
    '',
    ...(id === '' ? [] : ['Dashboard', `  ${console}/dashboards/builder/${id}?project=${plan.project}`]),
    ...(plan.policies.length === 0 ? [] : ['Alert policies', `  ${console}/alerting/policies?project=${plan.project}`]),
    ...(first
      ? [
          'To call one by hand, with roles/run.invoker on it',
          `  gcloud functions call ${first.name} --gen2 --region=${plan.region} --project=${plan.project}`,
          `  curl -H "Authorization: Bearer $(gcloud auth print-identity-token)" "${uriOf(first.name)}?format=text"`,
        ]
      : []),
  ];
}
