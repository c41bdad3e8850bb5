import { blockedMs } from '../../functions/status/blocked';
import type { IncidentsAnswer } from '../../shared/status/events';
import type { TargetsAnswer } from '../../shared/status/state';
import { alertOf, diagnosed, policies, sections } from '../support/listed-alerts';
import { startStatusPage, type StatusPage } from '../support/status-page';
import { allWell as all, times } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage(sections);
});
afterAll(() => page.close());
beforeEach(() => page.renew());

describe('what fails because of a cause', () => {
  const lost = 'failure connect_timeout';
  const outage = { ...all, back: lost, cache: lost, store: lost, db: lost, way: 'failure resource_not_ready' } as const;
  const behind = ['back', 'cache', 'db', 'store'];
  const told = async (): Promise<string[]> =>
    (await page.answer<IncidentsAnswer>('/api/incidents')).blocked.map(({ target, cause }) => `${target} ${cause}`).toSorted();

  test('pages nobody, and is told; where the cause is seen nothing is blocked by it', async () => {
    await page.telling.run(outage);
    await diagnosed(page, 'vpc-connector', ...behind, 'way');
    expect(await told()).toEqual(behind.map((target) => `${target} vpc-connector`));
  });

  test('pages as long as nobody wrote of it, whatever the status itself thinks', async () => {
    await page.telling.run(outage);
    expect((await page.answer<TargetsAnswer>('/api/targets')).causes).toMatchObject([{ cause: 'vpc-connector' }]);
    expect(await told()).toEqual([]);
  });

  test('keeps still for as long as the alert policies say, and no longer', async () => {
    await diagnosed(page, 'vpc-connector', ...behind);
    page.telling.pass(blockedMs - 1000);
    await page.telling.run(outage);
    expect(await told()).toHaveLength(behind.length);
    page.telling.pass(2000);
    expect(await told()).toEqual([]);
    page.telling.pass(times.minute);
    await page.telling.run(outage);
    expect(await told()).toEqual([]);
  });

  test('is not told where it pages all the same, or works again', async () => {
    await page.telling.run({ ...outage, store: 'success' });
    await diagnosed(page, 'vpc-connector', ...behind);
    page.alerts.push(
      alertOf(page, 'down-critical-infrastructure', { job: 'redis', task_id: 'cache' }, times.minute),
      alertOf(page, 'down-critical-infrastructure', { job: 'postgres', task_id: 'db' }, times.hour, times.minute),
    );
    expect(await told()).toEqual(['back vpc-connector', 'db vpc-connector']);
  });

  test('of several causes the one is told that was named last, also where the status does not see it', async () => {
    await page.telling.run(outage);
    await diagnosed(page, 'dns', 'back', 'cache');
    page.telling.pass(times.minute);
    await diagnosed(page, 'vpc-connector', 'cache');
    await diagnosed(page, 'secret/cache-password', 'cache');
    expect(await told()).toEqual(['back dns', 'cache vpc-connector']);
  });

  test('keeps still in the window of the policies', () => {
    const queries = JSON.stringify(policies.filter(({ userLabels }) => userLabels['policy']?.startsWith('down-')));
    const windows = [...queries.matchAll(/synthetic[^\]]*blocked[^[]*\[(\w+)\]/g)].map(([, window]) => window);
    expect(new Set(windows)).toEqual(new Set([`${blockedMs / times.minute}m`]));
  });
});
