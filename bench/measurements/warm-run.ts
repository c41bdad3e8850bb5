/** A warm run of one target against the bare driver that does the same. */
import { configurationOf, targetOf, writeConfiguration } from '../configurations';
import { alone, compare, type Figure } from '../figures';
import { ours, run, start } from '../functions';
import { monotonic } from '../../shared/clock';
import { startProgram } from '../program';
import type { Bare } from '../programs/bare';
import type { Surroundings } from '../surroundings';

const warmUps = 40;
const readings = 100;
/** Of the time of the driver that does the same connect, queries and end. */
const budget: Partial<Record<keyof Bare, number>> = { postgres: 1.15 };

async function measureKind(kind: keyof Bare, port: number, surroundings: Surroundings): Promise<readonly Figure[]> {
  const { folder, password, google } = surroundings;
  const path = await writeConfiguration(folder, `warm-${kind}`, configurationOf({ [kind]: { one: targetOf(kind, surroundings) } }));
  const running = await start(ours(kind, path, surroundings));
  const bare = await startProgram<Bare>('bare');
  const [runs, drivers, requests]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let round = -warmUps; round < readings; round += 1) {
      await google.ask('clear');
      const asked = monotonic();
      const { durationMs, at } = await run(running);
      const driver = await bare.ask(kind, { port, password });
      if (round < 0) continue;
      runs.push(durationMs);
      requests.push(at - asked);
      drivers.push(driver);
    }
  } finally {
    await running.stop();
    await bare.stop();
  }
  return [
    compare(`run, ${kind}`, 'ms', runs, { name: 'driver', readings: drivers }, budget[kind]),
    alone(`request, ${kind}: run, points and answer`, 'ms', requests),
  ];
}

/** A hundred runs and a hundred of the driver, in turn, one target each. */
export async function measureWarmRun(surroundings: Surroundings): Promise<readonly Figure[]> {
  const { ports } = surroundings;
  const places = { postgres: ports.postgres, redis: ports.redis, websocket: ports.http, http: ports.http } as const;
  const figures: Figure[] = [];
  for (const kind of Object.keys(places) as (keyof Bare)[]) {
    const port = places[kind];
    if (port !== undefined) figures.push(...(await measureKind(kind, port, surroundings)));
  }
  return figures;
}
