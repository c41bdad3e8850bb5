/** The wall clock may be set at any moment of a run: how long things took does not depend on it, and no point tells another time than it has. */
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { createMonitoring } from '../../shared/cloud/monitoring';
import { chanceOf, pick } from '../shared/diagnose/random-graphs';
import { startCompany, type Company } from './company';
import { configFor, runMixed, type MixedRun } from './mixed-run';
import { takeWallClock, type WallClock } from './wall-clock';
import { seedsOf } from './whims';

const hourMs = 3_600_000;
const seeds = seedsOf(Number(process.env['CLOCK_SEEDS'] ?? 2));
/** Without TLS: whether a certificate is valid is rightly judged by the wall clock. */
const chosen = /^well-(tcp|http|redis|postgres|websocket)$|^(silent|refused|closing|garbage)-(http|tcp|redis)$/;

let company: Company;
let emulator: MonitoringEmulator;
let clock: WallClock;
beforeAll(async () => {
  [company, emulator] = await Promise.all([startCompany(), startMonitoringEmulator()]);
  clock = takeWallClock();
});
afterAll(async () => {
  clock.restore();
  await Promise.all([company.close(), emulator.close()]);
});
afterEach(() => emulator.clear());

/** Runs while the clock is set at random moments, by up to so many hours forth and back. @returns also what it showed at any time. */
async function runUnder(seed: number, hours: number): Promise<MixedRun & { readonly shown: readonly [number, number] }> {
  const chance = chanceOf(seed);
  const members = Object.fromEntries(Object.entries(company.members).filter(([name]) => chosen.test(name)));
  const config = configFor(members, { timeout: '2s', confirm: { attempts: 1 } });
  const monitoring = createMonitoring('test-project', emulator.address);
  let earliest = Date.now();
  let latest = earliest;
  const timer = setInterval(() => {
    latest = Math.max(latest, Date.now());
    clock.step(pick([-1, 1], chance) * chance() * hours * hourMs - clock.offMs());
    earliest = Math.min(earliest, Date.now());
    latest = Math.max(latest, Date.now());
  }, 20);
  const ran = await runMixed(config, { send: monitoring.send, concurrency: 7 });
  clearInterval(timer);
  await monitoring.close();
  return { ...ran, shown: [Math.floor(earliest), Math.max(latest, Date.now())] };
}

test.each(seeds)(
  'durations are those of the monotonic clock, seed %i',
  async (seed) => {
    const { report, tookMs, logged, shown } = await runUnder(seed, 5);
    expect(tookMs).toBeLessThan(20_000);
    expect(report.durationMs).toBeGreaterThan(0);
    expect(report.durationMs).toBeLessThanOrEqual(tookMs);
    for (const { target, durationMs, phases, outcome, reason, startedAt } of report.results) {
      expect([target, durationMs >= 0 && durationMs < 4000]).toEqual([target, true]);
      for (const ms of Object.values(phases)) expect(ms >= 0 && ms < 4000).toBe(true);
      const isRight = target.startsWith('well') ? outcome === 'success' : outcome === 'failure' || reason === 'prober_exhausted';
      expect([target, outcome, reason, isRight]).toEqual([target, outcome, reason, true]);
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(shown[0] - 1);
      expect(Date.parse(startedAt)).toBeLessThanOrEqual(shown[1]);
    }
    const { written, superseded, unwritten } = report.telemetry;
    const stamps = emulator.series().flatMap(({ points }) => points.map(({ endMs }) => endMs));
    const printed = logged.filter(({ event }) => event === 'point_unwritten');
    expect(stamps.length).toBeGreaterThanOrEqual(written);
    expect(stamps.length).toBeLessThanOrEqual(written + superseded + unwritten);
    expect(printed).toHaveLength(unwritten);
    for (const { point } of printed) {
      const at = Date.parse((point as { points: { interval: { endTime: string } }[] }).points[0]?.interval.endTime ?? '');
      stamps.push(at);
    }
    expect(stamps.length).toBeGreaterThan(100);
    expect(stamps.every((at) => at >= shown[0] - 1 && at <= shown[1])).toBe(true);
    const values = emulator.series().filter(({ metric }) => /latency|duration|delay/.test(metric.type));
    expect(values.every(({ points }) => points.every(({ value }) => Number(value) >= 0 && Number(value) < 30_000))).toBe(true);
  },
  300_000,
);

test('a clock that was set back makes points superseded, and one that was set right again lets them be written', async () => {
  const config = configFor({ 'well-http': company.members['well-http'] ?? { kind: '', isWell: false, spec: {} } }, { timeout: '5s' });
  const monitoring = createMonitoring('test-project', emulator.address);
  const at = async (ms: number) => {
    clock.step(ms - clock.offMs());
    return (await runMixed(config, { send: monitoring.send })).report.telemetry;
  };
  const first = await at(0);
  expect(first).toMatchObject({ superseded: 0, unwritten: 0 });
  const points = first.written;
  expect(await at(-2 * hourMs)).toEqual({ written: 0, superseded: points, unwritten: 0 });
  expect(await at(60_000)).toEqual({ written: points, superseded: 0, unwritten: 0 });
  await monitoring.close();
  const times = emulator.series().map(({ points: stored }) => stored.map(({ endMs }) => endMs));
  expect(times.every(([one = 0, two = 0]) => two - one > 50_000 && two - one < 120_000)).toBe(true);
});
