/** What somebody sees who breaks something while `npm start` runs: an alert fires with its cause, and closes once it is mended. */
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { type Live, startLive } from '../../local/live';
import { createScreen } from '../../local/screen';
import type { StoredAlert } from '../../local/emulators/platform/alerts';
import { type Gateway, startGateway } from '../../local/stack/gateway';
import { type Stack, startStack } from '../../local/stack/stack';

const minuteMs = 60_000;
// Real minutes: schedules are, an alert opens after two failed runs and the diagnosis, and closes when nothing of it was seen for a while.
jest.setTimeout(25 * minuteMs);
jest.retryTimes(0);

let stack: Stack;
let gateway: Gateway;
let live: Live;
let shown = '';
beforeAll(async () => {
  gateway = await startGateway(0);
  stack = await startStack({ kinds, say: () => undefined });
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      shown += chunk.toString();
      done();
    },
  });
  live = startLive(
    stack,
    gateway,
    createScreen(output, () => ''),
    { kinds, services },
  );
});
afterAll(() => Promise.allSettled([live?.stop(), gateway?.close(), stack?.stop()]));

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean, limitMs: number): Promise<T> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > limit) throw new Error(`not within ${limitMs} ms:\n${JSON.stringify(value)}\n${shown}`);
    await delay(1000);
  }
}

async function fromGoogle(path: string, body?: object): Promise<unknown> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  return (await fetch(`http://${stack.services.platform.address}/${path}`, init)).json();
}

interface AlertsAnswer {
  readonly alerts?: readonly StoredAlert[];
  readonly error?: unknown;
}

const alerts = async (): Promise<AlertsAnswer> => (await fromGoogle('monitoring/v3/projects/local-project/alerts')) as AlertsAnswer;

async function switchFault(name: string, on: boolean): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/faults/${name}`, { method: 'POST', body: JSON.stringify({ on }) });
  expect(response.status).toBe(200);
}

async function entries(...conditions: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const filter = ['resource.type="cloud_run_revision"', ...conditions].join('\nAND ');
  const answer = await fromGoogle('logging/v2/entries:list', {
    resourceNames: ['projects/local-project'],
    filter,
    orderBy: 'timestamp desc',
  });
  return (answer as { entries?: readonly Readonly<Record<string, unknown>>[] }).entries ?? [];
}

async function outcomes(): Promise<Readonly<Record<string, string>>> {
  const answer = await (await fetch(`http://127.0.0.1:${gateway.port}/api/targets`)).json();
  const { targets } = answer as { targets: readonly { target: string; outcome: string }[] };
  return Object.fromEntries(targets.map(({ target, outcome }) => [target, outcome]));
}

test('a broken connector is one incident of its cause, what it blocks pages nobody, and once it is mended the incident closes', async () => {
  expect((await eventually(alerts, ({ error }) => error === undefined, minuteMs)).alerts).toBeUndefined();
  await eventually(
    async () => shown,
    (text) => /journey\/golden-path {2}SUCCESS/.test(text),
    minuteMs,
  );

  await switchFault('vpc-connector-down', true);
  const { alerts: opened } = await eventually(alerts, (answer) => (answer.alerts?.length ?? 0) > 0, 10 * minuteMs);
  expect(opened).toEqual([
    {
      name: expect.stringMatching(/^projects\/local-project\/alerts\//),
      state: 'OPEN',
      openTime: expect.any(String),
      resource: { type: 'generic_task', labels: expect.objectContaining({ namespace: 'local', job: 'diagnose', task_id: 'diagnose' }) },
      metric: { type: expect.any(String), labels: expect.objectContaining({ cause: 'vpc-connector', owner: 'infrastructure' }) },
      policy: {
        name: expect.stringMatching(/^projects\/local-project\/alertPolicies\//),
        displayName: expect.stringContaining('a cause explains failures of critical targets, for infrastructure'),
        userLabels: expect.objectContaining({ policy: 'cause-critical-infrastructure' }),
        severity: 'CRITICAL',
      },
    },
  ]);
  const { alertPolicies } = (await fromGoogle('monitoring/v3/projects/local-project/alertPolicies')) as {
    alertPolicies: readonly { name: string; notificationChannels: readonly string[] }[];
  };
  const policy = alertPolicies.find(({ name }) => name === opened?.[0]?.policy.name);
  expect(policy?.notificationChannels).toEqual(['projects/local-project/notificationChannels/infrastructure-on-call']);
  expect(await fromGoogle(`monitoring/v3/${policy?.notificationChannels[0]}`)).toMatchObject({ displayName: 'Infrastructure, on call' });

  // What the functions say of it is in Cloud Logging, and does not count against the targets that look there.
  const ofCache = ['resource.labels.service_name="synthetics-local-redis"', 'severity>=WARNING', 'jsonPayload.event="result"'];
  const [newest] = await entries(...ofCache, 'jsonPayload.result.target="cache"');
  expect(newest).toMatchObject({
    logName: 'projects/local-project/logs/run.googleapis.com%2Fstdout',
    severity: 'ERROR',
    jsonPayload: { event: 'result', result: { kind: 'redis', target: 'cache', outcome: 'failure', reason: 'connect_timeout' } },
  });
  const reported = 'jsonPayload."@type"="type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"';
  expect((await entries('resource.labels.service_name=~"-(redis|tcp)$"', reported)).length).toBeGreaterThan(1);
  const seen = await outcomes();
  expect(seen).toMatchObject({ cache: 'failure', 'orders-db': 'failure', clickhouse: 'failure', 'vpc-connector': 'failure' });
  expect(seen).toMatchObject({ 'no-1011': 'success', 'no-error-3': 'success', 'no-infrastructure-errors': 'success' });

  await switchFault('vpc-connector-down', false);
  const { alerts: all } = await eventually(
    alerts,
    (answer) => answer.alerts?.some(({ state }) => state === 'CLOSED') === true,
    15 * minuteMs,
  );
  expect(all).toEqual([{ ...opened?.[0], state: 'CLOSED', closeTime: expect.any(String) }]);
  expect(Date.parse(all?.[0]?.closeTime ?? '')).toBeGreaterThan(Date.parse(all?.[0]?.openTime ?? ''));
  expect(shown).toMatch(/Alert opens: CRITICAL .* vpc-connector\n[^]*Alert closes: CRITICAL .* vpc-connector\n/);
  expect(shown).not.toMatch(/did not take|could not be (?:evaluated|asked)/);
});
