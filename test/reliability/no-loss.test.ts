/** An hour of runs while Cloud Monitoring fails at random: every point is written, superseded or printed, by the server's own account. */
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { createMonitoring } from '../../shared/cloud/monitoring';
import { chanceOf } from '../shared/diagnose/random-graphs';
import { closingServer, echoServer, type RawServer } from '../support/raw-server';
import type { Members } from './company';
import { addedUp, closeBooks, type Books } from './ledger';
import { configFor, repeated, runMixed } from './mixed-run';
import { takeWallClock, type WallClock } from './wall-clock';
import { weatherBy, wayTo, type Way } from './weather';
import { seedsOf } from './whims';

/** Minutes, each a round of one run or of two at once, in so many environments at a time. */
const minutes = Number(process.env['LOSS_MINUTES'] ?? 4);
const environments = Number(process.env['LOSS_ENVIRONMENTS'] ?? 15);
/** Slow weather takes up to the 8 s that a write may take: one minute in so many has some. */
const slowEvery = 4;
const minuteMs = 60_000;
const [seed = 1] = seedsOf(1);

let clock: WallClock;
let echo: RawServer;
let closing: RawServer;
beforeAll(async () => {
  [echo, closing] = await Promise.all([echoServer(), closingServer()]);
  clock = takeWallClock();
});
afterAll(async () => {
  clock.restore();
  await Promise.all([echo.close(), closing.close()]);
});

/** More points than one request may hold. */
const membersOf = (): Members => ({
  ...repeated('good', { kind: 'line', isWell: true, spec: { host: echo.host, port: echo.port } }, 24),
  ...repeated('bad', { kind: 'line', isWell: false, spec: { host: closing.host, port: closing.port } }, 6),
  ...repeated('strange', { kind: 'line', isWell: false, spec: { host: echo.host, port: echo.port, behave: 'throw' } }, 2),
});

interface Environment {
  readonly emulator: MonitoringEmulator;
  readonly way: Way;
  readonly monitoring: ReturnType<typeof createMonitoring>;
}

async function startEnvironment(): Promise<Environment> {
  const emulator = await startMonitoringEmulator();
  const way = await wayTo(emulator);
  return { emulator, way, monitoring: createMonitoring('test-project', way.address) };
}

const heldBy = ({ emulator }: Environment): number => emulator.series().reduce((sum, { points }) => sum + points.length, 0);

test(`${minutes} minutes in ${environments} environments, seed ${seed}`, async () => {
  const chance = chanceOf(seed);
  const config = configFor(membersOf(), { timeout: '10s', confirm: { attempts: 1 } });
  const all = await Promise.all(Array.from({ length: environments }, startEnvironment));
  const books: Books[] = [];
  const met = new Map<string, number>();
  for (let minute = 0; minute < minutes; minute += 1) {
    const plans = all.map((environment) => ({
      environment,
      weather: weatherBy(chance, minute % slowEvery === 0),
      // The Scheduler delivers at least once.
      times: chance() < 0.2 ? 2 : 1,
      heldBefore: heldBy(environment),
    }));
    const closed = await Promise.all(
      plans.map(async ({ environment: { way, emulator, monitoring }, weather, times, heldBefore }) => {
        const end = way.begin(weather);
        const runs = await Promise.all(Array.from({ length: times }, () => runMixed(config, { send: monitoring.send })));
        end();
        met.set(weather.name, (met.get(weather.name) ?? 0) + times);
        return { runs, config, emulator, weather, heldBefore };
      }),
    );
    // What a server still does with a request whose caller has gone, it does within a second.
    await new Promise((resolve) => setTimeout(resolve, minute % slowEvery === 0 ? 1500 : 0));
    for (const { runs, ...rest } of closed) books.push(closeBooks(runs, rest));
    clock.step(minuteMs);
  }
  await Promise.all(all.flatMap(({ emulator, way, monitoring }) => [monitoring.close(), way.close(), emulator.close()]));
  const total = addedUp(books);
  process.stdout.write(`no-loss, seed ${seed}: ${JSON.stringify({ runs: [...met.values()].reduce((a, b) => a + b, 0), ...total })}\n`);
  process.stdout.write(`weather: ${JSON.stringify(Object.fromEntries(met))}\n`);
  expect(total.written + total.superseded + total.printed).toBe(total.produced);
  expect(Math.min(total.written, total.superseded, total.printed)).toBeGreaterThan(0);
}, 1_800_000);
