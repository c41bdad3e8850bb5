/** A run and its secrets: their versions, a rotation in the middle of it, and targets whose secrets are not to be had. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../../local/emulators/secret-manager';
import { createCloud } from '../../../shared/cloud/google';
import type { Result } from '../../../shared/result';
import { run, type RunOptions } from '../../../shared/run/run';
import { createRedactor } from '../../../shared/secrets/redactor';
import { line } from '../../support/line-kind';
import { configOf, probeOne } from '../../support/probing';
import { echoServer, serveRaw, type RawServer } from '../../support/raw-server';

let secrets: SecretManagerEmulator;
beforeAll(async () => {
  secrets = await startSecretManagerEmulator();
});
afterAll(() => secrets.close());

/** Lets in whoever says the word, and tells of everybody who comes. */
const guarded = (word: string, came: () => void = () => {}): Promise<RawServer> =>
  serveRaw((socket) =>
    socket.on('data', (data) => {
      came();
      socket.write(data.toString().trim() === word ? 'welcome' : 'denied');
    }),
  );

async function probed(server: RawServer, more: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  try {
    const target = { host: server.host, port: server.port, send: { secret: 'word' }, ...more };
    return await probeOne(line, target, { secretManager: secrets.address });
  } finally {
    await server.close();
  }
}

const rejected = { outcome: 'failure', reason: 'credentials_rejected', code: 'E1' };

test('the versions that were used are told', async () => {
  secrets.put('word', { versions: [{ value: 'first-word' }, { value: 'second-word' }] });
  const result = await probed(await guarded('second-word'));
  expect(result).toMatchObject({ outcome: 'success', observed: { 'secret.versions': { word: '2' } } });
});

test('a target without secrets tells of none', async () => {
  const result = await probed(await echoServer(), { send: 'plain' });
  expect(result.outcome).toBe('success');
  expect(Object.keys(result.observed)).toEqual(['address.ip', 'line.answer']);
});

test('a secret that was rotated during the run is fetched afresh, and one more attempt is made with it', async () => {
  secrets.put('word', { versions: [{ value: 'first-word' }] });
  const rotate = (): void => void (secrets.calls()['AccessSecretVersion'] && secrets.addVersion('word', 'second-word'));
  const result = await probed(await guarded('second-word', rotate));
  expect(result).toMatchObject({
    outcome: 'degraded',
    reason: 'credentials_rejected',
    attempts: 2,
    firstOutcome: 'failure',
    observed: { 'secret.versions': { word: '2' } },
    message: 'the server refused [redacted]',
  });
});

test('a secret that is the same as before is no reason to try again', async () => {
  secrets.put('word', { versions: [{ value: 'first-word' }] });
  const server = await guarded('second-word');
  const before = secrets.calls()['AccessSecretVersion'] ?? 0;
  expect(await probed(server)).toMatchObject({ ...rejected, attempts: 1 });
  expect((secrets.calls()['AccessSecretVersion'] ?? 0) - before).toBe(2);
});

test('it is fetched afresh once only, however often it is tried, and only for a refusal', async () => {
  secrets.put('word', { versions: [{ value: 'first-word' }] });
  const count = async (work: Promise<unknown>): Promise<number> => {
    const before = secrets.calls()['AccessSecretVersion'] ?? 0;
    await work;
    return (secrets.calls()['AccessSecretVersion'] ?? 0) - before;
  };
  const confirm = { attempts: 3, interval: '10ms' };
  expect(await count(probed(await guarded('second-word'), { confirm }))).toBe(2);
  expect(await count(probed(await serveRaw((socket) => socket.end()), { confirm }))).toBe(1);
});

test('a secret that is gone by then leaves the refusal as it is', async () => {
  secrets.put('word', { versions: [{ value: 'first-word' }] });
  expect(await probed(await guarded('second-word', () => secrets.setState('word', 1, 'DISABLED')))).toMatchObject({
    ...rejected,
    attempts: 1,
  });
});

test('a target whose secret can not be read is not tried, and unknown', async () => {
  secrets.put('word', { versions: [] });
  const server = await echoServer();
  const result = await probed(server);
  expect(server.accepted()).toBe(0);
  expect(result).toMatchObject({
    outcome: 'unknown',
    reason: 'secret_unavailable',
    owner: 'monitor',
    phase: null,
    attempts: 1,
    durationMs: 0,
    phases: {},
    observed: {},
    warnings: [],
    findings: [],
    firstOutcome: 'unknown',
  });
});

describe('a run that has little time', () => {
  async function runOf(targets: Readonly<Record<string, object>>, more: Partial<RunOptions>): Promise<readonly Result[]> {
    const config = configOf({ line: targets, concurrency: 1 }, [line.kind]);
    const cloud = createCloud(config.project, { logLevel: 'error', secretManagerEmulator: secrets.address });
    const options: RunOptions = { config, runnable: () => line, cloud, redactor: createRedactor(), onResult: () => {}, ...more };
    try {
      const request = { runId: 'r', function: 'line', targets: config.targets, trigger: 'manual', shard: 0 } as const;
      return (await run(request, options)).report.results;
    } finally {
      await cloud.close();
    }
  }

  test('tries no target that it could not finish, and none again', async () => {
    const server = await serveRaw((socket) => socket.resume());
    const at = { host: server.host, port: server.port };
    const late = { ...at, timeout: '2s', confirm: { attempts: 3, interval: '10ms' } };
    try {
      const results = await runOf({ a: { ...late, timeout: '1s' }, b: late }, { requestTimeoutMs: 4000 });
      expect(results).toMatchObject([
        { outcome: 'failure', reason: 'timeout', attempts: 1 },
        { outcome: 'unknown', reason: 'prober_exhausted', message: "the run's time was over before this target's turn" },
      ]);
    } finally {
      await server.close();
    }
  });

  test('waits on the network for what is inside, and may be dialled, and whose secrets are to be had', async () => {
    const server = await echoServer();
    const at = { host: server.host, port: server.port };
    const asked: unknown[] = [];
    try {
      secrets.put('word', { versions: [] });
      secrets.put('host', { versions: [{ value: '169.254.169.254' }] });
      const targets = {
        a: at,
        b: { ...at, host: 'localhost', public: true },
        c: { ...at, host: '${secret:host}', timeout: '300ms' },
        d: { ...at, send: { secret: 'word' } },
      };
      const warmUp = { api: async () => void asked.push('api'), network: async (ends: readonly object[]) => void asked.push(ends) };
      await runOf(targets, { warmUp });
      expect(asked).toEqual(['api', [at]]);
    } finally {
      await server.close();
    }
  });
});
