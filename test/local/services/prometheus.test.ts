/** A real Prometheus takes points with their own times, whenever they come, and says what fires. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusMissing, type PrometheusServer, startPrometheus } from '../../../local/services/prometheus';
import { isRunning } from '../../support/running';
import { until } from '../../support/until';

jest.setTimeout(60_000);

const minuteMs = 60_000;
let page = '';
let scrapes = 0;
let source: Server;
let scrape: string;
beforeAll(async () => {
  source = createServer((_, response) => {
    scrapes += 1;
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(page);
  }).listen(0, '127.0.0.1');
  await once(source, 'listening');
  scrape = `127.0.0.1:${(source.address() as AddressInfo).port}`;
});
afterAll(async () => {
  source.close();
  source.closeAllConnections();
  await once(source, 'close');
});

let server: PrometheusServer | undefined;
afterEach(() => server?.stop());

const rule = (alert: string, expr: string, wait = '0s'): object => ({ alert, expr, for: wait });
const start = (...rules: readonly object[]): Promise<PrometheusServer> =>
  startPrometheus({ scrape, scrapeIntervalMs: 500, evaluationMs: 500, rules: { groups: [{ name: 'g', rules }] } });

/** Waits for two more scrapes, by which the page before is taken. */
async function taken(): Promise<void> {
  const enough = scrapes + 2;
  await until(() => scrapes >= enough, 30_000);
}

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((fulfil) => setTimeout(fulfil, 100));
  }
}

async function values(url: string, query: string): Promise<readonly (readonly [number, string])[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as { data: { result: readonly { values: readonly (readonly [number, string])[] }[] } };
  return data.result.flatMap((series) => series.values);
}

test('points keep their times and labels, also those that come late or in another order', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  page = `a:b{job="redis",task_id="cache"} 1 ${now - 2 * minuteMs}\n`;
  server = await start();
  await taken();
  page = `a:b{job="redis",task_id="cache"} 0 ${now - 4 * minuteMs}\na:b{job="redis",task_id="cache"} 1 ${now - minuteMs}\n`;
  await taken();
  page = `late{job="x"} 1 ${now - 20 * 60 * minuteMs}\n`;
  await taken();
  page = '';
  expect(await values(server.url, 'a:b{job="redis",task_id="cache",instance=""}[1h]')).toEqual([
    [(now - 4 * minuteMs) / 1000, '0'],
    [(now - 2 * minuteMs) / 1000, '1'],
    [(now - minuteMs) / 1000, '1'],
  ]);
  expect(await values(server.url, 'late[1d]')).toHaveLength(1);
  expect(await server.refused()).toBe(0);
});

test('points that are not taken are counted', async () => {
  const now = Date.now();
  page = `a{job="x"} 1 ${now - minuteMs}\n`;
  server = await start();
  await taken();
  page = `a{job="x"} 1 ${now - 60 * 60 * minuteMs}\n`;
  expect(await eventually(server.refused, (refused) => refused > 0)).toBeGreaterThan(0);
});

test('what fires is told with its labels, and what only waits as pending', async () => {
  page = `a{job="redis",task_id="cache"} 0 ${Date.now()}\n`;
  server = await start(rule('down/down', 'a == 0'), rule('slow/slow', 'a == 0', '1h'), rule('fine/fine', 'a == 1'));
  const { alerts } = server;
  const found = await eventually(alerts, (all) => all.some(({ state }) => state === 'firing'));
  expect(found.map(({ labels, state }) => `${labels['alertname']} ${labels['task_id']} ${state}`).toSorted()).toEqual([
    'down/down cache firing',
    'slow/slow cache pending',
  ]);
  expect(await server.problems()).toEqual([]);
});

test('a rule that can not be evaluated is told', async () => {
  page = `a{job="x"} 1 ${Date.now()}\na{job="y"} 1 ${Date.now()}\n`;
  server = await start(rule('bad/bad', 'a * on () a'));
  expect(await eventually(server.problems, (problems) => problems.length > 0)).toEqual([
    expect.stringMatching(/^bad\/bad: .*many-to-many/),
  ]);
});

test('rules that are none keep it from starting, and it says why', async () => {
  await expect(start(rule('bad', 'a ==='))).rejects.toThrow(/prometheus ended with exit code [^]*parse error/);
});

test('without the program, how to get it is told', async () => {
  const starting = startPrometheus({
    scrape,
    scrapeIntervalMs: 500,
    evaluationMs: 500,
    rules: { groups: [] },
    programs: ['/nowhere/prometheus'],
  });
  await expect(starting).rejects.toThrow(PrometheusMissing);
  await expect(starting).rejects.toThrow(/not installed; Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus/);
});

test('stopped, nothing of it is left', async () => {
  const started = await start();
  expect(isRunning(started.pid)).toBe(true);
  await started.stop();
  await started.stop();
  expect([isRunning(started.pid), started.hasEnded()]).toEqual([false, true]);
  await expect(started.ended).resolves.toMatch(/^prometheus ended/);
});
