import type { TargetAnswer } from '../../shared/status/state';
import { project, startStatusPage, type StatusPage } from '../support/status-page';
import { allWell as all, someTargets, times } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage({
    ...someTargets,
    tcp: { store: { host: '10.0.0.2', port: 9000, severity: 'warning', runbook: 'https://wiki.example.com/store#{reason}' } },
  });
});
afterAll(() => page.close());
beforeEach(() => page.renew());

const target = (name: string): Promise<TargetAnswer> => page.answer(`/api/target?target=${name}`);
const reads = (): number => page.platform.requests().filter(({ path }) => path === '/logging/v2/entries:list').length;

describe('one target', () => {
  test('that works needs no hint and no runbook', async () => {
    await page.telling.run(all);
    expect(await target('front')).toEqual({
      readAt: page.ago(0),
      stale: false,
      problem: null,
      state: expect.objectContaining({ target: 'front', outcome: 'success' }),
      hint: null,
      runbook: null,
      secrets: [],
      needs: ['back'],
      neededBy: [],
      failures: [],
      logProblem: null,
    });
    expect((await target('back')).neededBy).toEqual(['front']);
  });

  test('that fails says what to look at first, and where the runbook is', async () => {
    await page.telling.run({ ...all, cache: 'failure connect_refused', store: 'failure connect_timeout' });
    expect(await target('cache')).toMatchObject({ hint: expect.stringContaining('port'), runbook: 'runbooks#connect_refused' });
    expect((await target('store')).runbook).toBe('https://wiki.example.com/store#connect_timeout');
  });

  test('tells its last failures, the newest first, and no other run', async () => {
    await page.telling.run(all);
    page.platform.log(
      project,
      page.result('redis', 8 * 24 * times.hour, { target: 'cache', reason: 'connect_timeout' }),
      page.result('redis', 3 * times.minute, { target: 'cache', reason: 'connect_refused', domain: 'network', owner: 'infrastructure' }),
      page.result('redis', 2 * times.minute, { target: 'other', reason: 'connect_refused' }),
      page.result('redis', times.minute, { target: 'cache', outcome: 'degraded', reason: 'too_slow', hint: null }),
      page.result('redis', 0, { target: 'cache', outcome: 'success', reason: null }),
      page.entry('redis', 0, { severity: 'ERROR', jsonPayload: { event: 'warning', message: 'nothing of a result' } }),
    );
    const { failures } = await target('cache');
    expect(failures?.map(({ at, reason }) => [at, reason])).toEqual([
      [page.ago(times.minute), 'too_slow'],
      [page.ago(3 * times.minute), 'connect_refused'],
    ]);
    expect(failures?.[0]?.hint).not.toBeNull();
    expect(failures?.[1]).toEqual({
      at: page.ago(3 * times.minute),
      outcome: 'failure',
      reason: 'connect_refused',
      domain: 'network',
      owner: 'infrastructure',
      phase: 'connect',
      code: null,
      message: 'it failed',
      hint: 'look there',
      runbook: 'runbooks#connect_refused',
      attempts: 2,
      durationMs: 12.5,
      findings: [],
      runId: '01RUN',
    });
  });

  test('tells at most twenty failures; what another version says in other words is told as far as it is known', async () => {
    await page.telling.run(all);
    const many = Array.from({ length: 30 }, (_, index) =>
      page.result('redis', index * times.minute, { target: 'cache', reason: 'a_reason_of_tomorrow', phase: 'quantum', owner: 'nobody' }),
    );
    page.platform.log(project, ...many, page.result('redis', 0, { target: 'cache', outcome: 'superb' }));
    const { failures } = await target('cache');
    expect(failures).toHaveLength(20);
    expect(failures?.[0]).toMatchObject({ outcome: 'failure', reason: null, phase: null, owner: null, runbook: null });
  });

  test('knows which of its secrets are valid, and how old', async () => {
    const findings = [
      { subject: 'db-password', outcome: 'failure' as const, reason: null, message: '', durationMs: null },
      { subject: 'cache-password', outcome: 'success' as const, reason: null, message: '', durationMs: null },
    ];
    const observed = { 'secret.ageDays': { 'db-password': 3, 'cache-password': 90 } };
    await page.telling.run({ app: 'failure secret_malformed' }, { findings, observed });
    const { secrets } = await target('app');
    expect(secrets).toEqual([
      { secret: 'db-password', valid: false, ageDays: expect.closeTo(3, 1) },
      { secret: 'cache-password', valid: true, ageDays: expect.closeTo(90, 1) },
    ]);
    expect((await target('db')).secrets).toEqual([{ secret: 'db-password', valid: false, ageDays: expect.closeTo(3, 1) }]);
    expect((await target('cache')).secrets).toMatchObject([{ secret: 'cache-password', valid: true }]);
  });

  test('knows them also while runs come in between two readings', async () => {
    const findings = [{ subject: 'db-password', outcome: 'success' as const, reason: null, message: '', durationMs: null }];
    for (let passed = 0; passed < 4; passed += 1) {
      await page.telling.run({ app: 'success' }, { findings });
      await page.answer('/api/targets');
      page.telling.pass(40_000);
      await page.telling.run({ app: 'success' }, { findings });
      expect((await target('db')).secrets).toMatchObject([{ secret: 'db-password', valid: true }]);
      page.telling.pass(20_000);
    }
  });

  test('whose secrets were not looked at for too long says nothing of them', async () => {
    const findings = [{ subject: 'db-password', outcome: 'success' as const, reason: null, message: '', durationMs: null }];
    await page.telling.run({ app: 'success' }, { findings });
    page.telling.pass(3 * times.hour);
    expect((await target('db')).secrets).toEqual([{ secret: 'db-password', valid: null, ageDays: null }]);
  });

  test('is told without the log where that can not be read, and says why', async () => {
    await page.telling.run({ ...all, cache: 'failure connect_refused' });
    page.platform.fault({ methods: ['POST'], resource: 'entries:list', code: 403, message: 'no logging.logEntries.list' });
    const { state, failures, logProblem, stale } = await target('cache');
    expect([state.outcome, failures, stale]).toEqual(['failure', null, false]);
    expect(logProblem).toEqual({ reason: 'api_denied', message: expect.stringContaining('no logging.logEntries.list') });
    expect(page.telling.logged.map(({ message }) => message)).toContainEqual(expect.stringContaining('no logging.logEntries.list'));
  });

  test('is read once a minute for all who ask', async () => {
    await page.telling.run(all);
    await Promise.all(Array.from({ length: 8 }, () => target('db')));
    expect(reads()).toBe(1);
    page.telling.pass(59_000);
    await target('db');
    expect(reads()).toBe(1);
    page.telling.pass(2000);
    await target('db');
    expect(reads()).toBe(2);
  });

  test.each([
    ['', 'query parameter "target" is missing; allowed: the name of one target'],
    ['?target=nobody', 'unknown target "nobody"'],
    ['?target=db&target=cache', 'query parameter "target" is wrong'],
    ['?name=db', 'unknown query parameter "name"; allowed: target'],
  ])('is not found by %j', async (query, message) => {
    const { status, body } = await page.ask(`/api/target${query}`);
    expect([status, body]).toEqual([400, { error: { code: 'bad_request', message: expect.stringContaining(message) } }]);
  });
});

test.each(['/api/target?target=db', '/api/dependencies'])(
  '%s answers a request for its header, and is never kept elsewhere',
  async (path) => {
    await page.telling.run(all);
    const { status, text, headers } = await page.ask(path, { method: 'HEAD' });
    expect([status, text, headers.get('cache-control')]).toEqual([200, '', 'no-store']);
    const posted = await page.ask(path, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  },
);
