/** One attempt at one target: the deadline, the phases, the connections, and how it ended. */
import type { Socket } from 'node:net';
import { monotonic, timestamp } from '../clock';
import type { Cloud } from '../cloud/cloud';
import type { Target } from '../config/config';
import type { Connection } from '../dial/connection';
import { dial, loss, lossFault, type Dialler } from '../dial/dial';
import { describe, Fault } from '../fault';
import type { AnyProbe, Kind, ProbeContext, RunFacts } from '../probe';
import { isMonitors } from '../reasons';
import type { Finding, Observed, Outcome, Phase, PhaseTimes } from '../result';
import type { Prepared } from '../secrets/fetch';
import { render } from '../secrets/template';
import { classify, deadlineFault, lateFault } from './classify';
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

/** What is noted while a probe runs. */
interface Notes {
  readonly phases: PhaseTimes;
  readonly observed: Observed;
  readonly warnings: Finding[];
  readonly findings: Finding[];
  readonly open: Set<Open>;
  reached: Phase | null;
  running: Phase | null;
}

const newNotes = (): Notes => ({ phases: {}, observed: {}, warnings: [], findings: [], open: new Set(), reached: null, running: null });

/** A limit inside the attempt ends this much before the attempt itself, so that what is told is what was waited for. */
const aheadMs = 10;

/** What a probe may take after the deadline to tell what it has learnt from Google's APIs. */
const graceMs = 50;

/** Makes the attempt; never throws, and ends at the latest with the target's timeout, whatever the probe does. */
export async function attempt(options: AttemptOptions): Promise<Attempt> {
  const { runnable, target, run, cloud, loop } = options;
  const { timeoutMs } = target;
  const started = monotonic();
  const startedAt = timestamp();
  const blockedBefore = loop.blockedMs();
  const controller = new AbortController();
  const sockets = new Set<Socket>();
  const opened: Open[] = [];
  const notes = newNotes();

  let expire: ((fault: Fault) => void) | undefined;
  const expired = new Promise<never>((_, reject) => (expire = reject));
  expired.catch(() => {});
  let timer = setTimeout(() => {
    const phase = notes.running ?? notes.reached;
    const fault = phase
      ? deadlineFault(phase, timeoutMs, loop.blockedMs() - blockedBefore)
      : new Fault('internal', `the probe did nothing within ${timeoutMs} ms`);
    // Calls of an API end by the signal; the probe still tells what the others said.
    if (fault.reason === 'api_unavailable') timer = setTimeout(() => expire?.(fault), graceMs);
    else expire?.(fault);
    controller.abort();
    for (const socket of sockets) socket.destroy();
  }, timeoutMs);

  const remaining = (): number => Math.max(0, timeoutMs - (monotonic() - started));
  const track = (socket: Socket): void => {
    // An error that comes after everybody has lost interest would end the process.
    socket.on('error', () => {});
    sockets.add(socket);
    if (controller.signal.aborted) socket.destroy();
  };
  const contextOf = (noted: Notes): ProbeContext => {
    const held = (): Open[] => [...noted.open].filter(({ isAdopted }) => !isAdopted);
    const lostFault = (): Fault | undefined => (held().some(({ isLost }) => isLost) ? lossFault(undefined) : undefined);
    const phase = async <T>(name: Phase, work: () => Promise<T>): Promise<T> => {
      noted.reached = name;
      noted.running = name;
      const begun = monotonic();
      try {
        return await Promise.race([expired, (async () => work())(), ...held().map(loss)]);
      } catch (error) {
        throw classify(error, runnable.probe.explain, lostFault);
      } finally {
        noted.phases[name] = (noted.phases[name] ?? 0) + monotonic() - begun;
        noted.running = null;
      }
    };
    const observe = (facts: Observed): void => void Object.assign(noted.observed, facts);
    const warn = (finding: Omit<Finding, 'outcome'>): void => void noted.warnings.push({ ...finding, outcome: 'degraded' });
    const dialler: Dialler = {
      allowLinkLocal: options.allowLinkLocal,
      forbiddenHosts: run.forbiddenHosts,
      remaining,
      phase,
      observe,
      warn,
      track,
    };
    return {
      signal: controller.signal,
      target: target.name,
      run,
      cloud,
      remaining,
      phase,
      async within(limitMs, work, late) {
        const limit = Math.max(0, Math.min(limitMs ?? Infinity, remaining() - aheadMs));
        const blocked = loop.blockedMs();
        let limiter: NodeJS.Timeout | undefined;
        const over = new Promise<never>((_, reject) => {
          limiter = setTimeout(() => reject(lateFault(late(Math.round(limit)), limit, loop.blockedMs() - blocked)), limit);
        });
        try {
          return await Promise.race([over, work()]);
        } finally {
          clearTimeout(limiter);
        }
      },
      async dial(destination) {
        const connection = await dial(destination, dialler);
        noted.open.add(connection);
        opened.push(connection);
        return connection;
      },
      aside: async (work) => work(contextOf(newNotes())),
      observe,
      warn,
      find: (finding) => void noted.findings.push(finding),
      capture: options.capture,
      render,
    };
  };

  const end = (outcome: Outcome, fault: Fault | null): Attempt => ({
    outcome,
    fault,
    phase: fault ? notes.reached : null,
    startedAt,
    durationMs: monotonic() - started,
    phases: { ...notes.phases },
    observed: { ...notes.observed },
    warnings: [...notes.warnings],
    findings: [...notes.findings],
  });
  try {
    const evidence = await Promise.race([runnable.probe.run(options.prepared.spec as never, contextOf(notes)), expired]);
    return settle(end('success', null), judge(options.prepared, runnable.kind.conditions, evidence, notes.observed, monotonic() - started));
  } catch (error) {
    // A fault carries its reason wherever it was thrown; anything else that was thrown outside of a phase is our own doing.
    const fault = error instanceof Fault ? error : new Fault('internal', describe(error).message, { cause: error });
    return end(isMonitors(fault.reason) ? 'unknown' : 'failure', fault);
  } finally {
    clearTimeout(timer);
    for (const connection of opened) connection.adopt();
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
