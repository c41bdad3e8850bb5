/** One target in one run: its secrets put in place, its attempts, and the result that they add up to. */
import { monotonic, pause, timestamp } from '../clock';
import type { Target } from '../config/config';
import { Fault } from '../fault';
import { domainOf, ownerOf, reasons } from '../reasons';
import { roundMs, type Finding, type Observed, type PhaseTimes, type Result } from '../result';
import { keyOf, prepare, type Vault } from '../secrets/fetch';
import type { Redactor } from '../secrets/redactor';
import { attempt, type Attempt, type AttemptOptions } from './attempt';
import type { Warning } from './context';

/** What a target is run with. */
export interface TargetOptions extends Omit<AttemptOptions, 'prepared' | 'capture' | 'redact'> {
  readonly vault: Vault;
  /** Fetches the target's secrets afresh, within so many milliseconds. */
  readonly refetch: (limitMs: number) => Promise<Vault>;
  readonly redactor: Redactor;
  readonly attempts: number;
  /** On the monotonic clock: no attempt begins that could not end by then. */
  readonly endsAt: number;
}

function versionsOf(target: Target, vault: Vault): Observed {
  const versions = target.secrets.flatMap((reference) => {
    const fetched = vault.get(keyOf(reference));
    return fetched === undefined || fetched instanceof Fault ? [] : [[reference.secret, fetched.version] as const];
  });
  return versions.length > 0 ? { 'secret.versions': Object.fromEntries(versions) } : {};
}

/** @returns an attempt that never began. */
function untried(fault: Fault): Attempt {
  return {
    outcome: 'unknown',
    fault,
    phase: null,
    startedAt: timestamp(),
    durationMs: 0,
    phases: {},
    observed: {},
    warnings: [],
    findings: [],
  };
}

/** Runs a target: attempts until one does not fail, and one more where a secret was changed in the meantime. Never throws. */
export async function runTarget(options: TargetOptions): Promise<Result> {
  const { target, redactor, endsAt } = options;
  let { vault } = options;
  let prepared = prepare(target, vault);
  if (prepared instanceof Fault) return resultOf(options, [untried(prepared)], vault);
  if (monotonic() + target.timeoutMs > endsAt) {
    return resultOf(options, [untried(new Fault('prober_exhausted', "the run's time was over before this target's turn"))], vault);
  }
  const made: Attempt[] = [];
  let planned = options.attempts;
  let refetched = false;
  /** Milliseconds that are left before a further attempt has to begin. */
  const spareMs = (): number => endsAt - target.timeoutMs - target.confirm.intervalMs - monotonic();
  while (true) {
    const last = await attempt({ ...options, prepared, capture: redactor.learn, redact: redactor.redact });
    made.push(last);
    if (last.outcome !== 'failure') break;
    if (last.fault?.reason === 'credentials_rejected' && target.secrets.length > 0 && !refetched && spareMs() > 0) {
      refetched = true;
      const fresh = await options.refetch(spareMs());
      const renewed = prepare(target, fresh);
      if (
        !(renewed instanceof Fault) &&
        target.secrets.some((reference) => valueIn(fresh, keyOf(reference)) !== valueIn(vault, keyOf(reference)))
      ) {
        prepared = renewed;
        vault = fresh;
        planned += 1;
      }
    }
    if (made.length >= planned || spareMs() < 0) break;
    await pause(target.confirm.intervalMs);
  }
  return resultOf(options, made, vault);
}

function valueIn(vault: Vault, key: string): string | undefined {
  const fetched = vault.get(key);
  return fetched === undefined || fetched instanceof Fault ? undefined : fetched.value;
}

/** Servers cut what they echo, PostgreSQL after 63 bytes and Redis after 128; a text that is shorter is whole. */
const shortestCut = 63;

/** Adds the attempts up; texts that came from elsewhere, where they may have been cut, leave through the redactor. */
function resultOf({ target, redactor, runnable }: TargetOptions, attempts: readonly Attempt[], vault: Vault): Result {
  const first = attempts[0] ?? untried(new Fault('internal', 'no attempt was made'));
  const last = attempts.at(-1) ?? first;
  const cleanText = (message: string): string => redactor.redact(message, message.length >= shortestCut);
  const clean = ({ subject, outcome, reason, message, durationMs }: Finding): Finding => ({
    subject,
    outcome,
    reason,
    message: cleanText(message),
    durationMs: durationMs === null ? null : roundMs(durationMs),
  });
  const passedAgain = attempts.length > 1 && (last.outcome === 'success' || last.outcome === 'degraded');
  const again: Warning[] =
    passedAgain && first.fault
      ? [
          {
            subject: 'attempt 1',
            outcome: 'degraded',
            reason: first.fault.reason,
            message: first.fault.message,
            durationMs: first.durationMs,
            phase: first.phase,
            code: first.fault.code,
          },
        ]
      : [];
  const told = [...again, ...last.warnings];
  const warnings = told.map(clean);
  const outcome = passedAgain ? 'degraded' : last.outcome;
  const shown = outcome === 'degraded' ? warnings[0] : undefined;
  const reason = shown ? shown.reason : (last.fault?.reason ?? null);
  const source = passedAgain ? first : last;
  const where = (shown && told[0]?.phase) ?? source.phase;
  const code = shown ? told[0]?.code : source.fault?.code;
  return {
    kind: target.kind,
    target: target.name,
    severity: target.severity,
    outcome,
    reason,
    domain: reason && domainOf(reason),
    owner: reason && ownerOf(reason, runnable.kind.serviceOwner),
    phase: outcome === 'success' ? null : where,
    code: code === undefined ? null : redactor.redact(code),
    message: shown ? shown.message : last.fault ? cleanText(last.fault.message) : 'ok',
    hint: reason && (source.fault?.hint ?? reasons[reason].hint),
    startedAt: last.startedAt,
    durationMs: roundMs(last.durationMs),
    phases: Object.fromEntries(Object.entries(last.phases).map(([phase, ms]) => [phase, roundMs(ms)])) as PhaseTimes,
    observed: { ...cleanFacts(last.observed, redactor), ...versionsOf(target, vault) },
    warnings,
    findings: last.findings.map(clean),
    attempts: attempts.length,
    firstOutcome: first.outcome,
  };
}

function cleanFacts(observed: Observed, redactor: Redactor): Observed {
  return Object.fromEntries(Object.entries(observed).map(([key, fact]) => [key, typeof fact === 'string' ? redactor.redact(fact) : fact]));
}
