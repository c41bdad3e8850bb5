/** Carries out the attempts of Cloud Scheduler's jobs. */
import { Cron } from 'croner';
import type { Collection } from './collection';
import { identityToken } from './front-end';
import type { FrontEnd } from './front-end';
import { secondsOf } from './job-rules';
import type { RunService } from './run-services';
import type { SchedulerJob } from './scheduler';

/** One attempt that was made. */
export interface Attempt {
  /** Full name. */
  readonly job: string;
  /** HTTP status of the answer; 0 where nothing answers at the job's address. */
  readonly status: number;
  readonly body: string;
}

/** The attempts of all jobs. */
export interface Attempts {
  readonly made: readonly Attempt[];
  /** Runs a job now. */
  readonly start: (job: SchedulerJob, scheduledAt?: Date) => void;
  /** Runs every enabled job whose schedule names this minute. */
  readonly tick: (minute: Date) => void;
  /** Resolves once no attempt is under way. */
  readonly settled: () => Promise<void>;
}

export interface AttemptsOptions {
  readonly jobs: () => Collection<SchedulerJob>;
  /** Finds the service of an address. */
  readonly serviceOf: (uri: URL) => RunService | undefined;
  readonly frontEnd: FrontEnd;
  readonly timestamp: () => string;
}

/** google.rpc.Code by HTTP status, as a job's status tells it. */
const codes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 500: 13, 503: 14, 504: 4 };

/** No attempts yet. */
export function createAttempts({ jobs, serviceOf, frontEnd, timestamp }: AttemptsOptions): Attempts {
  const made: Attempt[] = [];
  const running = new Set<Promise<void>>();

  const send = async ({ name, httpTarget, attemptDeadline }: SchedulerJob, scheduledAt?: Date): Promise<Attempt> => {
    const url = new URL(httpTarget.uri);
    const service = serviceOf(url);
    if (!service) return { job: name, status: 0, body: `Nothing answers at ${url.href}` };
    const { oidcToken } = httpTarget;
    const late = new Promise<undefined>((fulfil) => {
      setTimeout(() => fulfil(undefined), secondsOf(attemptDeadline) * 1000).unref();
    });
    const called = frontEnd.call(
      service,
      {
        method: httpTarget.httpMethod,
        path: `${url.pathname}${url.search}`,
        headers: {
          'content-type': 'application/octet-stream',
          ...Object.fromEntries(Object.entries(httpTarget.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
          'user-agent': 'Google-Cloud-Scheduler',
          'x-cloudscheduler': 'true',
          'x-cloudscheduler-jobname': name.split('/').at(-1) ?? '',
          ...(scheduledAt && { 'x-cloudscheduler-scheduletime': scheduledAt.toISOString().replace('.000', '') }),
          ...(oidcToken && {
            authorization: `Bearer ${identityToken(oidcToken.serviceAccountEmail, oidcToken.audience ?? httpTarget.uri)}`,
          }),
        },
        body: Buffer.from(httpTarget.body ?? '', 'base64'),
      },
      'inside',
    );
    const answer = await Promise.race([called, late]);
    return answer
      ? { job: name, status: answer.status, body: answer.body.toString() }
      : { job: name, status: 504, body: 'DEADLINE_EXCEEDED' };
  };

  const carryOut = async (job: SchedulerJob, scheduledAt?: Date): Promise<void> => {
    const lastAttemptTime = timestamp();
    const attempt = await send(job, scheduledAt).catch((error: unknown): Attempt => ({ job: job.name, status: 0, body: String(error) }));
    made.push(attempt);
    const present = jobs().find(job.name);
    const isWell = attempt.status >= 200 && attempt.status < 300;
    if (present) jobs().put({ ...present, lastAttemptTime, status: isWell ? {} : { code: codes[attempt.status] ?? 2 } });
  };

  const start: Attempts['start'] = (job, scheduledAt) => {
    const attempt = carryOut(job, scheduledAt).finally(() => running.delete(attempt));
    running.add(attempt);
  };

  return {
    made,
    start,
    tick(minute) {
      for (const job of jobs().all()) {
        if (job.state === 'ENABLED' && new Cron(job.schedule, { timezone: job.timeZone, mode: '5-part', paused: true }).match(minute)) {
          start(job, minute);
        }
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
