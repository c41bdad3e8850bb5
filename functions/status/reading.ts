/** What the status answers from: read when it is asked for, and kept for a while. */
import type { Config, Target } from '../../shared/config/config';
import type { Graph } from '../../shared/diagnose/graph';
import { Fault } from '../../shared/fault';
import type { Read } from '../../shared/telemetry/reader';
import { noFacts, readFacts, type Facts } from './facts';
import { readHistory, type History } from './history';
import { keep, type Kept, type KeepLimits } from './keep';
import { agedTo, blind, lacking, readOverview, type Overview } from './overview';

/** What it reads with. */
export interface ReadingOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly read: Read;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a reading may take, of the state of all targets and of one target's history. */
  readonly stateMs: number;
  readonly historyMs: number;
}

/** How everything is, with what is told besides. */
export interface Everything {
  readonly overview: Overview;
  readonly facts: Facts;
  /** Milliseconds since 1970 when the overview was read. */
  readonly at: number;
  /** Whether the overview could not be read again. */
  readonly old: boolean;
  /** Why something is old, or missing. */
  readonly problem: Fault | null;
}

/** Everything that can be asked; what can't be read is thrown as a Fault `api_denied` or `api_unavailable`. */
export interface Reading {
  /** Never throws for what can't be read: then nothing is known, and the problem says why. */
  overview(): Promise<{ readonly value: Overview; readonly problem: Fault | null }>;
  /** Throws where nothing is known of the targets; facts that can't be read are those of before, or none. */
  everything(): Promise<Everything>;
  history(target: Target, hours: number): Promise<Kept<History>>;
}

const limits: KeepLimits = { freshMs: 60_000, failedMs: 5_000, oldMs: 600_000 };
/** So many histories are kept at most. */
const mostHistories = 50;

/** Nothing is read before somebody asks. */
export function startReading({ config, graph, read, now, stateMs, historyMs }: ReadingOptions): Reading {
  const within = async <T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), limitMs);
    try {
      return await work(over.signal);
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  };
  const askingAt = (at: number, signal: AbortSignal) => ({ read, config, now: at, signal });
  const overview = keep((at) => within(stateMs, (signal) => readOverview(config, graph, askingAt(at, signal))), limits, now);
  // Facts belong to an overview: they are of the same moment, and kept as long.
  let facts: { readonly at: number; readonly read: () => Promise<Kept<Facts>> } | undefined;
  const factsAt = (at: number): Promise<Kept<Facts>> => {
    if (facts?.at !== at)
      facts = { at, read: keep(() => within(stateMs, (signal) => readFacts(askingAt(at, signal))), { ...limits, freshMs: Infinity }, now) };
    return facts.read();
  };
  let known: { readonly facts: Facts; readonly readAt: number } | undefined;
  const factsFor = async (at: number): Promise<{ readonly facts: Facts; readonly problem: Fault | null }> => {
    try {
      const { value, at: readAt } = await factsAt(at);
      known = { facts: value, readAt };
      return { facts: value, problem: null };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const isLately = known !== undefined && Math.abs(now() - known.readAt) < limits.oldMs;
      return { facts: known && isLately ? known.facts : noFacts, problem: lacking('latencies, certificates and secrets', error) };
    }
  };
  const histories = new Map<string, () => Promise<Kept<History>>>();
  return {
    async overview() {
      try {
        const { value, problem } = await overview();
        return { value: problem ? agedTo(value, now()) : value, problem: problem ?? value.problem };
      } catch (error) {
        if (error instanceof Fault) return { value: blind(config, graph), problem: error };
        throw error;
      }
    },
    async everything() {
      const { value, at, problem } = await overview();
      const { facts: some, problem: lack } = await factsFor(at);
      return {
        overview: problem ? agedTo(value, now()) : value,
        facts: some,
        at,
        old: problem !== null,
        problem: problem ?? value.problem ?? lack,
      };
    },
    history(target, hours) {
      const key = `${hours} ${target.name}`;
      const kept =
        histories.get(key) ?? keep((at) => within(historyMs, (signal) => readHistory(target, hours, askingAt(at, signal))), limits, now);
      // The one that was asked for last comes last; the first goes.
      histories.delete(key);
      histories.set(key, kept);
      for (const [oldest] of histories) if (histories.size > mostHistories) histories.delete(oldest);
      return kept();
    },
  };
}
