/** What a probe works with during one attempt: phases, connections, and the notes that are taken of them. */
import type { Socket } from 'node:net';
import { monotonic } from '../clock';
import type { Cloud } from '../cloud/cloud';
import type { Target } from '../config/config';
import { dial, loss, lossFault, secure, type Dialler, type Watched } from '../dial/dial';
import type { Lookup } from '../dial/lookup';
import { Fault } from '../fault';
import type { AnyProbe, ProbeContext, RunFacts } from '../probe';
import type { Finding, Observed, Phase, PhaseTimes } from '../result';
import { render } from '../secrets/bound-template';
import { classify } from './classify';
import type { Deadline } from './deadline';

/** A warning, and where in the attempt and by which code of the system it came. */
export interface Warning extends Finding {
  readonly phase?: Phase | null;
  readonly code?: string;
}

/** What is noted while a probe runs. */
export interface Notes {
  readonly phases: PhaseTimes;
  readonly observed: Observed;
  readonly warnings: Warning[];
  readonly findings: Finding[];
  /** The phases that were begun and did not yet end. */
  readonly running: Set<{ readonly phase: Phase; readonly since: number }>;
  /** The last phase that was begun. */
  reached: Phase | null;
  /** The last name that had to be looked up. */
  lookup?: Lookup;
  /** True when the next phase begins a new list of phases. */
  isStartingOver: boolean;
}

/** @returns notes with nothing on them. */
export const newNotes = (): Notes => ({
  phases: {},
  observed: {},
  warnings: [],
  findings: [],
  running: new Set(),
  reached: null,
  isStartingOver: false,
});

/** @returns the time of every phase so far, also of one that the deadline ends: the attempt hears of it before the phase does. */
export function phaseTimes({ phases, running }: Notes): PhaseTimes {
  const times = { ...phases };
  for (const { phase, since } of running) times[phase] = (times[phase] ?? 0) + monotonic() - since;
  return times;
}

/** Every socket of an attempt: destroyed with the deadline, and at the end of the attempt at the latest. */
export interface Sockets {
  readonly track: (socket: Socket) => void;
  readonly destroy: () => void;
}

/** @param signal from when on nothing stays open. */
export function trackSockets(signal: AbortSignal): Sockets {
  const sockets = new Set<Socket>();
  const destroy = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  signal.addEventListener('abort', destroy, { once: true });
  return {
    track(socket) {
      // An error that comes after everybody has lost interest would end the process.
      socket.on('error', () => {});
      sockets.add(socket);
      if (signal.aborted) socket.destroy();
    },
    destroy,
  };
}

/** What a context is made of. */
export interface ContextOptions {
  readonly target: string;
  readonly probe: AnyProbe;
  readonly run: RunFacts;
  readonly cloud: Cloud;
  readonly expect: ProbeContext['expect'];
  readonly allowLinkLocal: readonly string[];
  readonly deadline: Deadline;
  readonly sockets: Sockets;
  readonly capture: (value: string) => void;
  readonly referenced?: Target['referenced'];
  readonly redact: (text: string, isCut?: boolean) => string;
}

/** @returns a context that takes its notes on `notes`. */
export function createContext(options: ContextOptions, notes: Notes): ProbeContext {
  const { target, probe, run, cloud, allowLinkLocal, deadline, sockets } = options;
  const open = new Set<Watched>();
  const held = (): Watched[] => [...open].filter(({ isAdopted }) => !isAdopted);
  const lostFault = (): Fault | undefined => (held().some(({ isLost }) => isLost) ? lossFault(undefined) : undefined);
  const phase = async <T>(name: Phase, work: () => Promise<T>): Promise<T> => {
    notes.reached = name;
    if (notes.isStartingOver) for (const earlier of Object.keys(notes.phases) as Phase[]) delete notes.phases[earlier];
    notes.isStartingOver = false;
    const entry = { phase: name, since: monotonic() };
    notes.running.add(entry);
    try {
      return await Promise.race([deadline.expired, (async () => work())(), ...held().map(loss)]);
    } catch (error) {
      throw classify(error, probe.explain, lostFault);
    } finally {
      notes.phases[name] = (notes.phases[name] ?? 0) + monotonic() - entry.since;
      notes.running.delete(entry);
    }
  };
  const observe = (facts: Observed): void => void Object.assign(notes.observed, facts);
  const warn = (warning: Omit<Warning, 'outcome' | 'phase'>): void =>
    void notes.warnings.push({ ...warning, outcome: 'degraded', phase: notes.reached });
  const { remaining } = deadline;
  const keep = (connection: Watched): Watched => {
    open.add(connection);
    return connection;
  };
  const dialler: Dialler = {
    allowLinkLocal,
    forbiddenHosts: run.forbiddenHosts,
    run,
    remaining,
    phase,
    observe,
    warn,
    lookingUp: (lookup) => (notes.lookup = lookup),
    track: sockets.track,
  };
  return {
    signal: deadline.signal,
    target,
    run,
    cloud,
    expect: options.expect,
    remaining,
    phase,
    within: deadline.within,
    startOver: () => void (notes.isStartingOver = true),
    dial: async (destination) => keep(await dial(destination, dialler)),
    secure: async (plain, tls, to) => keep(await secure(plain, tls, to, dialler)),
    aside: async (work) => work(createContext(options, newNotes())),
    async part(limitMs, observed, work) {
      const own: Notes = { ...newNotes(), observed, warnings: notes.warnings };
      const inner = deadline.part(limitMs, () => own.reached);
      const within = trackSockets(inner.signal);
      const track: Sockets['track'] = (socket) => {
        sockets.track(socket);
        within.track(socket);
      };
      try {
        const context = createContext({ ...options, deadline: inner, sockets: { ...within, track } }, own);
        return await Promise.race([inner.expired, work(context)]);
      } finally {
        inner.end();
        within.destroy();
      }
    },
    observe,
    warn,
    find: (finding) => void notes.findings.push(finding),
    referenced(name) {
      const other = options.referenced?.[name];
      if (!other) throw new Fault('internal', `the target ${name} is not among those that this one names`);
      return other;
    },
    capture: options.capture,
    redact: options.redact,
    render,
  };
}
