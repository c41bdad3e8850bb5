/** Stage: the Cloud Scheduler jobs that call the functions. */
import type { JobPlan } from '../../plan/plan';
import { decide, tell, type Found } from '../compare';
import { describedBy, digest, readDescription } from '../fingerprint';
import { objectOf, textOf, type Document } from '../google';
import { words, type Stage, type Step } from '../step';
import { common, ForeignError, type Surroundings } from '../surroundings';
import { keptOf } from './apis';
import { readFunctions } from './functions';

/** @returns every job of the region by its short name. */
export async function readJobs({ plan, google }: Surroundings, region = plan.region): Promise<ReadonlyMap<string, Document>> {
  const found = await google.list('cloudscheduler', `v1/projects/${plan.project}/locations/${region}/jobs`, 'jobs');
  return new Map(found.map((job) => [textOf(job['name']).replace(/^.*\//, ''), job]));
}

/** @returns the planned jobs that this deployment is about. */
export function jobsOf({ plan, only }: Surroundings): readonly JobPlan[] {
  return plan.jobs.filter(({ kind }) => !only || only.includes(kind));
}

/** @returns whether a job is ours: its name and its description say so. */
export function isOurJob({ names }: Surroundings, job: Document): boolean {
  const id = textOf(job['name']).replace(/^.*\//, '');
  return id.startsWith(names.prefix) && textOf(job['description']).startsWith(names.marker);
}

function plannedFields(job: JobPlan, uri: string): Document {
  return {
    description: job.description,
    schedule: job.schedule,
    timeZone: job.timeZone,
    state: 'ENABLED',
    uri,
    audience: uri,
    account: job.account,
    method: 'POST',
    contentType: 'application/json',
    body: job.body,
    attemptDeadlineSeconds: job.attemptDeadlineSeconds,
    retries: 0,
  };
}

function foundOf(job: Document): Found {
  const target = objectOf(job['httpTarget']);
  const token = objectOf(target['oidcToken']);
  const { description, fingerprint } = readDescription(textOf(job['description']));
  const headers = Object.entries(objectOf(target['headers']));
  return {
    fields: {
      description,
      schedule: textOf(job['schedule']),
      timeZone: textOf(job['timeZone']),
      state: textOf(job['state']) || 'ENABLED',
      uri: textOf(target['uri']).replace(/\/$/, ''),
      audience: textOf(token['audience']).replace(/\/$/, ''),
      account: textOf(token['serviceAccountEmail']),
      method: textOf(target['httpMethod']) || 'POST',
      contentType: textOf(headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]),
      body: Buffer.from(textOf(target['body']), 'base64').toString(),
      attemptDeadlineSeconds: Number.parseFloat(textOf(job['attemptDeadline'])),
      retries: Number(objectOf(job['retryConfig'])['retryCount'] ?? 0),
    },
    fingerprint,
  };
}

/** @returns the steps of the stage. @throws ForeignError */
export async function jobs(around: Surroundings): Promise<Stage> {
  const [present, functions] = await Promise.all([readJobs(around), readFunctions(around)]);
  const lanes = jobsOf(around).map((planned) => {
    const job = present.get(planned.name);
    if (job && !isOurJob(around, job))
      throw new ForeignError(
        `The Scheduler job ${planned.name} exists and is not ours (its description does not begin with "${around.names.marker}").`,
      );
    const uri = textOf(objectOf(functions.get(planned.function)?.['serviceConfig'])['uri']);
    if (uri === '' && around.workFolder !== undefined)
      throw new Error(`The function ${planned.function} has no address yet: run it again.`);
    return laneOf(around, planned, uri || `<address of ${planned.function}>`, job);
  });
  return { steps: lanes.flat(), kept: keptOf(lanes.filter((steps) => steps.length === 0).length), notes: [] };
}

function laneOf(around: Surroundings, planned: JobPlan, uri: string, job: Document | undefined): readonly Step[] {
  const fields = plannedFields(planned, uri);
  const decision = decide(fields, job && foundOf(job));
  if (decision.action === 'keep') return [];
  const ending = [`--location=${around.plan.region}`, ...common(around), '--format=none'];
  const isNew = decision.action === 'create';
  const main: Step = {
    title: `Scheduler job ${planned.name}: ${isNew ? 'create' : 'update'}`,
    lane: planned.name,
    command: {
      gcloud: [
        ...words('scheduler', 'jobs', isNew ? 'create' : 'update', 'http', planned.name),
        ...words(`--schedule=${planned.schedule}`, `--time-zone=${planned.timeZone}`, `--uri=${uri}`, '--http-method=POST'),
        ...words(`--${isNew ? '' : 'update-'}headers=Content-Type=application/json`, `--message-body=${planned.body}`),
        ...words(`--oidc-service-account-email=${planned.account}`, `--oidc-token-audience=${uri}`),
        ...words(`--attempt-deadline=${planned.attemptDeadlineSeconds}s`, '--max-retry-attempts=0'),
        ...words(`--description=${describedBy(planned.description, digest(fields))}`, ...ending),
      ],
    },
    ...(decision.action === 'changed' && { takesBack: tell(decision.differences) }),
  };
  const isPaused = job !== undefined && textOf(job['state']) === 'PAUSED';
  const resume: Step = {
    title: `Scheduler job ${planned.name}: resume`,
    lane: planned.name,
    command: { gcloud: ['scheduler', 'jobs', 'resume', planned.name, ...ending] },
    followsUp: true,
  };
  return isPaused ? [main, resume] : [main];
}
