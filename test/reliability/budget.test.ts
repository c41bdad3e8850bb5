/** The platform gives up on a request after its time: a run has answered by then, whatever is left to be done. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { echoServer, serveRaw, silentServer, type RawServer } from '../support/raw-server';
import { configFor, repeated, runMixed } from './mixed-run';

const requestTimeoutMs = 6000;
/** Half of so short a limit belongs to the targets. */
const targetsMs = 3000;

let servers: readonly RawServer[];
let secrets: SecretManagerEmulator;
beforeAll(async () => {
  // Once a server refuses, Secret Manager has fallen silent, too.
  const refusing = serveRaw((socket) => {
    secrets.fault({ blackHole: true });
    socket.on('data', () => socket.write('denied\n'));
  });
  [secrets, ...servers] = await Promise.all([startSecretManagerEmulator(), silentServer(), refusing, echoServer()] as const);
  secrets.put('password', { value: 'a-password' });
});
afterAll(async () => {
  await Promise.all([secrets.close(), ...servers.map((server) => server.close())]);
});
afterEach(() => secrets.heal());

const at = (index: number, more: object = {}) => ({
  kind: 'line',
  isWell: false,
  spec: { host: '127.0.0.1', port: servers[index]?.port ?? 0, timeout: '1s', ...more },
});

test('what the budget did not reach is unknown, and no attempt ends after it', async () => {
  const config = configFor(repeated('late', at(0), 12), { confirm: { attempts: 2, interval: '50ms' } });
  const { report, points } = await runMixed(config, { concurrency: 2, requestTimeoutMs });
  expect(report.durationMs).toBeLessThan(targetsMs + 500);
  const unreached = report.results.filter(({ phases }) => Object.keys(phases).length === 0);
  expect(unreached.length).toBeGreaterThanOrEqual(6);
  for (const result of unreached) expect(result).toMatchObject({ outcome: 'unknown', reason: 'prober_exhausted', attempts: 1 });
  const told = points.filter(({ metric }) => metric === 'probe/success').map(({ task }) => task.task_id);
  expect(told.filter((name) => unreached.some(({ target }) => target === name))).toEqual([]);
});

test.each([
  ['is not fetched afresh where there is no time for a further attempt', '2s', '1s', 1000],
  ['is fetched afresh for no longer than leaves time for a further attempt', '1s', '50ms', targetsMs],
])('a secret %s', async (_, timeout, interval, withinMs) => {
  const refused = at(1, { timeout, send: { secret: 'password' }, confirm: { attempts: 1, interval } });
  const { report, tookMs } = await runMixed(configFor({ refused }, {}), { requestTimeoutMs, secretManager: secrets.address });
  expect(report.results).toMatchObject([{ outcome: 'failure', reason: 'credentials_rejected', attempts: 1 }]);
  expect(tookMs).toBeLessThan(withinMs + 1000);
});
