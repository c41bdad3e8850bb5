/** Cloud Scheduler: jobs, and their attempts, which are real HTTP requests. */
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { checkJob } from './job-rules';
import { masked } from './mask';
import { ApiError, objectOf, part, route } from './rest';
import type { Api, Call, Document } from './rest';
import type { World } from './world';

/** A job as the API answers it. */
export interface SchedulerJob extends Named {
  readonly description?: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly state: 'ENABLED' | 'PAUSED' | 'DISABLED';
  readonly userUpdateTime: string;
  readonly lastAttemptTime?: string;
  /** Empty after a success. */
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attemptDeadline: string;
  readonly retryConfig?: Document;
  readonly httpTarget: {
    readonly uri: string;
    readonly httpMethod: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** base64. */
    readonly body?: string;
    readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience?: string };
  };
}

/** The API and the jobs, by their full name. */
export interface Scheduler {
  readonly api: Api;
  readonly jobs: Collection<SchedulerJob>;
}

/** @param attempt is told each job that is to run now. */
export function createScheduler(world: World, accountExists: (email: string) => boolean, attempt: (job: SchedulerJob) => void): Scheduler {
  const { project, timestamp } = world;
  const jobs = createCollection<SchedulerJob>({ missing: () => 'Job not found.', present: (name) => `Job ${name} already exists.` });
  const parentOf = (call: Call): string => `projects/${project}/locations/${part(call, 'location')}/jobs`;
  const nameOf = (call: Call): string => `${parentOf(call)}/${part(call, 'job')}`;
  const jobPath = '/v1/projects/{project}/locations/{location}/jobs/{job}';

  const check = (job: SchedulerJob): SchedulerJob => {
    checkJob(job);
    const account = job.httpTarget.oidcToken?.serviceAccountEmail;
    if (account !== undefined && !accountExists(account)) {
      throw new ApiError(
        403,
        `The principal lacks IAM permission "iam.serviceAccounts.actAs" for the resource "${account}" (or the resource may not exist).`,
      );
    }
    return job;
  };
  const completed = (sent: Document): SchedulerJob =>
    check({
      timeZone: 'UTC',
      attemptDeadline: '180s',
      state: 'ENABLED',
      userUpdateTime: timestamp(),
      ...sent,
      httpTarget: { httpMethod: 'POST', ...objectOf(sent['httpTarget']) },
    } as unknown as SchedulerJob);
  const turn = (call: Call, state: SchedulerJob['state']): SchedulerJob => jobs.put({ ...jobs.get(nameOf(call)), state });

  const api: Api = {
    name: 'cloudscheduler',
    routes: [
      route('GET', '/v1/projects/{project}/locations', () => ({
        locations: [{ name: `projects/${project}/locations/us-central1`, locationId: 'us-central1' }],
      })),
      route('GET', '/v1/projects/{project}/locations/{location}/jobs', (call) =>
        pageOf(
          jobs.all().filter(({ name }) => name.startsWith(`${parentOf(call)}/`)),
          'jobs',
          call,
          500,
        ),
      ),
      route('POST', '/v1/projects/{project}/locations/{location}/jobs', (call) => jobs.add(completed(call.body))),
      route('GET', jobPath, (call) => jobs.get(nameOf(call))),
      route('PATCH', jobPath, (call) => {
        const present = jobs.get(nameOf(call));
        const changed = masked(present, call.body, call.query['updateMask'] ?? '');
        return jobs.put(completed({ ...changed, name: present.name, userUpdateTime: timestamp() }));
      }),
      route('DELETE', jobPath, (call) => {
        jobs.remove(nameOf(call));
        return {};
      }),
      route('POST', `${jobPath}:pause`, (call) => turn(call, 'PAUSED')),
      route('POST', `${jobPath}:resume`, (call) => turn(call, 'ENABLED')),
      route('POST', `${jobPath}:run`, (call) => {
        const job = jobs.get(nameOf(call));
        attempt(job);
        return job;
      }),
    ],
  };
  return { api, jobs };
}
