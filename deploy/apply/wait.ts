/** Waits for the heartbeats of the first runs, and shows how the targets are. */
import { monotonic, pause } from '../../shared/clock';
import type { JobPlan } from '../plan/plan';
import { ingestionMs, jobKey, readHeartbeats, readTargets, type TargetState } from './heartbeats';
import { jobsOf } from './stages/jobs';
import { recallAwaited, silenceMs } from './stages/first-runs';
import type { Surroundings } from './surroundings';
import { verdictLines } from './verdicts';

const firstPollMs = 1000;
const slowestPollMs = 10_000;
/** A new instance has to start before it runs. */
const startUpMs = 60_000;

/** What came of waiting. */
export interface Waited {
  readonly lines: readonly string[];
  /** Whether every job has written its heartbeat. */
  readonly complete: boolean;
}

/** @param tell is told, now and then, how far it is; empty: it is over. */
export async function waitForRuns(around: Surroundings, folder: string, tell: (progress: string) => void): Promise<Waited> {
  const awaited = recallAwaited(around, folder);
  const jobs = jobsOf(around);
  const longestMs = Math.max(0, ...jobs.map(({ budgetMs }) => budgetMs)) + startUpMs + ingestionMs + 60_000;
  const began = monotonic();
  const silent = new Set(awaited.jobs);
  // Of a target that was just run only what it wrote since counts: before, it may have been another deployment's. And of no target
  // what is older than its schedule allows.
  const oldestOf = (job: JobPlan): number => (silent.has(jobKey(job)) ? awaited.sinceMs : around.google.now() - silenceMs(job));
  const oldest = new Map(jobs.flatMap((job) => job.targets.map((name) => [name, oldestOf(job)] as const)));
  const readStates = async (): Promise<readonly TargetState[]> =>
    (await readTargets(around, awaited.lookBackMs)).filter(({ target, atMs }) => atMs >= (oldest.get(target) ?? Infinity));
  for (let pollMs = firstPollMs; silent.size > 0; pollMs = Math.min(slowestPollMs, pollMs * 1.5)) {
    const heartbeats = await readHeartbeats(around, awaited.sinceMs);
    for (const [job, atMs] of heartbeats) if (atMs >= awaited.sinceMs) silent.delete(job);
    const passed = monotonic() - began;
    if (silent.size === 0 || passed > longestMs) break;
    const left = `${awaited.jobs.length - silent.size} of ${awaited.jobs.length}`;
    tell(`waiting for heartbeats: ${left} after ${Math.round(passed / 1000)} s (at most ${Math.ceil(longestMs / 60_000)} min)`);
    await pause(pollMs);
  }
  let states = await readStates();
  const heardOf = (job: JobPlan): boolean => job.targets.every((name) => states.some(({ target }) => target === name));
  const due = jobs.filter((job) => awaited.jobs.includes(jobKey(job)) && !silent.has(jobKey(job)));
  // The points of targets may be seen later than the heartbeat.
  const heartbeatsIn = monotonic();
  for (
    let pollMs = firstPollMs;
    !due.every(heardOf) && monotonic() - heartbeatsIn < ingestionMs;
    pollMs = Math.min(slowestPollMs, pollMs * 1.5)
  ) {
    tell('waiting for what the targets wrote');
    await pause(pollMs);
    states = await readStates();
  }
  tell('');
  const lines = verdictLines(jobs, states, silent);
  const mute = jobs.filter((job) => silent.has(jobKey(job)));
  const hints = mute.map(
    ({ name, function: functionName }) =>
      `  ${name} wrote no heartbeat; why: gcloud functions logs read ${functionName} --region=${around.plan.region} --project=${around.plan.project}`,
  );
  return { lines: [...lines, ...hints], complete: mute.length === 0 };
}
