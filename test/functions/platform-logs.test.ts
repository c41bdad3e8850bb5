/** The `platform` probe of what is in the log. */
import { project } from '../../local/emulators/platform/resources';
import { entryOf } from '../../shared/telemetry/result-log';
import { denied, fine, invalid, platformChecks, told, unavailable } from '../support/platform-checks';

const checks = platformChecks();

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const logs = { filter: 'textPayload:"1011"', within: '15m', atMost: 0 };
const unmet = { outcome: 'failure', reason: 'assertion_failed', domain: 'service', owner: 'application', phase: 'api' };

test('nothing was logged', async () => {
  checks.platform.log(
    project,
    { timestamp: ago(60), textPayload: 'closed with 1000' },
    { timestamp: ago(1000), textPayload: 'closed with 1011' },
  );
  const result = await checks.run({ logs });
  expect(result).toMatchObject({ ...fine, observed: { 'logs.matches': 0 } });
  expect(told(result)).toEqual([['matches', 'success', null, '0 entries within 15m']]);
  const [request] = checks.platform.requests();
  expect(request).toMatchObject({
    method: 'POST',
    path: '/logging/v2/entries:list',
    body: {
      resourceNames: ['projects/local-project'],
      orderBy: 'timestamp desc',
      pageSize: 1,
      filter: expect.stringContaining(logs.filter),
    },
  });
});

test('something was logged: the newest is quoted', async () => {
  const at = ago(30);
  checks.platform.log(project, { timestamp: ago(60), textPayload: 'older 1011' }, { timestamp: at, textPayload: 'closed\nwith   1011' });
  const result = await checks.run({ logs });
  expect(result).toMatchObject({ ...unmet, observed: { 'logs.matches': 1 } });
  expect(result.message).toBe(`1 or more entries within 15m, expected at most 0; the newest, at ${at}: "closed with 1011"`);
});

test('as much as is allowed is fine, more is counted no further than one above it', async () => {
  const entries = Array.from({ length: 5 }, (_, index) => ({ timestamp: ago(10 + index), textPayload: `1011 number ${index}` }));
  checks.platform.log(project, ...entries);
  const fineResult = await checks.run({ logs: { ...logs, atMost: 5 } });
  expect(told(fineResult)).toEqual([['matches', 'success', null, '5 entries within 15m']]);
  const result = await checks.run({ logs: { ...logs, atMost: 3 } });
  expect(result.message).toMatch(/^4 or more entries within 15m, expected at most 3; the newest, at .*: "1011 number 0"$/);
});

test('more than a page are counted', async () => {
  const entries = Array.from({ length: 1500 }, (_, index) => ({ timestamp: ago(10 + index / 10), textPayload: '1011' }));
  checks.platform.log(project, ...entries);
  expect(told(await checks.run({ logs: { ...logs, atMost: 1500 } }))).toEqual([['matches', 'success', null, '1500 entries within 15m']]);
  expect(checks.platform.requests()).toHaveLength(2);
});

test.each([
  [{ jsonPayload: { message: 'from a field', code: 1011 } }, 'from a field'],
  [{ jsonPayload: { msg: 'from another' } }, 'from another'],
  [{ jsonPayload: { event: 'closed' } }, '{"event":"closed"}'],
  [{ httpRequest: { requestMethod: 'GET', requestUrl: 'https://a/ws', status: 503 } }, 'GET https://a/ws 503'],
  [{ protoPayload: { methodName: 'connectors.delete' } }, '{"methodName":"connectors.delete"}'],
  [{ textPayload: 'x'.repeat(500) }, `${'x'.repeat(200)}…`],
  [{}, '{}'],
])('the entry %j is quoted briefly', async (entry, quote) => {
  checks.platform.log(project, { timestamp: ago(5), severity: 'ERROR', ...entry });
  const result = await checks.run({ logs: { filter: 'severity>=ERROR' } });
  expect(result).toMatchObject(unmet);
  expect(result.message).toContain(`: ${JSON.stringify(quote)}`);
});

test('the monitor does not find what it wrote itself', async () => {
  checks.platform.log(project, { timestamp: ago(5), textPayload: 'error -3' });
  const found = await checks.run({ logs: { filter: '"error -3"' } });
  expect(found).toMatchObject(unmet);
  const reporter = { service: 'synthetics-platform', version: '1.0.0' };
  const jsonPayload = entryOf(found, reporter, 'run-1');
  const audit = { methodName: 'google.logging.v2.LoggingServiceV2.ListLogEntries', request: { filter: '"error -3"' } };
  checks.clear();
  checks.platform.log(project, { timestamp: ago(4), jsonPayload }, { timestamp: ago(3), protoPayload: audit });
  expect(await checks.run({ logs: { filter: '"error -3"' } })).toMatchObject(fine);
  // An application may speak of results, too.
  checks.platform.log(project, { timestamp: ago(2), jsonPayload: { event: 'result', result: { error: 'error -3' } } });
  expect(await checks.run({ logs: { filter: '"error -3"' } })).toMatchObject(unmet);
});

test.each([
  'textPayload:"1011" -- closed by the server',
  'textPayload:"1012" OR textPayload:"1011"',
  'severity>=ERROR\ntextPayload:"1011"',
])('the filter %j keeps its meaning beside the window of time', async (filter) => {
  checks.platform.log(project, { timestamp: ago(1000), severity: 'ERROR', textPayload: '1011' });
  expect(await checks.run({ logs: { ...logs, filter } })).toMatchObject(fine);
  checks.platform.log(project, { timestamp: ago(100), severity: 'ERROR', textPayload: '1011' });
  expect(await checks.run({ logs: { ...logs, filter } })).toMatchObject(unmet);
});

test('a filter that the API refuses is a mistake in the configuration', async () => {
  const result = await checks.run({ logs: { ...logs, filter: 'textPayload:' } });
  expect(result).toMatchObject({ ...invalid, code: '400' });
  expect(result.message).toMatch(/^log entries: logging: Unparseable filter: /);
});

test('a log that is refused to us, or does not answer, tells nothing', async () => {
  checks.platform.fault({ code: 403, message: "Permission 'logging.logEntries.list' denied" });
  const refused = await checks.run({ logs });
  expect(refused).toMatchObject({ ...denied, message: "log entries: logging: Permission 'logging.logEntries.list' denied" });
  checks.platform.heal();
  checks.platform.fault({ code: 429 });
  expect(await checks.run({ logs, timeout: '1500ms' })).toMatchObject(unavailable);
});

test('an empty page with a token is not the end', async () => {
  let pages = 0;
  checks.platform.route({
    method: 'POST',
    path: /^\/logging\/v2\/(?<method>entries:list)$/,
    handle({ body }) {
      const { filter = '', pageToken } = body as { filter?: string; pageToken?: string };
      if (!filter.includes('empty-page')) return {};
      pages += 1;
      return pageToken === undefined ? { nextPageToken: 'next' } : { entries: [{ timestamp: ago(5), textPayload: 'found late' }] };
    },
  });
  const result = await checks.run({ logs: { filter: '"empty-page"' } });
  expect(result).toMatchObject(unmet);
  expect(result.message).toContain('found late');
  expect(pages).toBe(2);
});
