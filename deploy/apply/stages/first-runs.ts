/** Stage: every job that has not run since it, or its function, was last deployed is run now, so that its first verdict is seen. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobPlan } from '../../plan/plan';
import { objectOf, textOf, type Document } from '../google';
import { ingestionMs, jobKey, readHeartbeats } from '../heartbeats';
import type { Stage } from '../step';
import { common, type Surroundings } from '../surroundings';
import { keptOf } from './apis';
import { jobsOf, readJobs } from './jobs';
import { readFunctions } from './functions';

/** Further back nobody looks: a job that rare is run again by each deployment. */
const longestMs = 24 * 3_600_000;

/** @returns how long a job may be silent without anything being wrong. */
export function silenceMs({ periodMs, budgetMs }: JobPlan): number {
  return Math.min(longestMs, 2 * periodMs + budgetMs + ingestionMs);
}

/** What is waited for. */
export interface Awaited {
  /** The servers' clock when the runs were asked for, milliseconds since 1970. */
  readonly sinceMs: number;
  /** By `jobKey`. */
  readonly jobs: readonly string[];
  /** From when on what the targets wrote is of interest. */
  readonly lookBackMs: number;
}

const fileName = 'awaited.json';

/** @returns what the stage left to wait for; nothing where it was not needed. */
export function recallAwaited(around: Surroundings, folder: string): Awaited {
  const file = join(folder, fileName);
  const nowMs = around.google.now();
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Awaited)
    : { sinceMs: nowMs, jobs: [], lookBackMs: lookBackOf(around) };
}

function lookBackOf(around: Surroundings): number {
  return around.google.now() - Math.max(0, ...jobsOf(around).map(silenceMs));
}

/** @returns the steps of the stage; what is then to be waited for is kept in the work folder. */
export async function firstRuns(around: Surroundings): Promise<Stage> {
  const { google, plan, workFolder } = around;
  const planned = jobsOf(around);
  const nowMs = google.now();
  const lookBackMs = lookBackOf(around);
  const [functions, jobs, heartbeats] = await Promise.all([readFunctions(around), readJobs(around), readHeartbeats(around, lookBackMs)]);
  const hasRun = (job: JobPlan): boolean => {
    const changes = [changeOf(functions.get(job.function), 'updateTime'), changeOf(jobs.get(job.name), 'userUpdateTime')];
    return (heartbeats.get(jobKey(job)) ?? 0) > Math.max(nowMs - silenceMs(job), ...changes);
  };
  const isPaused = ({ name }: JobPlan): boolean => textOf(objectOf(jobs.get(name))['state']) === 'PAUSED';
  const waiting = planned.filter((job) => !isPaused(job) && !hasRun(job));
  if (workFolder !== undefined) {
    // The servers' clock is known to the second.
    const awaited: Awaited = { sinceMs: nowMs - 1000, jobs: waiting.map(jobKey), lookBackMs };
    writeFileSync(join(workFolder, fileName), JSON.stringify(awaited));
  }
  return {
    steps: waiting.map(({ name }) => ({
      title: `Scheduler job ${name}: run now`,
      lane: name,
      command: { gcloud: ['scheduler', 'jobs', 'run', name, `--location=${plan.region}`, ...common(around), '--format=none'] },
    })),
    kept: keptOf(planned.length - waiting.length).replace('as planned', 'have run since'),
    notes: planned.filter(isPaused).map(({ name }) => `The Scheduler job ${name} is paused.`),
  };
}

function changeOf(resource: Document | undefined, field: string): number {
  const time = Date.parse(textOf(resource?.[field]));
  return Number.isNaN(time) ? 0 : time;
}
