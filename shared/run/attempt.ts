/** One attempt at one target: the deadline, the phases, the connections, and how it ended. */
import type { Socket } from 'node:net';
import { monotonic, timestamp } from '../clock';
import type { Cloud } from '../cloud/cloud';
import type { Target } from '../config/config';
import type { Connection } from '../dial/connection';
import { dial, loss, lossFault, type Dialler } from '../dial/dial';
import { describe, Fault } from '../fault';
import type { Kind, Probe, ProbeContext, RunFacts } from '../probe';
import { isMonitors } from '../reasons';
import type { Finding, Observed, Outcome, Phase, PhaseTimes } from '../result';
import type { Prepared } from '../secrets/fetch';
import { render } from '../secrets/template';
import { classify, deadlineFault } from './classify';
import { judge, type Judgement } from './judge';
import type { LoopWatch } from './loop-watch';

/** A kind with its code. */
export interface Runnable {
  readonly kind: Kind;
  readonly probe: Probe<never, never>;
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
}

/** How an attempt ended. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly fault: Fault | null;
  readonly phase: Phase | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: PhaseTimes;
  readonly observed: Observed;
  readonly warnings: readonly Finding[];
  readonly findings: readonly Finding[];
}

type Open = Connection & { readonly isAdopted: boolean };

/** Makes the attempt; never throws, and ends at the latest with the target's timeout, whatever the probe does. */
export async function attempt(options: AttemptOptions): Promise<Attempt> {
  const { runnable, target, run, cloud, loop } = options;
  const { timeoutMs } = target;
  const started = monotonic();
  const startedAt = timestamp();
  const blockedBefore = loop.blockedMs();
  const controller = new AbortController();
  const sockets = new Set<Socket>();
  const open = new Set<Open>();
  const phases: PhaseTimes = {};
  const observed: Observed = {};
  const warnings: Finding[] = [];
  const findings: Finding[] = [];
  let reached: Phase | null = null;
  let running: Phase | null = null;

  let expire: ((fault: Fault) => void) | undefined;
  const expired = new Promise<never>((_, reject) => (expire = reject));
  expired.catch(() => {});
  const timer = setTimeout(() => {
    const phase = running ?? reached;
    expire?.(
      phase
        ? deadlineFault(phase, timeoutMs, loop.blockedMs() - blockedBefore)
        : new Fault('internal', `the probe did nothing within ${timeoutMs} ms`),
    );
    controller.abort();
    for (const socket of sockets) socket.destroy();
  }, timeoutMs);

  const lostFault = (): Fault | undefined => {
    const lost = [...open].find((connection) => connection.isLost && !connection.isAdopted);
    return lost && lossFault(undefined);
  };
  const phase = async <T>(name: Phase, work: () => Promise<T>): Promise<T> => {
    reached = name;
    running = name;
    const begun = monotonic();
    try {
      return await Promise.race([expired, (async () => work())(), ...[...open].filter(({ isAdopted }) => !isAdopted).map(loss)]);
    } catch (error) {
      throw classify(error, runnable.probe.explain, lostFault);
    } finally {
      phases[name] = (phases[name] ?? 0) + monotonic() - begun;
      running = null;
    }
  };
  const observe = (facts: Observed): void => void Object.assign(observed, facts);
  const remaining = (): number => Math.max(0, timeoutMs - (monotonic() - started));
  const warn = (finding: Omit<Finding, 'outcome'>): void => void warnings.push({ ...finding, outcome: 'degraded' });
  const dialler: Dialler = {
    allowLinkLocal: options.allowLinkLocal,
    remaining,
    phase,
    observe,
    warn,
    track(socket) {
      // An error that comes after everybody has lost interest would end the process.
      socket.on('error', () => {});
      sockets.add(socket);
      if (controller.signal.aborted) socket.destroy();
    },
  };
  const context: ProbeContext = {
    signal: controller.signal,
    target: target.name,
    run,
    cloud,
    remaining,
    phase,
    async dial(destination) {
      const connection = await dial(destination, dialler);
      open.add(connection);
      return connection;
    },
    observe,
    warn,
    find: (finding) => void findings.push(finding),
    capture: options.capture,
    render,
  };

  const end = (outcome: Outcome, fault: Fault | null): Attempt => ({
    outcome,
    fault,
    phase: fault ? reached : null,
    startedAt,
    durationMs: monotonic() - started,
    phases,
    observed: { ...observed },
    warnings: [...warnings],
    findings: [...findings],
  });
  try {
    const evidence = await Promise.race([runnable.probe.run(options.prepared.spec as never, context), expired]);
    return settle(end('success', null), judge(options.prepared, runnable.kind.conditions, evidence, observed, monotonic() - started));
  } catch (error) {
    // A fault carries its reason wherever it was thrown; anything else that was thrown outside of a phase is our own doing.
    const fault = error instanceof Fault ? error : new Fault('internal', describe(error).message, { cause: error });
    return end(isMonitors(fault.reason) ? 'unknown' : 'failure', fault);
  } finally {
    clearTimeout(timer);
    for (const connection of open) connection.adopt();
    for (const socket of sockets) socket.destroy();
    controller.abort();
  }
}

const faultOf = ({ reason, message }: Omit<Finding, 'outcome'>, more: number): Fault =>
  new Fault(reason ?? 'internal', more > 0 ? `${message} (and ${more} more)` : message);
const degraded = (finding: Omit<Finding, 'outcome'>): Finding => ({ ...finding, outcome: 'degraded' });

/** Adds up findings, conditions and warnings of a probe that came to its end. */
function settle(ended: Attempt, { failures, warnings: unmet }: Judgement): Attempt {
  const { findings } = ended;
  const phase = (Object.keys(ended.phases) as Phase[]).at(-1) ?? null;
  const warnings = [...ended.warnings, ...findings.filter(({ outcome }) => outcome === 'degraded'), ...unmet.map(degraded)];
  const failed = [...findings.filter(({ outcome }) => outcome === 'failure'), ...failures];
  if (failed[0]) return { ...ended, outcome: 'failure', fault: faultOf(failed[0], failed.length - 1), phase, warnings };
  const unknown = findings.filter(({ outcome }) => outcome === 'unknown');
  if (unknown[0]) return { ...ended, outcome: 'unknown', fault: faultOf(unknown[0], unknown.length - 1), phase, warnings };
  return warnings.length > 0 ? { ...ended, outcome: 'degraded', phase, warnings } : ended;
}
