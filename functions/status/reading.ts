/** What the status answers from: read when it is asked for, and kept for a while. */
import type { Config, Target } from '../../shared/config/config';
import type { Graph } from '../../shared/diagnose/graph';
import { Fault } from '../../shared/fault';
import type { Asking } from '../../shared/latest/ask';
import type { AllLatest } from '../../shared/latest/look';
import { lookFurther } from '../../shared/latest/since';
import type { Read } from '../../shared/telemetry/reader';
import { noFacts, readFacts, type Facts } from './facts';
import { readHistory, type History } from './history';
import { keep, type Kept } from './keep';
import { keepEach, keepOne, usualLimits, within } from './keep-each';
import { agedTo, backMs, blind, lacking, readOverview, type Overview } from './overview';

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

/** Nothing is read before somebody asks. */
export function startReading({ config, graph, read, now, stateMs, historyMs }: ReadingOptions): Reading {
  const askingAt = (at: number, signal: AbortSignal) => ({ read, config, now: at, signal });
  const overview = keepOne((at, signal) => readOverview(config, graph, askingAt(at, signal)), { now, limitMs: stateMs });
  // What is told besides belongs to an overview: it is of the same moment, and kept as long.
  const besides = <T>(readAt: (overview: Overview, asking: Asking) => Promise<T>) => {
    let last: { readonly at: number; readonly read: () => Promise<Kept<T>> } | undefined;
    return (value: Overview, at: number): Promise<Kept<T>> => {
      if (last?.at !== at)
        last = {
          at,
          read: keep(() => within(stateMs, (signal) => readAt(value, askingAt(at, signal))), { ...usualLimits, freshMs: Infinity }, now),
        };
      return last.read();
    };
  };
  const factsAt = besides((_, asking) => readFacts(asking));
  const furtherAt = besides(({ latest }, asking) => lookFurther(asking, latest, backMs));
  // Without it is told since when at least, which is true as well.
  const furtherOf = async (value: Overview, at: number): Promise<{ readonly latest: AllLatest; readonly problem: Fault | null }> => {
    try {
      return { latest: (await furtherAt(value, at)).value, problem: null };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { latest: value.latest, problem: lacking('since when they have been so', error) };
    }
  };
  let known: { readonly facts: Facts; readonly readAt: number } | undefined;
  const factsFor = async (overviewed: Overview, moment: number): Promise<{ readonly facts: Facts; readonly problem: Fault | null }> => {
    try {
      const { value, at: readAt } = await factsAt(overviewed, moment);
      known = { facts: value, readAt };
      return { facts: value, problem: null };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const isLately = known !== undefined && Math.abs(now() - known.readAt) < usualLimits.oldMs;
      return { facts: known && isLately ? known.facts : noFacts, problem: lacking('latencies, certificates and secrets', error) };
    }
  };
  const histories = keepEach(
    ({ target, hours }: { readonly target: Target; readonly hours: number }) => `${hours} ${target.name}`,
    ({ target, hours }, at, signal) => readHistory(target, hours, askingAt(at, signal)),
    { now, limitMs: historyMs },
  );
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
      const [{ facts: some, problem: lack }, further] = await Promise.all([factsFor(value, at), furtherOf(value, at)]);
      const whole = { ...value, latest: further.latest };
      return {
        overview: problem ? agedTo(whole, now()) : whole,
        facts: some,
        at,
        old: problem !== null,
        problem: problem ?? value.problem ?? lack ?? further.problem,
      };
    },
    history: (target, hours) => histories({ target, hours }),
  };
}
