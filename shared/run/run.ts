/** One run: the selected targets' secrets, then the targets some at a time, then what they add up to. */
import { monotonic, timestamp } from '../clock';
import type { Cloud } from '../cloud/cloud';
import { shareOfPeriod } from '../config/budget';
import type { Config, Target } from '../config/config';
import { countOutcomes, roundMs, verdictOf, type Result, type RunReport, type Trigger } from '../result';
import { fetchSecrets, prepare, type Vault } from '../secrets/fetch';
import type { Redactor } from '../secrets/redactor';
import { Fault } from '../fault';
import type { Endpoint, RunFacts } from '../probe';
import type { Runnable } from './attempt';
import { refusalOf } from '../dial/dial';
import { runTarget } from './confirm';
import type { WarmUp } from './warm-up';
import { watchLoop } from './loop-watch';

/** What the caller asked for, checked. */
export interface RunRequest {
  readonly runId: string;
  readonly function: string;
  readonly targets: readonly Target[];
  readonly trigger: Trigger;
  readonly shard: number;
  /** Overrides the configured confirmation. */
  readonly attempts?: number;
}

/** What the instance runs with. */
export interface RunOptions {
  readonly config: Config;
  /** A kind with its code. */
  readonly runnable: (kind: string) => Runnable;
  readonly cloud: Cloud;
  /** Milliseconds after which the platform gives up on the whole request. */
  readonly requestTimeoutMs?: number;
  /** Learns the run's secrets. */
  readonly redactor: Redactor;
  /** Told each result as soon as it is there, in the order of completion. */
  readonly onResult: (result: Result) => void;
  /** Waits for the network of a new instance; undefined where there is nothing to wait for. */
  readonly warmUp?: WarmUp;
}

/** What is known when every target is done: the report but for its telemetry. */
export interface RunOutcome {
  readonly report: Omit<RunReport, 'telemetry' | 'version' | 'coldStart'>;
  readonly loopDelayMs: number;
}

/** Kept free of the platform's limit for telemetry and the answer. */
const reserveMs = 15_000;

/**
 * @param begun when the request came, and `now` when its secrets are there and its network answers; on the monotonic clock.
 * @returns when the last attempt at the targets has to be over: in time for the next run, and for the platform's limit.
 */
export function runEnd(targets: readonly Target[], begun: number, now: number, requestTimeoutMs = Infinity): number {
  const byPeriod = Math.max(...targets.map(({ periodMs }) => periodMs * shareOfPeriod));
  return Math.min(now + byPeriod, begun + Math.max(requestTimeoutMs - reserveMs, requestTimeoutMs / 2));
}

/** Carries a run out. Never throws for what a target, a secret or an API does. */
export async function run(request: RunRequest, options: RunOptions): Promise<RunOutcome> {
  const startedAt = timestamp();
  const begun = monotonic();
  const { config, cloud, redactor } = options;
  const secretManager = (): ReturnType<Cloud['secretManager']> => cloud.secretManager();
  await options.warmUp?.api();
  const vault = await fetchSecrets(
    request.targets.flatMap(({ secrets }) => secrets),
    secretManager,
    redactor,
  );
  await options.warmUp?.network(privateEndpoints(request.targets, options, vault));
  const facts: RunFacts = {
    runId: request.runId,
    project: config.project,
    region: config.region,
    environment: config.environment,
    forbiddenHosts: config.forbiddenHosts,
  };
  const endsAt = runEnd(request.targets, begun, monotonic(), options.requestTimeoutMs);
  const loop = watchLoop();
  const one = (target: Target): Promise<Result> =>
    runTarget({
      runnable: options.runnable(target.kind),
      target,
      run: facts,
      cloud,
      allowLinkLocal: config.allowLinkLocal,
      loop,
      vault,
      refetch: (limitMs) => fetchSecrets(target.secrets, secretManager, redactor, limitMs),
      redactor,
      attempts: request.attempts ?? target.confirm.attempts,
      endsAt,
    });
  try {
    const results = await runAll(request.targets, config.concurrency, one, options.onResult);
    return {
      report: { ...reportOf(request, config, results), startedAt, durationMs: roundMs(monotonic() - begun) },
      loopDelayMs: roundMs(loop.longestMs()),
    };
  } finally {
    loop.stop();
  }
}

/** @returns where the targets inside the VPC lead; those whose secrets are not to be had are left out. */
function privateEndpoints(targets: readonly Target[], { runnable, config }: RunOptions, vault: Vault): Endpoint[] {
  return targets
    .filter((target) => !target.public)
    .flatMap((target) => {
      const prepared = prepare(target, vault);
      const endpoints = prepared instanceof Fault ? [] : runnable(target.kind).kind.endpoints(prepared.spec as never);
      // What a probe would refuse to dial is no measure of the network, and not to be dialled here either.
      return endpoints.filter((to) => refusalOf(to, config) === undefined);
    });
}

/** @returns the results in the order of the targets. */
async function runAll(
  targets: readonly Target[],
  concurrency: number,
  one: (target: Target) => Promise<Result>,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = targets.entries();
  const work = async (): Promise<void> => {
    for (const [index, target] of waiting) {
      const result = await one(target);
      results[index] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, targets.length) }, work));
  return results;
}

function reportOf(request: RunRequest, config: Config, results: readonly Result[]): Omit<RunOutcome['report'], 'startedAt' | 'durationMs'> {
  return {
    runId: request.runId,
    function: request.function,
    configHash: config.hash,
    environment: config.environment,
    trigger: request.trigger,
    shard: request.shard,
    verdict: verdictOf(results),
    counts: countOutcomes(results),
    results,
  };
}
