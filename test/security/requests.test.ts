/** The built functions under a hail of requests that nobody should send: each is answered as the README says, and the next one, too. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { serveRaw, type RawServer } from '../support/raw-server';
import { below, chanceFor, countOf, seed, tellCampaign } from './campaign';
import { hostileRequest, hostileBytes } from './hostile-requests';
import { startBuilt, type Built } from './built-functions';

jest.setTimeout(3_600_000);

/** Nothing a caller says may lead here. */
let canary: RawServer;
let built: Built;
beforeAll(async () => {
  canary = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  built = await startBuilt();
});
afterAll(async () => {
  await built.close();
  await canary.close();
});

const count = countOf('FUZZ_INPUTS', 20);
const names = ['http', 'websocket', 'tcp', 'redis', 'postgres', 'journey', 'platform', 'secrets', 'diagnose', 'verify', 'status'];
const allowed: ReadonlySet<number> = new Set([200, 304, 400, 403, 404, 405, 409, 413, 414, 415, 431, 500, 502]);
const statuses: Record<number, number> = {};

/** What an answer must never hold: stacks, paths of files, the name of a library, our own markup with what was sent. */
const giveaway = /\n\s+at |&nbsp; at |node_modules|\/dist\/functions|(Type|Syntax|Range|Reference)Error: /;

async function isWell(name: string): Promise<void> {
  const { url, normal } = built.of(name);
  const response = await fetch(new URL(normal.path, url), { ...normal.init, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  if (!normal.statuses.includes(response.status)) throw new Error(`${name} answers a normal request with ${response.status}: ${text}`);
}

test.each(names)('%s', async (name) => {
  const chance = chanceFor(100 + names.indexOf(name));
  const { url, pid } = built.of(name);
  for (let round = 0; round < count; round += 1) {
    const mark = `zq${randomUUID().slice(0, 8)}`;
    const { path, init } = hostileRequest(name, canary.port, mark, chance);
    const told = `${name}, seed ${seed}, round ${round}: ${init.method} ${path.slice(0, 200)} ${typeof init.body === 'string' ? init.body.slice(0, 200) : 'bytes'}`;
    const response = await fetch(new URL(url).origin + path, { ...init, redirect: 'manual', signal: AbortSignal.timeout(30_000) }).catch(
      (error: unknown) => new Error(`${told}: ${String(error)}`),
    );
    if (response instanceof Error) throw response;
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    // Of health 503 is the answer.
    const isHealth = name === 'status' && path.startsWith('/health/');
    if (!allowed.has(response.status) && !(isHealth && response.status === 503)) throw new Error(`${told}: status ${response.status}`);
    // What a 500 may say is a whole answer whose targets are unknown, or that something could not be read.
    if (response.status === 500 && !/"results"|"error":\{"code":"(api_|monitor)/.test(text) && name !== 'diagnose')
      throw new Error(`${told}: ${text.slice(0, 500)}`);
    if (!type.includes('html') || response.status !== 200 ? giveaway.test(text) : false)
      throw new Error(`${told}: it gives away ${text.slice(0, 500)}`);
    if (type.includes('html') && text.includes(mark) && name !== 'verify')
      throw new Error(`${told}: it echoes in HTML ${text.slice(0, 500)}`);
  }
  await isWell(name);
  expect(built.of(name).pid).toBe(pid);
});

test.each(names)('%s, over connections that break every rule', async (name) => {
  const chance = chanceFor(200 + names.indexOf(name));
  const { url, pid } = built.of(name);
  const port = Number(new URL(url).port);
  for (let round = 0; round < Math.ceil(count / 2); round += 1) {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    const closed = once(socket, 'close').catch(() => undefined);
    for (const part of hostileBytes(chance)) {
      if (!socket.destroyed) socket.write(part);
      await delay(below(3, chance));
    }
    await Promise.race([closed, delay(30)]);
    socket.destroy();
    await closed;
    if (!answer.startsWith('HTTP/1.1 200') && giveaway.test(answer))
      throw new Error(`${name}, seed ${seed}, round ${round}: it gives away ${answer.slice(0, 500)}`);
  }
  await isWell(name);
  expect(built.of(name).pid).toBe(pid);
});

test('nobody was led elsewhere, nothing died, and nothing was written that is no line of the log', () => {
  tellCampaign('requests', { requests: count * names.length, broken: Math.ceil(count / 2) * names.length, ...statuses });
  expect(canary.accepted()).toBe(0);
  expect(built.changes()).toEqual([]);
  expect(built.oddLines()).toEqual([]);
});
