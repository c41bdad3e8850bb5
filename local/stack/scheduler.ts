/** Calls the functions as Cloud Scheduler would: one job a function and schedule. */
import { Cron } from 'croner';
import { timestamp } from '../../shared/clock';
import type { PlanContext } from '../../deploy/plan/plan';
import type { Target } from '../../shared/config/config';
import type { RunReport } from '../../shared/result';
import { ask, type Call, callFunction, refusalOf } from './call';

/** One job: what it calls, and when. */
export interface Job {
  readonly name: string;
  /** The function. */
  readonly kind: string;
  readonly schedule: string;
  /** Counts the jobs of one function. */
  readonly shard: number;
}

/** A job of a kind's function, and its targets. */
export interface ProbeJob extends Job {
  readonly targets: readonly Target[];
}

/** What the scheduler calls, and whom it tells. */
export interface SchedulerOptions {
  readonly jobs: readonly ProbeJob[];
  /** Jobs of functions without targets; they have to answer with a status below 400. */
  readonly others: readonly Job[];
  readonly url: (kind: string) => string;
  readonly onReport: (job: ProbeJob, report: RunReport) => void;
  readonly onProblem: (job: Job, targets: readonly Target[], message: string) => void;
}

/** A running scheduler. */
export interface Scheduler {
  /** No job begins any more. */
  readonly stop: () => void;
  /** Resolves when every job has ended once, well or not. */
  readonly firstRound: Promise<void>;
}

// What Cloud Scheduler takes for HTTP targets where nothing is said (Cloud Scheduler, REST reference, "attemptDeadline").
const attemptDeadlineMs = 180_000;

/** @returns the jobs that a deployment would make: those of functions with targets, and the others. */
export function jobsOf({
  config,
  names,
  shards,
}: Pick<PlanContext, 'config' | 'names' | 'shards'>): Pick<SchedulerOptions, 'jobs' | 'others'> {
  const all = shards.map(({ kind, schedule, shard, targets: wanted }): ProbeJob => ({
    name: names.job(kind, shard),
    kind,
    schedule,
    shard,
    targets: config.targets.filter(({ name }) => wanted.includes(name)),
  }));
  return { jobs: all.filter(({ targets }) => targets.length > 0), others: all.filter(({ targets }) => targets.length === 0) };
}

/** Runs every job once now, and from then on by its schedule (UTC). While a run of a job lasts, its next one is left out. */
export function startScheduler({ jobs, others, url, onReport, onProblem }: SchedulerOptions): Scheduler {
  const callOf = (job: Job, body: object, scheduledAt: Date): Call => ({
    body,
    headers: {
      'X-CloudScheduler': 'true',
      'X-CloudScheduler-JobName': job.name,
      'X-CloudScheduler-ScheduleTime': timestamp(scheduledAt.getTime()),
    },
    deadlineMs: attemptDeadlineMs,
  });
  const probe = async (job: ProbeJob, scheduledAt: Date): Promise<void> => {
    const body = { targets: job.targets.map(({ name }) => name), shard: job.shard };
    onReport(job, await callFunction(url(job.kind), callOf(job, body, scheduledAt)));
  };
  const serve = async (job: Job, scheduledAt: Date): Promise<void> => {
    const answered = await ask(url(job.kind), callOf(job, {}, scheduledAt));
    if (answered.status >= 400) throw refusalOf(answered);
  };
  const start = (job: Job, targets: readonly Target[], run: (scheduledAt: Date) => Promise<void>): Cron =>
    new Cron(job.schedule, { timezone: 'UTC', protect: true }, (cron: Cron) =>
      run(cron.currentRun() ?? new Date()).catch((error: unknown) =>
        onProblem(job, targets, error instanceof Error ? error.message : String(error)),
      ),
    );
  const crons = [
    ...jobs.map((job) => start(job, job.targets, (at) => probe(job, at))),
    ...others.map((job) => start(job, [], (at) => serve(job, at))),
  ];
  const firstRound = Promise.all(crons.map((cron) => cron.trigger())).then(() => undefined);
  return { stop: () => crons.forEach((cron) => cron.stop()), firstRound };
}
