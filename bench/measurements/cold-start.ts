/** Cold start: from the start of the process to the first answer without a probe, and to that of the first whole run. */
import { kinds } from '../../functions/kinds';
import { askWhenUp } from '../ask';
import { configurationOf, targetOf, writeConfiguration } from '../configurations';
import { alone, compare, type Figure } from '../figures';
import { launch, ours, runOf, type FunctionFolder } from '../functions';
import { emptyFunction, sdkFunction } from '../peers';
import type { Surroundings } from '../surroundings';

const readings = 10;
export const budgets = { firstAnswer: 1.5, firstRun: 2.5 } as const;

interface Start {
  readonly what: string;
  readonly from: FunctionFolder;
  readonly path: string;
  readonly atMost?: number;
  /** Throws where the answer is not the one that was meant. */
  readonly check: (status: number, text: string) => void;
}

const expecting = (expected: number) => (status: number, text: string) => {
  if (status !== expected) throw new Error(`expected ${expected}, got ${status}: ${text.slice(0, 500)}`);
};

/** @returns milliseconds from the start of the process to the whole answer. */
async function coldStart({ from, path, check }: Start): Promise<number> {
  const running = await launch(from);
  try {
    const { status, text, at } = await askWhenUp(`${running.url}${path}`, running);
    check(status, text);
    return at - running.startedAt;
  } finally {
    await running.stop();
  }
}

async function startsOf(surroundings: Surroundings): Promise<readonly Start[]> {
  const { folder, ports } = surroundings;
  const probed = kinds.map(({ name }) => name).filter((name) => name !== 'redis' || ports.redis !== undefined);
  const sections = Object.fromEntries(probed.map((kind) => [kind, { [`one-${kind}`]: targetOf(kind, surroundings) }]));
  const path = await writeConfiguration(folder, 'cold-start', configurationOf(sections));
  const first = (name: string, where: string, status: number): Start => ({
    what: `first answer, ${name}`,
    from: ours(name, path, surroundings),
    path: where,
    atMost: budgets.firstAnswer,
    check: expecting(status),
  });
  const whole = (name: string, check: Start['check'], where = '/'): Start => ({
    what: `first run, ${name}`,
    from: ours(name, path, surroundings),
    path: where,
    atMost: budgets.firstRun,
    check,
  });
  return [
    ...probed.map((name) => first(name, '/?target=none', 400)),
    first('diagnose', '/?none=1', 400),
    first('verify', '/?none=1', 405),
    first('status', '/none', 404),
    ...probed.map((name) => whole(name, (status, text) => void runOf({ status, text, at: 0 }))),
    whole('diagnose', expecting(200)),
    whole('status', expecting(200), '/health/infrastructure'),
  ];
}

/** Ten cold starts of each, in turn: an empty function, ours, one built on the synthetics SDK. */
export async function measureColdStart(surroundings: Surroundings, say: (line: string) => void): Promise<readonly Figure[]> {
  const empty: Start = { what: 'empty function', from: await emptyFunction(surroundings), path: '/', check: expecting(200) };
  const sdk = await sdkFunction(surroundings, say);
  const starts: readonly Start[] = [
    empty,
    ...(await startsOf(surroundings)),
    ...(sdk ? [{ what: 'synthetics SDK', from: sdk, path: '/', check: expecting(200) }] : []),
  ];
  const taken = new Map<Start, number[]>(starts.map((start) => [start, []]));
  // The first start of each fills the system's cache of files.
  for (let round = -1; round < readings; round += 1) {
    for (const start of starts) {
      await surroundings.google.ask('clear');
      const ms = await coldStart(start).catch((error: unknown) => {
        throw new Error(`${start.what}: ${String(error)}`, { cause: error });
      });
      if (round >= 0) taken.get(start)?.push(ms);
    }
  }
  const readingsOf = (start: Start): readonly number[] => taken.get(start) ?? [];
  return starts.map((start) =>
    start === empty
      ? alone(start.what, 'ms', readingsOf(start))
      : compare(start.what, 'ms', readingsOf(start), { name: 'empty', readings: readingsOf(empty) }, start.atMost),
  );
}
