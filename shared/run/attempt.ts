/** One attempt at one target: what the probe found within its time, judged. */
import { timestamp } from '../clock';
import type { Cloud } from '../cloud/cloud';
import type { Target } from '../config/config';
import { describe, Fault, isFault } from '../fault';
import type { AnyProbe, Kind, RunFacts } from '../probe';
import { isMonitors } from '../reasons';
import type { Finding, Outcome, Phase, Seen } from '../result';
import type { Prepared } from '../secrets/fetch';
import { createContext, newNotes, phaseTimes, trackSockets, type Warning } from './context';
import { startDeadline } from './deadline';
import { judge, type Judgement } from './judge';
import type { LoopWatch } from './loop-watch';

/** A kind with its code. */
export interface Runnable {
  readonly kind: Kind;
  readonly probe: AnyProbe;
}

/** What an attempt is made with. */
export interface AttemptOptions {
  readonly runnable: Runnable;
  readonly target: Target;
  readonly prepared: Prepared;
  readonly run: RunFacts;
  readonly cloud: Cloud;
  readonly allowLinkLocal: readonly string[];
  readonly loop: LoopWatch;
  readonly capture: (value: string) => void;
  readonly redact: (text: string, isCut?: boolean) => string;
}

/** How an attempt ended. */
export interface Attempt extends Seen {
  readonly warnings: readonly Warning[];
  readonly outcome: Outcome;
  readonly fault: Fault | null;
  readonly phase: Phase | null;
}

/** Makes the attempt; never throws, and ends at the latest with the target's timeout, whatever the probe does. */
export async function attempt(options: AttemptOptions): Promise<Attempt> {
  const { runnable, target, prepared, loop } = options;
  const startedAt = timestamp();
  const notes = newNotes();
  const deadline = startDeadline(
    target.timeoutMs,
    loop,
    () => notes.reached,
    () => notes.lookup?.isWaiting() ?? false,
  );
  const sockets = trackSockets(deadline.signal);
  const context = createContext(
    {
      ...options,
      target: target.name,
      probe: runnable.probe,
      expect: prepared.expect ?? {},
      referenced: prepared.referenced,
      deadline,
      sockets,
    },
    notes,
  );
  const end = (outcome: Outcome, fault: Fault | null): Attempt => ({
    outcome,
    fault,
    phase: fault ? notes.reached : null,
    startedAt,
    durationMs: deadline.elapsed(),
    phases: phaseTimes(notes),
    observed: { ...notes.observed },
    warnings: [...notes.warnings],
    findings: [...notes.findings],
  });
  try {
    const evidence = await Promise.race([runnable.probe.run(prepared.spec as never, context), deadline.expired]);
    const ended = end('success', null);
    const judgement = judge(prepared, runnable.kind.conditions, evidence, ended.observed, ended.durationMs);
    return settle(ended, judgement, notes.reached);
  } catch (error) {
    // A fault carries its reason wherever it was thrown; anything else that was thrown outside of a phase is our own doing.
    const fault = isFault(error) ? error : new Fault('internal', describe(error).message, { cause: error });
    return end(isMonitors(fault.reason) ? 'unknown' : 'failure', fault);
  } finally {
    deadline.end();
    sockets.destroy();
  }
}

const faultOf = ({ reason, message }: Omit<Finding, 'outcome'>, more: number): Fault =>
  new Fault(reason ?? 'internal', more > 0 ? `${message} (and ${more} more)` : message);
const degraded = (finding: Omit<Finding, 'outcome'>): Finding => ({ ...finding, outcome: 'degraded' });

/** Adds up findings, conditions and warnings of a probe that came to its end. */
function settle(ended: Attempt, { failures, warnings: unmet }: Judgement, phase: Phase | null): Attempt {
  const { findings } = ended;
  const warnings = [...ended.warnings, ...findings.filter(({ outcome }) => outcome === 'degraded'), ...unmet.map(degraded)];
  const failed = [...findings.filter(({ outcome }) => outcome === 'failure'), ...failures];
  if (failed[0]) return { ...ended, outcome: 'failure', fault: faultOf(failed[0], failed.length - 1), phase, warnings };
  const unknown = findings.filter(({ outcome }) => outcome === 'unknown');
  if (unknown[0]) return { ...ended, outcome: 'unknown', fault: faultOf(unknown[0], unknown.length - 1), phase, warnings };
  return warnings.length > 0 ? { ...ended, outcome: 'degraded', phase, warnings } : ended;
}
