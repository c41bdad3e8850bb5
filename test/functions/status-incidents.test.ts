import type { IncidentsAnswer } from '../../shared/status/events';
import { alertOf, channel, diagnosed, policies, sections } from '../support/listed-alerts';
import { startStatusPage, type StatusPage } from '../support/status-page';
import { allWell as all, times } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage(sections);
});
afterAll(() => page.close());
beforeEach(() => page.renew());

const incidents = (): Promise<IncidentsAnswer> => page.answer('/api/incidents');
const questions = (): number => page.platform.requests().filter(({ path }) => path.endsWith('/alerts')).length;

test('nothing pages while all is well', async () => {
  await page.telling.run(all);
  expect(await incidents()).toEqual({ readAt: page.ago(0), stale: false, problem: null, incidents: [], truncated: false, blocked: [] });
});

test('what is open, or was closed within a day, is told, the newest first, with its owner and whom it goes to', async () => {
  await page.telling.run(all);
  page.alerts.push(
    alertOf(page, 'secret-invalid-critical', { secret: 'db-password' }, 30 * times.hour, times.hour),
    alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, 10 * times.minute),
    alertOf(page, 'cause-critical-application', { cause: 'target/front', owner: 'application' }, 5 * times.minute),
    alertOf(page, 'cause-critical-infrastructure', { cause: 'vpc-connector', owner: 'infrastructure' }, 50 * times.hour, 25 * times.hour),
    alertOf(page, 'prober-silent', { job: 'http', task_id: 'shard-0' }, 20 * times.minute),
    alertOf(page, 'intermittent', { job: 'tcp', task_id: 'store' }, 40 * times.hour),
  );
  const told = (await incidents()).incidents;
  expect(told.map(({ subject, owner, severity, state, channels }) => [subject, owner, severity, state, channels])).toEqual([
    ['cause target/front', 'application', 'critical', 'open', [channel(3)]],
    ['redis cache', 'infrastructure', 'critical', 'open', [channel(1)]],
    ['function http shard-0', 'monitor', 'critical', 'open', [channel(3)]],
    ['secret db-password', 'operator', 'critical', 'closed', [channel(2)]],
    ['tcp store', null, 'warning', 'open', []],
  ]);
  expect(told[1]).toEqual({
    policy: expect.stringMatching(/^down-critical-infrastructure-/),
    title: 'critical targets run every 1m are down, for infrastructure',
    severity: 'critical',
    owner: 'infrastructure',
    state: 'open',
    openedAt: page.ago(10 * times.minute),
    closedAt: null,
    target: 'cache',
    cause: null,
    subject: 'redis cache',
    channels: [channel(1)],
  });
  expect(told[0]).toMatchObject({ cause: 'target/front', target: null });
  expect(told[3]?.closedAt).toBe(page.ago(times.hour));
});

test('every policy of ours is known again by its labels: whose it is, how grave, and to whom it goes', async () => {
  await page.telling.run(all);
  page.alerts.push(
    ...policies.map(({ userLabels }) => alertOf(page, userLabels['policy'] ?? '', { job: 'redis', task_id: 'cache' }, times.minute)),
  );
  const told = new Map((await incidents()).incidents.map((incident) => [incident.policy, incident]));
  for (const { userLabels, severity, notificationChannels } of policies)
    expect(told.get(userLabels['policy'] ?? '')).toMatchObject({
      owner: userLabels['owner'] ?? null,
      severity: severity.toLowerCase(),
      channels: notificationChannels,
    });
});

test('an alert of a policy that says its owner by its key alone is told, too', async () => {
  await page.telling.run(all);
  const { policy, ...alert } = alertOf(page, 'down-critical-infrastructure', { task_id: 'cache' }, 0) as { policy: { userLabels: object } };
  page.alerts.push({ ...alert, policy: { ...policy, userLabels: { ...policy.userLabels, owner: undefined } } });
  expect((await incidents()).incidents).toMatchObject([{ owner: 'infrastructure', target: 'cache' }]);
});

test('alerts of other environments and of other people are not told, and one of another shape does no harm', async () => {
  await page.telling.run(all);
  const ours = alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, 0) as { policy: { userLabels: object } };
  page.alerts.push(
    { ...ours, policy: { ...ours.policy, userLabels: { ...ours.policy.userLabels, 'synthetics-environment': 'other' } } },
    { ...ours, policy: { displayName: 'theirs' } },
    { state: 'OPEN' },
    ours,
  );
  expect((await incidents()).incidents).toHaveLength(1);
});

test('all pages are read, and no more than some', async () => {
  await page.telling.run(all);
  const closed = alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, 99 * times.hour, 98 * times.hour);
  page.alerts.push(
    ...Array.from({ length: 2500 }, () => closed),
    alertOf(page, 'intermittent', { job: 'tcp', task_id: 'store' }, 100 * times.hour),
  );
  expect(await incidents()).toMatchObject({ truncated: false, incidents: [{ subject: 'tcp store' }] });
  expect(questions()).toBe(3);
  page.alerts.unshift(...Array.from({ length: 1000 }, () => closed));
  page.telling.pass(2 * times.minute);
  expect(await incidents()).toMatchObject({ truncated: true, incidents: [] });
  expect(questions()).toBe(6);
});

test('is read once a minute for all who ask', async () => {
  await page.telling.run(all);
  await Promise.all(Array.from({ length: 6 }, () => incidents()));
  page.telling.pass(59_000);
  await incidents();
  expect(questions()).toBe(1);
});

describe('where alerts can not be read', () => {
  test('the rest is told, with the reason; what was read before is given on, marked', async () => {
    const own = await startStatusPage(sections);
    try {
      const lost = 'failure connect_timeout';
      await own.telling.run({ ...all, back: lost, cache: lost, store: lost, db: lost, way: 'failure resource_not_ready' });
      await diagnosed(own, 'vpc-connector', 'back', 'cache', 'store', 'db');
      const denied = { methods: ['GET'], resource: '/alerts', code: 403, message: 'no monitoring.alerts.list' };
      const heal = own.platform.fault(denied);
      const problem = { reason: 'api_denied', message: expect.stringContaining('no monitoring.alerts.list') };
      const blind = await own.answer<IncidentsAnswer>('/api/incidents');
      expect(blind).toMatchObject({ stale: false, problem, incidents: [] });
      expect(blind.blocked.length).toBeGreaterThan(3);
      expect(own.telling.logged.map(({ message }) => message)).toContainEqual(expect.stringContaining('no monitoring.alerts.list'));
      heal();
      own.telling.pass(times.minute);
      const { policy, ...alert } = alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, 0) as {
        policy: object;
      };
      own.alerts.push({ ...alert, policy });
      expect(await own.answer<IncidentsAnswer>('/api/incidents')).toMatchObject({
        stale: false,
        problem: null,
        incidents: [{ target: 'cache' }],
      });
      own.platform.fault(denied);
      own.telling.pass(2 * times.minute);
      expect(await own.answer<IncidentsAnswer>('/api/incidents')).toMatchObject({ stale: true, problem, incidents: [{ target: 'cache' }] });
    } finally {
      await own.close();
    }
  });

  test('what is blocked is missing, with the reason, where that alone can not be read', async () => {
    await page.telling.run({ ...all, back: 'failure connect_timeout' });
    await page.answer('/api/targets');
    page.telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
    const problem = { reason: 'api_denied', message: expect.stringContaining('what is blocked could not be read') };
    expect(await incidents()).toMatchObject({ stale: false, problem, blocked: [] });
  });

  test('and no points either, nothing is said to be blocked', async () => {
    page.telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
    page.alerts.push(alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, 0));
    expect(await incidents()).toMatchObject({
      stale: false,
      problem: { reason: 'api_denied' },
      incidents: [{ target: 'cache' }],
      blocked: [],
    });
  });
});
