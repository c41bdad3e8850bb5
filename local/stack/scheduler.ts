/** Calls the functions as Cloud Scheduler would: one job a function and schedule. */
import { Cron } from 'croner';
import { timestamp } from '../../shared/clock';
import type { Config, Target } from '../../shared/config/config';
import type { RunReport } from '../../shared/result';
import { callFunction } from './call';
import { groupBy } from '../../shared/group';

/** One job: what it calls, when, and for which targets. */
export interface Job {
  readonly name: string;
  readonly kind: string;
  readonly schedule: string;
  /** Counts the jobs of one function. */
  readonly shard: number;
  readonly targets: readonly Target[];
}

/** What the scheduler calls, and whom it tells. */
export interface SchedulerOptions {
  readonly jobs: readonly Job[];
  readonly url: (kind: string) => string;
  readonly onReport: (job: Job, report: RunReport) => void;
  readonly onProblem: (job: Job, message: string) => void;
}

/** A running scheduler. */
export interface Scheduler {
  /** No job begins any more. */
  readonly stop: () => void;
}

// What Cloud Scheduler takes for HTTP targets where nothing is said (Cloud Scheduler, REST reference, "attemptDeadline").
const attemptDeadlineMs = 180_000;

export function jobsOf({ targets, environment }: Pick<Config, 'targets' | 'environment'>): Job[] {
  return [...groupBy(targets, ({ kind }) => kind)].flatMap(([kind, ofKind]) =>
    [...groupBy(ofKind, ({ schedule }) => schedule)].map(([schedule, scheduled], shard) => ({
      name: `synthetics-${environment}-${kind}-${shard}`,
      kind,
      schedule,
      shard,
      targets: scheduled,
    })),
  );
}

/** Runs every job once now, and from then on by its schedule (UTC). While a run of a job lasts, its next one is left out. */
export function startScheduler({ jobs, url, onReport, onProblem }: SchedulerOptions): Scheduler {
  const run = async (job: Job, scheduledAt: Date): Promise<void> => {
    try {
      const report = await callFunction(url(job.kind), {
        body: { targets: job.targets.map(({ name }) => name), shard: job.shard },
        headers: {
          'X-CloudScheduler': 'true',
          'X-CloudScheduler-JobName': job.name,
          'X-CloudScheduler-ScheduleTime': timestamp(scheduledAt.getTime()),
        },
        deadlineMs: attemptDeadlineMs,
      });
      onReport(job, report);
    } catch (error) {
      onProblem(job, error instanceof Error ? error.message : String(error));
    }
  };
  const crons = jobs.map((job) => {
    const cron: Cron = new Cron(job.schedule, { timezone: 'UTC', protect: true }, () => run(job, cron.currentRun() ?? new Date()));
    void cron.trigger();
    return cron;
  });
  return { stop: () => crons.forEach((cron) => cron.stop()) };
}
