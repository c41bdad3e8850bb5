/** A function that is killed in the middle of a run leaves nothing but what was true: no success, no stale point; and the next run is right. */
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startFunction } from '../../local/stack/function-process';
import type { RunReport } from '../../shared/result';
import { serveRaw, type RawServer } from '../support/raw-server';
import { until } from '../support/until';
import { startCompany, type Company } from './company';

/** A process of the framework each: the two that dial most differently, unless more are asked for. */
const kinds = (process.env['KILLED_KINDS'] ?? 'http,postgres').split(',');

let company: Company;
let monitoring: MonitoringEmulator;
let folder: string;
beforeAll(async () => {
  [company, monitoring, folder] = await Promise.all([startCompany(), startMonitoringEmulator(), temporaryFolder('vpc-synthetics-killed-')]);
});
afterAll(async () => {
  await Promise.all([company.close(), monitoring.close()]);
  await rm(folder, { recursive: true });
});

/** A server that hands no connection on to the well one until it may. */
interface Gate extends RawServer {
  open(): void;
}

async function gateTo(connectTo: (near: Socket) => void): Promise<Gate> {
  let isOpen = false;
  const server = await serveRaw((near) => (isOpen ? connectTo(near) : near.resume()));
  return { ...server, open: () => (isOpen = true) };
}

interface Told {
  readonly target: string;
  readonly metric: string;
  readonly value: unknown;
  readonly endMs: number;
}

/** Everything that the server holds of a kind. */
const heldOf = (kind: string): readonly Told[] =>
  monitoring
    .series()
    .filter(({ resource }) => resource.labels['job'] === kind)
    .flatMap(({ metric, resource, points }) =>
      points.map(({ value, endMs }) => ({
        target: resource.labels['task_id'] ?? '',
        metric: metric.type.replace('custom.googleapis.com/synthetic/', ''),
        value,
        endMs,
      })),
    );

test.each(kinds)(
  'the function %s',
  async (kind) => {
    const well = company.members[`well-${kind}`]?.spec ?? {};
    const port = Number(well['port'] ?? new URL(String(well['url'])).port);
    const gate = await gateTo((near) => {
      const far = connect(port, '127.0.0.1').on('error', () => near.destroy());
      near.pipe(far).pipe(near);
      near.once('close', () => far.destroy());
    });
    const gated =
      'url' in well ? { ...well, url: String(well['url']).replace(String(port), String(gate.port)) } : { ...well, port: gate.port };
    const common = { timeout: '10s', confirm: { attempts: 1 } };
    const config = join(folder, `${kind}.json`);
    const targets = { quick: { ...well, ...common }, held: { ...gated, ...common } };
    writeFileSync(config, JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', [kind]: targets }));
    const pidFile = join(folder, `${kind}.pid`);
    const changes: string[] = [];
    const started = await startFunction({
      kind,
      source: resolve(__dirname, '../../../dist/functions', kind),
      environment: {
        PATH: process.env['PATH'] ?? '',
        SYNTHETICS_CONFIG: config,
        MONITORING_EMULATOR_HOST: monitoring.address,
        NODE_OPTIONS: `--require ${resolve(__dirname, '../support/record-pid.js')}`,
        RECORD_PID: pidFile,
      },
      logFile: join(folder, `${kind}.log`),
      onChange: (sentence) => changes.push(sentence),
    });
    const scheduled = { headers: { 'x-cloudscheduler': 'true' } };
    try {
      const cut = fetch(started.url(), scheduled).then(
        () => 'answered',
        () => 'cut off',
      );
      await until(() => gate.connections() > 0);
      // The quick target is done by then, and its points wait for those of the other.
      await delay(300);
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
      expect(await cut).toBe('cut off');
      const killedAt = Date.now();
      await until(() => gate.connections() === 0);
      expect(heldOf(kind)).toEqual([]);
      gate.open();
      await until(() => changes.some((change) => change.endsWith('runs again')), 30_000);
      // Nothing comes later of a run that is over.
      expect(heldOf(kind)).toEqual([]);

      const report = (await (await fetch(started.url(), scheduled)).json()) as RunReport;
      expect(report).toMatchObject({
        verdict: 'healthy',
        coldStart: true,
        counts: { success: 2 },
        telemetry: { superseded: 0, unwritten: 0 },
      });
      const held = heldOf(kind);
      expect(held.length).toBe(report.telemetry.written);
      expect(held.every(({ endMs }) => endMs > killedAt)).toBe(true);
      const successes = held.filter(({ metric }) => metric === 'probe/success');
      expect(successes.map(({ target, value }) => `${target} ${Number(value)}`).toSorted()).toEqual(['held 1', 'quick 1']);
    } finally {
      await started.stop();
      await gate.close();
    }
  },
  120_000,
);
