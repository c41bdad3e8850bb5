import { services } from '../../functions/services';
import { serviceNames } from '../../shared/serve/service';
import type { LogsAnswer } from '../../shared/status/events';
import { project, startStatusPage, type StatusPage } from '../support/status-page';
import { someTargets, times } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage(someTargets);
});
afterAll(() => page.close());
beforeEach(() => {
  page.platform.heal();
  page.platform.clear();
  page.telling.logged.length = 0;
  page.telling.pass(times.hour);
});

const logs = (query = ''): Promise<LogsAnswer> => page.answer(`/api/logs${query}`);
const questions = (): readonly { readonly filter: string; readonly pageSize: number }[] =>
  page.platform
    .requests()
    .filter(({ path }) => path === '/logging/v2/entries:list')
    .map(({ body }) => body as { filter: string; pageSize: number });

const run = (kind: string, agoMs: number, severity = 'INFO') =>
  page.entry(kind, agoMs, { severity, jsonPayload: { event: 'run', message: `${kind} ran`, runId: '01ABC' } });

test('the names of the functions that serve people are theirs', () => {
  expect(services.map(({ name }) => name)).toEqual(serviceNames);
});

describe('the log', () => {
  test('tells the lines of our functions, the newest first, and of no others', async () => {
    page.platform.log(
      project,
      run('redis', 2 * times.minute),
      page.result('postgres', times.minute, { target: 'db', reason: 'connect_refused' }),
      page.entry('status', 0, { severity: 'ERROR', textPayload: 'TypeError: x\n    at y' }),
      run('redis', 2 * times.hour),
      { ...run('redis', 0), resource: { type: 'cloud_run_revision', labels: { service_name: 'synthetics-other-redis' } } },
      { ...run('redis', 0), resource: { type: 'gce_instance', labels: { service_name: 'synthetics-test-redis' } } },
    );
    expect(await logs()).toEqual({
      readAt: page.ago(0),
      stale: false,
      problem: null,
      truncated: false,
      lines: [
        {
          at: page.ago(0),
          severity: 'ERROR',
          function: 'status',
          event: null,
          message: 'TypeError: x\n    at y',
          target: null,
          runId: null,
        },
        {
          at: page.ago(times.minute),
          severity: 'ERROR',
          function: 'postgres',
          event: 'result',
          message: 'postgres db: failure connect_refused\nit failed',
          target: 'db',
          runId: '01RUN',
        },
        {
          at: page.ago(2 * times.minute),
          severity: 'INFO',
          function: 'redis',
          event: 'run',
          message: 'redis ran',
          target: null,
          runId: '01ABC',
        },
      ],
    });
  });

  test('can be narrowed to a function, a severity and hours', async () => {
    page.platform.log(project, run('redis', 0), run('http', 0, 'WARNING'), run('redis', 5 * times.hour, 'ERROR'));
    const told = async (query: string): Promise<readonly string[]> =>
      (await logs(query)).lines.map((line) => `${line.function} ${line.severity}`);
    expect(await told('?function=redis')).toEqual(['redis INFO']);
    expect(await told('?severity=WARNING')).toEqual(['http WARNING']);
    expect(await told('?hours=6&function=redis')).toEqual(['redis INFO', 'redis ERROR']);
  });

  test('leaves out requests that went well, and tells those that did not', async () => {
    const request = (status: number, severity: string) =>
      page.entry('http', 0, { severity, httpRequest: { requestMethod: 'POST', requestUrl: 'https://http.example/', status } });
    page.platform.log(project, request(200, 'INFO'), request(504, 'ERROR'));
    expect((await logs()).lines.map(({ message }) => message)).toEqual(['POST https://http.example/ 504']);
  });

  test('tells 200 lines at most, none longer than some thousand characters, and says that there are more', async () => {
    const long = page.entry('redis', 0, { jsonPayload: { message: 'x'.repeat(100_000) } });
    page.platform.log(project, ...Array.from({ length: 300 }, () => run('redis', times.minute)), long);
    const { lines, truncated } = await logs();
    expect([lines.length, truncated]).toEqual([200, true]);
    expect(lines[0]?.message.length).toBeLessThan(10_000);
    expect(questions()).toHaveLength(1);
  });
});

describe('a log that can not be read', () => {
  let own: StatusPage;
  beforeAll(async () => {
    own = await startStatusPage(someTargets);
  });
  afterAll(() => own.close());

  test('is refused with the reason; what was read before is given on, marked', async () => {
    const heal = own.platform.fault({ methods: ['POST'], resource: 'entries:list', code: 403, message: 'no logging.logEntries.list' });
    const refused = await own.ask('/api/logs');
    expect([refused.status, refused.body]).toEqual([
      500,
      { error: { code: 'api_denied', message: expect.stringContaining('no logging.logEntries.list') } },
    ]);
    heal();
    own.telling.pass(times.minute);
    own.platform.log(project, own.entry('redis', 0, { jsonPayload: { message: 'a line' } }));
    expect(await own.answer<LogsAnswer>('/api/logs')).toMatchObject({ stale: false, lines: [{ message: 'a line' }] });
    own.platform.fault({ methods: ['POST'], resource: 'entries:list', code: 403, message: 'no logging.logEntries.list' });
    own.telling.pass(2 * times.minute);
    expect(await own.answer<LogsAnswer>('/api/logs')).toMatchObject({
      stale: true,
      problem: { reason: 'api_denied', message: expect.stringContaining('logging') },
      lines: [{ message: 'a line' }],
    });
  });

  test('is read on behind a page that is empty because the search took too long for it', async () => {
    const entry = own.entry('redis', 0, { jsonPayload: { message: 'a line' } });
    let pages = 0;
    own.platform.route({
      method: 'POST',
      path: /^\/logging\/v2\/(?<method>entries:list)$/,
      handle() {
        pages += 1;
        return pages === 1 ? { nextPageToken: 'more' } : { entries: [entry, { timestamp: 7 }] };
      },
    });
    own.platform.heal();
    expect(await own.answer<LogsAnswer>('/api/logs?hours=2')).toMatchObject({ truncated: false, lines: [{ message: 'a line' }] });
    expect(pages).toBe(2);
  });

  test('is told as far as it could be read within the time', async () => {
    const slow = await startStatusPage(someTargets, { requestTimeoutSeconds: 1 });
    try {
      const entry = slow.entry('redis', 0, { jsonPayload: { message: 'a line' } });
      slow.platform.route({
        method: 'POST',
        path: /^\/logging\/v2\/(?<method>entries:list)$/,
        handle: ({ body }) =>
          (body as { pageToken?: string }).pageToken === undefined
            ? { entries: [entry], nextPageToken: 'more' }
            : new Promise(() => undefined),
      });
      expect(await slow.answer<LogsAnswer>('/api/logs')).toMatchObject({ truncated: true, stale: false, lines: [{ message: 'a line' }] });
    } finally {
      await slow.close();
    }
  });
});

test.each(['/api/logs', '/api/errors'])('%s is read once a minute for all who ask the same', async (path) => {
  await Promise.all(Array.from({ length: 6 }, () => page.answer(path)));
  page.telling.pass(59_000);
  await page.answer(path);
  expect(questions()).toHaveLength(1);
  await page.answer(`${path}?hours=2`);
  expect(questions()).toHaveLength(2);
});

test.each([
  ['/api/logs?function=nobody', 'query parameter "function" is wrong; allowed: secrets, '],
  ['/api/logs?severity=LOUD', 'query parameter "severity" is wrong; allowed: DEBUG, INFO, WARNING, ERROR'],
  ['/api/logs?hours=0', 'query parameter "hours" is wrong; allowed: a whole number from 1 to 720; default: 1'],
  ['/api/logs?hours=1&hours=2', 'query parameter "hours" is given 2 times'],
  ['/api/logs?target=db', 'unknown query parameter "target"; allowed: function, severity, hours'],
  ['/api/errors?hours=721', 'query parameter "hours" is wrong; allowed: a whole number from 1 to 720; default: 24'],
  ['/api/errors?function=redis', 'unknown query parameter "function"; allowed: hours'],
  ['/api/incidents?hours=1', 'unknown query parameter "hours"; allowed: none'],
])('%s is refused', async (path, message) => {
  const { status, body } = await page.ask(path);
  expect([status, body]).toEqual([400, { error: { code: 'bad_request', message: expect.stringContaining(message) } }]);
});
