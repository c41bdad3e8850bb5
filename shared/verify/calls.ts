/** Which calls a round makes, and how long each may take. */
import type { Config, Target } from '../config/config';
import { groupBy } from '../group';

/** One call of one function, the same in every round. */
export interface PlannedCall {
  readonly kind: string;
  readonly targets: readonly Target[];
  /** JSON. */
  readonly body: string;
  /** Milliseconds after which the function counts as not reached. */
  readonly limitMs: number;
}

/** A run that is asked for more takes longer than anyone waits for, and no instance of a function has to hold more results at once. */
const targetsPerCall = 500;
/** What a run may take besides its probes: the start of an instance, secrets, and the way there and back. */
export const besidesMs = 45_000;

/**
 * @param selected of the configuration's targets
 * @returns the calls, one a function, or several where it has very many targets. A function that is asked for all that the
 * configuration gives it is not told their names: its answer shows then whether it knows the same.
 */
export function callsOf(config: Pick<Config, 'targets' | 'concurrency' | 'network'>, selected: readonly Target[]): readonly PlannedCall[] {
  return [...groupBy(selected, ({ kind }) => kind)].flatMap(([kind, targets]) => {
    const isAll = targets.length === config.targets.filter((target) => target.kind === kind).length;
    const count = Math.ceil(targets.length / targetsPerCall);
    return Array.from({ length: count }, (_, index): PlannedCall => {
      const part = targets.slice(index * targetsPerCall, (index + 1) * targetsPerCall);
      const names = isAll && count === 1 ? undefined : part.map(({ name }) => name);
      const body = JSON.stringify({ trigger: 'manual', attempts: 1, record: false, targets: names });
      return { kind, targets: part, body, limitMs: limitOf(part, config) };
    });
  });
}

/** @returns how long the run may take when every target fails by its deadline, twice where its secret was renewed meanwhile. */
function limitOf(targets: readonly Target[], { concurrency, network }: Pick<Config, 'concurrency' | 'network'>): number {
  const times = targets.map(({ timeoutMs }) => timeoutMs * 2);
  const inTurn = times.reduce((sum, time) => sum + time, 0) / concurrency + Math.max(...times);
  // A run ends within its schedule's period, whatever its targets do.
  const longest = Math.min(inTurn, Math.max(...targets.map(({ periodMs }) => periodMs)));
  return longest + (network.warmUpMs ?? 0) + besidesMs;
}
