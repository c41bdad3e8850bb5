/** The end of a deployment, for people: where everything is, when it runs next, how to call it. */
import { Cron } from 'croner';
import { objectOf, textOf } from './google';
import { readOurs } from './documents/apply';
import { collections } from './documents/collection';
import { jobsOf } from './stages/jobs';
import { readFunctions } from './stages/functions';
import { functionsOf, type Surroundings } from './surroundings';

const console = 'https://console.cloud.google.com/monitoring';

function nextRun(schedule: string, nowMs: number): string {
  const next = new Cron(schedule, { timezone: 'Etc/UTC', mode: '5-part', paused: true }).nextRun(new Date(nowMs));
  return next ? `${next.toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'never';
}

/** @returns the lines. */
export async function summaryLines(around: Surroundings): Promise<readonly string[]> {
  const { plan, google } = around;
  const functions = await readFunctions(around);
  const planned = functionsOf(around);
  const uriOf = (name: string): string => textOf(objectOf(functions.get(name)?.['serviceConfig'])['uri']);
  const jobs = jobsOf(around);
  const width = Math.max(0, ...planned.map(({ kind }) => kind.length));
  const nextOf = (kind: string): string => {
    const nexts = jobs.filter((job) => job.kind === kind).map(({ schedule }) => nextRun(schedule, google.now()));
    return nexts.toSorted()[0] ?? 'not on a schedule';
  };
  const dashboards = collections.filter(({ name }) => name === 'Dashboard');
  const [found] = (await Promise.all(dashboards.map(async (collection) => readOurs(around, collection)))).flat();
  const id = textOf(found?.['name']).replace(/^.*\//, '');
  const [first] = planned;
  return [
    'Functions, and when they run next',
    ...planned.map(({ kind, name }) => `  ${kind.padEnd(width)}  ${nextOf(kind)}  ${uriOf(name)}`),
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
