/** Incidents: when they open and close, and how Cloud Monitoring's API lists them. */
import { ruleSources } from '../../deploy/alerts/rules';
import { alertPolicies } from '../../deploy/alerts/policies';
import { type PlatformStandIn, startPlatformStandIn } from '../../local/emulators/platform';
import { alertsRoute, type StoredAlert } from '../../local/emulators/platform/alerts';
import { RestError } from '../../local/emulators/platform/rest-error';
import type { PrometheusAlert } from '../../local/services/prometheus';
import { createIncidents, type Incidents } from '../../local/stack/incidents';
import { planned } from '../deploy/alerts/planned';

const policies = alertPolicies(planned('redis:\n  cache: { host: cache }\n  sessions: { host: sessions }\n'));
const key = 'down-critical-infrastructure-1m';
const policyName = 'projects/p/alertPolicies/7';
const start = Date.parse('2026-01-01T00:00:00Z');
const minuteMs = 60_000;
const dayMs = 86_400_000;

let incidents: Incidents;
beforeEach(() => {
  incidents = createIncidents('p', ruleSources(policies), new Map([[key, policyName]]));
});

const alert = (task: string, state: PrometheusAlert['state'] = 'firing', rule = `${key}/down`): PrometheusAlert => ({
  labels: { alertname: rule, job: 'redis', task_id: task, namespace: 'staging', kind: 'redis' },
  state,
});

test('the policies of two critical targets have a rule each', () => {
  expect([...ruleSources(policies).keys()]).toContain(`${key}/down`);
});

test('what fires opens an incident of its policy, with its labels; what is pending does not', () => {
  const { opened } = incidents.update([alert('cache'), alert('sessions', 'pending')], start);
  expect(opened).toHaveLength(1);
  expect(incidents.list()).toEqual([
    {
      name: expect.stringMatching(/^projects\/p\/alerts\/0\.[0-9a-f]{16}$/),
      state: 'OPEN',
      openTime: '2026-01-01T00:00:00.000Z',
      resource: { type: 'generic_task', labels: { job: 'redis', task_id: 'cache', namespace: 'staging' } },
      metric: { type: expect.stringMatching(/^custom\.googleapis\.com\/synthetic\/\w+\/\w+$/), labels: { kind: 'redis' } },
      policy: {
        name: policyName,
        displayName: expect.stringContaining('critical targets run every 1m are down, for infrastructure'),
        userLabels: expect.objectContaining({ policy: key }),
        severity: 'CRITICAL',
      },
    },
  ]);
});

test('it stays the same as long as it fires, and closes when it does not any more; then it may open again', () => {
  incidents.update([alert('cache')], start);
  const [first] = incidents.list();
  expect(incidents.update([alert('cache'), alert('sessions')], start + minuteMs).opened).toHaveLength(1);
  expect(incidents.list()[0]).toEqual(first);
  const { closed } = incidents.update([alert('sessions')], start + 2 * minuteMs);
  expect(closed).toEqual([{ ...first, state: 'CLOSED', closeTime: '2026-01-01T00:02:00.000Z' }]);
  const { opened } = incidents.update([alert('cache'), alert('sessions')], start + 3 * minuteMs);
  expect(opened.map(({ name }) => name)).not.toContain(first?.name);
  expect(incidents.list().map(({ state }) => state)).toEqual(['OPEN', 'OPEN', 'CLOSED']);
});

test('what was closed is forgotten after a day, and what is open never', () => {
  incidents.update([alert('cache'), alert('sessions')], start);
  incidents.update([alert('cache')], start + minuteMs);
  incidents.update([alert('cache')], start + minuteMs + dayMs - 1);
  expect(incidents.list()).toHaveLength(2);
  incidents.update([alert('cache')], start + minuteMs + dayMs);
  expect(incidents.list().map(({ state }) => state)).toEqual(['OPEN']);
});

test('a rule that is none of ours opens nothing', () => {
  expect(incidents.update([alert('cache', 'firing', 'other/rule')], start).opened).toEqual([]);
});

describe('projects.alerts.list', () => {
  let standIn: PlatformStandIn;
  let all: () => readonly StoredAlert[] = () => [];
  beforeAll(async () => {
    standIn = await startPlatformStandIn();
    standIn.route(alertsRoute(() => all()));
  });
  afterAll(() => standIn.close());

  beforeEach(() => {
    incidents.update([alert('cache')], start);
    incidents.update([alert('sessions')], start + minuteMs);
    incidents.update([alert('sessions'), alert('cache')], start + 2 * minuteMs);
    all = incidents.list;
  });

  interface Listed {
    readonly alerts?: readonly StoredAlert[];
    readonly nextPageToken?: string;
    readonly totalSize?: number;
    readonly error?: { readonly code: number; readonly message: string; readonly status: string };
  }

  async function list(query: Readonly<Record<string, string>> = {}, project = 'p'): Promise<Listed> {
    const response = await fetch(
      `http://${standIn.address}/monitoring/v3/projects/${project}/alerts?${new URLSearchParams(query).toString()}`,
    );
    return (await response.json()) as Listed;
  }

  const minutes = ({ alerts = [] }: Listed): readonly string[] => alerts.map(({ openTime, state }) => `${openTime.slice(14, 16)} ${state}`);

  test('the newest come first', async () => {
    const listed = await list();
    expect([listed.totalSize, minutes(listed)]).toEqual([3, ['02 OPEN', '01 OPEN', '00 CLOSED']]);
    expect(await list({}, 'another')).toEqual({ totalSize: 0 });
  });

  test('another order is taken', async () => {
    expect(minutes(await list({ orderBy: 'openTime' }))).toEqual(['00 CLOSED', '01 OPEN', '02 OPEN']);
    expect(minutes(await list({ orderBy: 'closeTime desc, openTime' }))).toEqual(['00 CLOSED', '01 OPEN', '02 OPEN']);
    expect((await list({ orderBy: 'policy' })).error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  test.each([
    ['state="OPEN"', ['02 OPEN', '01 OPEN']],
    ['state="CLOSED"', ['00 CLOSED']],
    [`policy.name="${policyName}" AND state=OPEN`, ['02 OPEN', '01 OPEN']],
    [`policy.user_labels.policy="${key}"`, ['02 OPEN', '01 OPEN', '00 CLOSED']],
    ['policy.userLabels.policy="other"', []],
    ['openTime>="2026-01-01T00:01:00Z"', ['02 OPEN', '01 OPEN']],
    ['close_time>"2026-01-01T00:00:30Z"', ['00 CLOSED']],
    ['resource.labels.task_id="sessions"', ['01 OPEN']],
  ])('the filter %s is taken', async (filter, expected) => {
    expect(minutes(await list({ filter }))).toEqual(expected);
  });

  test('pages follow each other', async () => {
    const first = await list({ pageSize: '2' });
    expect([minutes(first), first.totalSize]).toEqual([['02 OPEN', '01 OPEN'], 3]);
    const second = await list({ pageSize: '2', pageToken: first.nextPageToken ?? '' });
    expect([minutes(second), second.nextPageToken]).toEqual([['00 CLOSED'], undefined]);
    expect((await list({ pageToken: 'nonsense' })).error).toMatchObject({ code: 400 });
  });

  test('an API that is not available says why', async () => {
    all = () => {
      throw new RestError(503, 'not evaluated');
    };
    expect((await list()).error).toEqual({ code: 503, message: 'not evaluated', status: 'UNAVAILABLE' });
  });
});
