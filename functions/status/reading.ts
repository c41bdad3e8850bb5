/** What the status answers from: read when it is asked for, and kept for a while. */
import type { Config, Target } from '../../shared/config/config';
import type { Graph } from '../../shared/diagnose/graph';
import { Fault } from '../../shared/fault';
import type { Read } from '../../shared/telemetry/reader';
import { readFacts, type Facts } from './facts';
import { readHistory, type History } from './history';
import { keep, type Kept, type KeepLimits } from './keep';
import { agedTo, blind, readOverview, type Overview } from './overview';

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

/** Everything that can be asked; what can't be read is thrown as a Fault `api_denied` or `api_unavailable`. */
export interface Reading {
  /** Never throws for what can't be read: then nothing is known. */
  overview(): Promise<Overview>;
  everything(): Promise<Kept<{ readonly overview: Overview; readonly facts: Facts }>>;
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
  const histories = new Map<string, () => Promise<Kept<History>>>();
  return {
    async overview() {
      try {
        const { value, problem } = await overview();
        return problem ? agedTo(value, now()) : value;
      } catch (error) {
        if (error instanceof Fault) return blind(config, graph);
        throw error;
      }
    },
    async everything() {
      const { value, at, problem } = await overview();
      const { value: of } = await factsAt(at);
      return { value: { overview: problem ? agedTo(value, now()) : value, facts: of }, at, problem };
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
