/** What a run costs, counted and not timed, so that it holds on any machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startFunction, type FunctionProcess } from '../../local/stack/function-process';
import type { RunReport } from '../../shared/result';
import { until } from '../support/until';

const targets = 300;
const seriesPerRequest = 200;
/** 51 to 58 were counted, a megabyte each: 0.2 MB a target, half of it for its points. */
const mostCollections = 75;

let monitoring: MonitoringEmulator;
let target: HttpServer;
let way: Server;
let folder: string;
let started: FunctionProcess | undefined;
let connections = 0;
const sockets = new Set<Socket>();

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  monitoring = await startMonitoringEmulator();
  folder = await temporaryFolder('vpc-synthetics-budgets-');
  target = createHttpServer((_, response) => response.end('ok'));
  const to = Number(monitoring.address.split(':').at(-1));
  way = createServer((client) => {
    connections += 1;
    const upstream = connect(to, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()));
    client.pipe(upstream).pipe(client);
  });
  const url = `http://127.0.0.1:${await listen(target)}/`;
  const section = Object.fromEntries(Array.from({ length: targets }, (_, index) => [`t${index}`, { url }]));
  const configuration = { environment: 'test', project: 'test-project', region: 'us-central1', http: section };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration, null, 2));
  started = await startFunction({
    kind: 'http',
    source: resolve(__dirname, '../../../dist/functions/http'),
    environment: {
      PATH: process.env['PATH'] ?? '',
      SYNTHETICS_CONFIG: join(folder, 'config.json'),
      MONITORING_EMULATOR_HOST: `127.0.0.1:${await listen(way)}`,
      COUNT_COLLECTIONS: join(folder, 'collections'),
      // Young objects have a fixed space of a megabyte: how often it is full says how much was allocated.
      NODE_OPTIONS: `--max-semi-space-size=1 --require=${resolve(__dirname, '../support/count-collections.js')}`,
    },
    logFile: join(folder, 'log'),
    onChange: () => {},
  });
});

afterAll(async () => {
  await started?.stop();
  for (const socket of sockets) socket.destroy();
  way.close();
  target.close();
  await monitoring.close();
  await rm(folder, { recursive: true, force: true });
});

test('points go in as few requests as there may be, over one connection for all runs', async () => {
  for (let run = 0; run < 3; run += 1) {
    monitoring.clear();
    const report = (await (await fetch(started?.url() ?? '')).json()) as RunReport;
    expect(report.counts).toMatchObject({ success: targets });
    const { written } = report.telemetry;
    // Each target has its success, first success, latency and four phases; and the run its heartbeat.
    expect(written).toBe(targets * 7 + 3);
    // A point waits 4.9 s at most, so that a slow machine needs one more each time.
    const atMost = Math.ceil(written / seriesPerRequest) + Math.floor(report.durationMs / 4900);
    expect(monitoring.requests().length).toBeLessThanOrEqual(atMost);
  }
  expect(connections).toBe(1);
});

test('a run allocates no more than it needs', async () => {
  const collections = (): number => Number(readFileSync(join(folder, 'collections'), 'utf8'));
  const counts: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    monitoring.clear();
    const before = collections();
    await (await fetch(started?.url() ?? '')).text();
    // What was collected is told a moment later.
    await until(() => collections() > before);
    counts.push(collections() - before);
  }
  expect(Math.min(...counts)).toBeLessThan(mostCollections);
});
