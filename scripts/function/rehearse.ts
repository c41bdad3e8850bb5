/**
 * Runs the function once, against nothing but itself, and keeps what V8 compiled for it. Part of every source folder: Cloud Functions'
 * build runs it, so that the cache is of the Node that starts the function. What goes wrong costs the cache and nothing else: the function
 * runs in a process of its own, whose log is nobody's business.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createGrpcServer } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clients, code } from './files';
import { load } from './load';

/** For the function's requests, and for its whole process. */
const limits = { playMs: 20_000, processMs: 30_000 } as const;
/** The argument by which the process knows that it is the function's. */
const play = 'play';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers every call of gRPC with an empty message: in protocol buffers that is every message with nothing set. */
function emptyAnswers(): Server {
  const server = createGrpcServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.resume().on('end', () => stream.end(Buffer.alloc(5)));
  });
  return server;
}

/** One target of each kind, none of which leaves this machine. */
function configuration(http: number, closing: number): object {
  const url = `http://127.0.0.1:${http}/`;
  return {
    environment: 'rehearsal',
    project: 'rehearsal',
    region: 'us-central1',
    defaults: { timeout: '2s', schedule: '0 * * * *', confirm: { attempts: 1 } },
    secrets: { 'a-secret': { require: [{ secret: 'a', minLength: 1 }] } },
    postgres: { 'a-postgres': { host: '127.0.0.1', port: closing, user: 'a', database: 'a', tls: { mode: 'disable' } } },
    redis: { 'a-redis': { host: '127.0.0.1', port: closing } },
    websocket: {
      'a-websocket': { url: `ws://127.0.0.1:${http}/`, steps: [{ send: { type: 'a' } }, { expect: "type == 'a'", within: '1s' }] },
    },
    http: { 'an-http': { url, expect: { status: [200], json: ["a == 'b'"] } } },
    tcp: { 'a-tcp': { host: '127.0.0.1', port: http } },
    journey: { 'a-journey': { timeout: '2s', steps: [{ name: 'a', http: { url }, capture: { a: 'a' } }] } },
    platform: { 'a-platform': { vpcConnector: { name: 'a' } } },
  };
}

/** As much of an answer as functions touch. */
function answerInto(done: () => void): object {
  const answer: Record<string, unknown> = { writableFinished: true, headersSent: false, destroyed: false };
  for (const name of ['status', 'type', 'set', 'setHeader', 'header', 'on', 'once', 'off', 'write', 'flushHeaders', 'writeHead'])
    answer[name] = () => answer;
  for (const name of ['send', 'json', 'end']) answer[name] = () => (done(), answer);
  return answer;
}

/** One request by GET. */
async function request(handler: (asked: object, answer: object) => unknown, path: string, query: object): Promise<void> {
  const asked = {
    method: 'GET',
    path,
    url: path,
    originalUrl: path,
    headers: {},
    query,
    body: undefined,
    rawBody: Buffer.alloc(0),
    on() {},
    once() {},
    get: () => undefined,
    accepts: () => false,
    acceptsEncodings: () => false,
  };
  await new Promise<void>((resolve, reject) => {
    void Promise.resolve(handler(asked, answerInto(resolve))).catch(reject);
  });
}

/** In a process of its own. @param work a folder for the configuration, of this run alone. */
async function rehearse(work: string): Promise<void> {
  const [google, http, closing, rest] = await Promise.all([
    listen(emptyAnswers()),
    listen(createHttpServer((_, response) => response.end('{"a":"b"}'))),
    listen(createTcpServer((socket) => socket.on('error', () => {}).end('-ERR rehearsal\r\n'))),
    listen(createHttpServer((_, response) => response.end('{}'))),
  ]);
  const config = join(work, 'config.json');
  writeFileSync(config, JSON.stringify(configuration(http, closing), null, 2));
  Object.assign(process.env, {
    SYNTHETICS_CONFIG: config,
    MONITORING_EMULATOR_HOST: `127.0.0.1:${google}`,
    SECRET_MANAGER_EMULATOR_HOST: `127.0.0.1:${google}`,
    PLATFORM_EMULATOR_HOST: `127.0.0.1:${rest}`,
  });
  const { exports: functions, keep } = load(__dirname, require);
  const [handler] = Object.values(functions);
  if (typeof handler !== 'function') throw new Error('the folder holds no function');
  const requests = async (): Promise<void> => {
    await request(handler as never, '/', { target: 'none' });
    // A kind runs whatever the path; of the services one tells by its path what it is asked.
    for (const path of ['/', '/health/infrastructure']) await request(handler as never, path, {});
  };
  await Promise.race([requests(), new Promise((resolve) => setTimeout(resolve, limits.playMs).unref())]);
  keep();
}

/** Whatever the surroundings say, nothing leaves this machine, and nothing is cut short. */
function ownEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/proxy$/i.test(name) && name !== 'CLOUD_RUN_TIMEOUT_SECONDS');
  return Object.fromEntries(kept);
}

/** Has the function rehearsed, and says how that went. Never throws. */
function direct(): void {
  const caches = [code, clients].map((name) => join(__dirname, `${name}.cache`));
  try {
    const work = mkdtempSync(join(tmpdir(), 'vpc-synthetics-rehearsal-'));
    try {
      for (const cache of caches) rmSync(cache, { force: true });
      const { stderr, error } = spawnSync(process.execPath, [__filename, play, work], {
        env: ownEnvironment(),
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        timeout: limits.processMs,
        killSignal: 'SIGKILL',
      });
      const isKept = caches.every((cache) => existsSync(cache));
      process.stdout.write(isKept ? 'Compile cache: kept\n' : `No compile cache: ${error ? String(error) : stderr.trim()}\n`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  } catch (error) {
    process.stdout.write(`No compile cache: ${String(error)}\n`);
  }
}

const [, , role, work] = process.argv;
if (role === play && work !== undefined)
  void rehearse(work)
    .catch((error: unknown) => process.stderr.write(String(error)))
    // What is still open here was only for the rehearsal.
    .finally(() => process.exit(0));
else direct();
