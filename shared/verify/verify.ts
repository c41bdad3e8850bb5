/** The sign-off after a fix: everything is run several times, judged, and one cause is named with its owner. */
import { monotonic, timestamp } from '../clock';
import type { Config, Target } from '../config/config';
import type { SliceHashes } from '../config/config-slice';
import type { Cause } from '../diagnose/diagnosis';
import type { Kind } from '../probe';
import { roundMs } from '../result';
import { version } from '../version';
import { callsOf } from './calls';
import type { FunctionCaller } from './caller';
import { causesOver } from './causes';
import { changesSince, type Baseline } from './changes';
import { declarationOf, type Declared } from './declaration';
import { differencesOf } from './differences';
import { isSettled, judge, type Case, type Ground } from './judge';
import { nextActionsFor } from './next-actions';
import type { Tell } from './progress';
import { runRounds, type RoundsDone } from './rounds';
import { compareVersions, secretsOf, versionsIn, type NewestVersions } from './secret-versions';
import { spreadOf, talliesOf, type Tally } from './tally';
import { causeOf, unreachedIn, unreachedText } from './unreached';
import type { CauseTold, TargetTold, Verification } from './verification';

/** What is asked for; what is absent is as the configuration says. */
export interface VerifyRequest {
  readonly rounds?: number;
  readonly intervalMs?: number;
  /** Undefined: all. */
  readonly targets?: readonly Target[];
  readonly baseline?: Baseline;
}

/** What a verification is carried out with. */
export interface VerifyOptions {
  readonly config: Config;
  /** Of the same configuration: what functions have that were given a part of it. */
  readonly slices: SliceHashes;
  /** Every kind there is. */
  readonly kinds: readonly Kind[];
  readonly caller: FunctionCaller;
  /** Looks the newest enabled versions of secrets up, by their full names; leaves out what it is not told. Default: nothing is known. */
  readonly newestVersions?: (secrets: readonly string[]) => Promise<NewestVersions>;
  /** Milliseconds that the whole may take. */
  readonly budgetMs: number;
  readonly tell?: Tell;
  /** Ends it early: nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** One round in numbers. */
export interface RoundTold {
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  readonly durationMs: number;
}

/** What the reports for people tell besides the answer. */
export interface Account {
  readonly environment: string;
  readonly asked: { readonly rounds: number; readonly intervalMs: number };
  readonly ending: RoundsDone['ending'];
  readonly rounds: readonly RoundTold[];
  readonly tallies: readonly Tally[];
  /** The causes in full. */
  readonly causes: readonly Cause[];
  readonly grounds: readonly Ground[];
  readonly declaration: readonly Declared[];
}

/** A verification that was carried out. */
export interface Verified {
  readonly answer: Verification;
  readonly account: Account;
}

/** What the platform gives a function where nothing is said: HTTP functions have an hour at most (Cloud Functions, "Quotas"). */
const longestSeconds = 3600;
/** Kept free for the secrets, the report and the answer. */
const reserveMs = 15_000;

/** @returns how long a verification may take within a function's timeout. */
export function budgetOf(timeoutSeconds = longestSeconds): number {
  const timeoutMs = timeoutSeconds * 1000;
  return Math.max(timeoutMs - reserveMs, timeoutMs / 2);
}

/**
 * Carries it out. Never throws for what a function does.
 * @throws the signal's reason
 */
export async function verify(request: VerifyRequest, options: VerifyOptions): Promise<Verified> {
  const startedAt = timestamp();
  const begun = monotonic();
  const { config, slices, kinds, caller, budgetMs, signal, tell = () => undefined } = options;
  const selected = request.targets ?? config.targets;
  const asked = { rounds: request.rounds ?? config.verify.rounds, intervalMs: request.intervalMs ?? config.verify.intervalMs };
  const { rounds, ending } = await runRounds({
    caller,
    environment: config.environment,
    calls: callsOf(config, selected),
    ...asked,
    endsAt: begun + budgetMs,
    isSettled: (done) => isSettled(talliesOf(selected, config, done), config.verify, asked.rounds),
    tell,
    signal,
  });
  const tallies = talliesOf(selected, config, rounds);
  // What surely fails needs no look at the secrets.
  const listed = ending === 'settled' ? new Map<string, string>() : await options.newestVersions?.(secretsOf(selected, config));
  const { outdated, kept } = compareVersions(config, tallies, listed ?? new Map());
  const unreached = unreachedIn(rounds);
  const done = rounds.filter(({ whole }) => whole).length;
  const differences = differencesOf(config, slices, rounds, tallies);
  const found: Case = {
    tallies,
    rules: config.verify,
    latencyMs: config.alerts.latencyMs,
    rounds: { asked: asked.rounds, done },
    unreached: unreached.map((each) => unreachedText(each, rounds.length)),
    differences: differences.unlike,
    outdated,
  };
  const { grounds, ...judgement } = judge(found);
  const causes = [...causesOver(tallies, config, kinds), ...unreached.map((each) => causeOf(each, tallies, rounds.length))];
  const blockers = new Map(causes.toReversed().flatMap(({ cause, blocks }) => blocks.map((name) => [name, cause] as const)));
  const isPart = request.targets !== undefined && selected.length < config.targets.length;
  const { verdict, overallStatus, criticalFailures, passRate, categories } = judgement;
  const answer: Verification = {
    verdict,
    overallStatus,
    criticalFailures,
    rounds: done,
    passRate,
    categories,
    causes: causes.map(causeTold),
    targets: tallies.map((tally) => targetTold(tally, blockers)),
    changes: [],
    nextActions: nextActionsFor({
      verdict,
      causes,
      tallies,
      kinds,
      config,
      differences: [...differences.unlike, ...differences.told],
      outdated,
      kept,
      rounds: found.rounds,
      ending,
      leftOut: isPart ? config.targets.length - selected.length : 0,
    }),
    runIds: rounds.flatMap(({ calls }) => calls.flatMap(({ outcome }) => (typeof outcome === 'string' ? [] : [outcome.runId]))),
    version,
    configHash: config.hash,
    startedAt,
    durationMs: roundMs(monotonic() - begun),
  };
  return {
    answer: request.baseline ? { ...answer, changes: changesSince(request.baseline, answer, isPart) } : answer,
    account: {
      environment: config.environment,
      asked,
      ending,
      rounds: rounds.map(({ durationMs }, index) => ({ ...numbersOf(tallies, index), durationMs })),
      tallies,
      causes,
      grounds,
      declaration: declarationOf(config.targets, kinds, tallies),
    },
  };
}

function causeTold({ cause, owner, confidence, evidence, blocks }: Cause): CauseTold {
  return { cause, owner, confidence, evidence, blocks };
}

function targetTold(
  { kind, target, severity, outcomes, latencies, results, functionVersion }: Tally,
  blockers: ReadonlyMap<string, string>,
): TargetTold {
  const secretVersions = versionsIn(results.findLast((result) => Object.keys(versionsIn(result)).length > 0));
  return {
    kind,
    target,
    severity,
    outcomes,
    latencyMs: spreadOf(latencies),
    blockedBy: blockers.get(target) ?? null,
    ...(Object.keys(secretVersions).length > 0 ? { secretVersions } : {}),
    ...(functionVersion === undefined || functionVersion === version ? {} : { functionVersion }),
  };
}

function numbersOf(tallies: readonly Tally[], round: number): Omit<RoundTold, 'durationMs'> {
  const outcomes = tallies.map((tally) => tally.outcomes[round]);
  const failed = outcomes.filter((outcome) => outcome === 'failure').length;
  const unknown = outcomes.filter((outcome) => outcome === 'unknown').length;
  return { passed: outcomes.length - failed - unknown, failed, unknown };
}
