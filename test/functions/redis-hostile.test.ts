/** The redis kind against servers whose replies would stall or end the process that reads them, and through the command line. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { kind, probe } from '../../functions/redis';
import type { Result, RunReport } from '../../shared/result';
import { ownFolder } from '../config/written';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { bulk, scriptedRedis, type Answer } from '../support/scripted-redis';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();
const protocolError = { outcome: 'failure', reason: 'protocol_error', domain: 'service', owner: 'infrastructure', phase: 'command' };

async function runAgainst(script: Readonly<Record<string, Answer>>): Promise<Result> {
  const server = await scriptedRedis(script);
  const leaks = await watchLeaks();
  try {
    return await probeOne({ kind, probe }, { host: server.host, port: server.port, timeout: '2s' });
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

/** Writes a text byte by byte, each in a packet of its own as far as the system lets it. */
function trickle(text: string): Answer {
  return (socket: Socket) => {
    socket.setNoDelay(true);
    const bytes = [...Buffer.from(text)];
    const next = (): void => {
      const byte = bytes.shift();
      if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next));
    };
    next();
  };
}

const answers: readonly (readonly [name: string, answer: string])[] = [
  ['arrays-without-items', '*30000000\r\n'.repeat(100)],
  ['maps-without-items', '%15000000\r\n'.repeat(30)],
  ['arrays-in-arrays', '*100000\r\n'.repeat(50_000)],
  ['sets', '~30000000\r\n'.repeat(100)],
  ['a-push-of-nothing', '>1\r\n_\r\n'],
  ['a-push-without-a-channel', '>3\r\n$9\r\nsubscribe\r\n_\r\n:1\r\n'],
  ['an-empty-reply-of-resp3', '_\r\n'],
  ['a-long-error-of-resp3', '!21\r\nSYNTAX invalid syntax\r\n'],
  ['two-empty-replies', '$-1\r\n$-1\r\n'],
  ['an-array', '*1\r\n$4\r\nPONG\r\n'],
];

test('a process that reads what no command of ours is answered with lives on, and tells of its other targets', async () => {
  const servers = await Promise.all([
    ...answers.map(async ([name, answer]) => ({ name, ...(await scriptedRedis({ PING: answer })) })),
    ...answers.map(async ([name, answer]) => ({ name: `${name}-unasked`, ...(await scriptedRedis({}, { hello: answer })) })),
    (async () => ({ name: 'healthy', ...(await scriptedRedis({})) }))(),
  ]);
  const targets = Object.fromEntries(servers.map(({ name, host, port }) => [name, { host, port, timeout: '10s' }]));
  const defaults = { confirm: { attempts: 1 } };
  writeFileSync(
    join(folder.path, 'synthetics.yaml'),
    JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', defaults, redis: targets }),
  );
  // Far less than what the arrays announce.
  const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=128' };
  const run = promisify(execFile)(process.execPath, [program, 'run', '--json'], { cwd: folder.path, env, maxBuffer: 16_777_216 });
  const ended: { code?: number; stdout: string; stderr: string } = await run.catch((error: unknown) => error as never);
  await Promise.all(servers.map((server) => server.close()));
  expect([ended.code, ended.stderr]).toEqual([1, '']);
  const { results } = JSON.parse(ended.stdout) as RunReport;
  const told = results.map(({ target, outcome, reason }) => `${target} ${outcome} ${reason}`);
  const expected = servers.map(({ name }) => (name === 'healthy' ? `${name} success null` : `${name} failure protocol_error`));
  expect(told.toSorted()).toEqual(expected.toSorted());
}, 60_000);

test.each([
  ['a text of a negative length', '$-2\r\n', 'impossible length'],
  ['a text longer than all replies together', '$1048577\r\n', 'impossible length'],
  ['a text whose length is no number', '$four\r\nPONG\r\n', 'impossible length'],
  ['a text longer than it says', '$3\r\nPONG\r\n', 'longer than it said'],
  ['a number with a letter', ':1x\r\n', 'number'],
  ['a number of many digits', `:${'9'.repeat(400)}\r\n`, 'number'],
  ['a line with a carriage return inside', '+PO\rNG\r\n', 'carriage return'],
  ['a line beyond measure', `-ERR ${'x'.repeat(9_000)}\r\n`, 'line of more than'],
  ['an array', '*0\r\n', '"*", which begins no reply'],
])('%s as an answer is refused', async (_, answer, message) => {
  const result = await runAgainst({ PING: answer });
  expect(result).toMatchObject({ ...protocolError, message: expect.stringContaining(message) });
  expect(result.durationMs).toBeLessThan(1_500);
});

test('answers in many pieces are read as well', async () => {
  const info = bulk('redis_version:7.4.0\r\nrole:master\r\n');
  expect(await runAgainst({ PING: trickle('+PONG\r\n'), INFO: trickle(info), DEL: trickle(':1\r\n') })).toMatchObject({
    outcome: 'success',
  });
});

test('an INFO of half a megabyte is read as well', async () => {
  const databases = Array.from({ length: 10_000 }, (_, index) => `db${index}:keys=1,expires=0,avg_ttl=0,subexpiry=0\r\n`);
  const result = await runAgainst({ INFO: bulk(`redis_version:7.4.0\r\n${databases.join('')}role:master\r\n`) });
  expect(result).toMatchObject({ outcome: 'success', observed: { 'redis.role': 'master' } });
});

test('an answer of its own kind before an error that nobody asked for fails by the error', async () => {
  const answer = '+PONG\r\n-ERR max number of clients reached\r\n';
  expect(await runAgainst({ PING: answer })).toMatchObject({ reason: 'too_many_connections', code: 'ERR', phase: 'command' });
});
