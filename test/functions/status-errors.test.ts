import type { ErrorsAnswer } from '../../shared/status/events';
import { project, startStatusPage, type StatusPage } from '../support/status-page';
import { someTargets, times } from '../support/telling';

let page: StatusPage;

beforeAll(async () => {
  page = await startStatusPage(someTargets);
});
afterAll(() => page.close());
beforeEach(() => {
  page.platform.clear();
  page.telling.pass(times.hour);
});

const errors = (query = ''): Promise<ErrorsAnswer> => page.answer(`/api/errors${query}`);

describe('what was reported', () => {
  test('is put together by service, first line and place', async () => {
    const refused = { target: 'db', reason: 'connect_refused', owner: 'infrastructure' };
    page.platform.log(
      project,
      page.result('postgres', 3 * times.minute, { ...refused, message: 'the oldest' }),
      page.result('redis', 2 * times.minute, { target: 'cache', outcome: 'unknown', reason: 'api_denied', owner: 'monitor' }),
      page.result('postgres', times.minute, { ...refused, message: 'the newest' }),
      page.result('postgres', times.minute, { target: 'db', outcome: 'degraded', reason: 'too_slow' }),
      page.entry('postgres', 0, { severity: 'ERROR', jsonPayload: { event: 'warning', message: 'no report' } }),
    );
    const { groups, truncated } = await errors();
    expect(truncated).toBe(false);
    expect(groups).toEqual([
      {
        headline: 'postgres db: failure connect_refused',
        service: 'synthetics-test-postgres',
        count: 2,
        firstSeen: page.ago(3 * times.minute),
        lastSeen: page.ago(times.minute),
        kind: 'postgres',
        target: 'db',
        outcome: 'failure',
        reason: 'connect_refused',
        owner: 'infrastructure',
        message: 'postgres db: failure connect_refused\nthe newest',
      },
      expect.objectContaining({ headline: 'redis cache: unknown api_denied', count: 1, owner: 'monitor' }),
    ]);
  });

  test('holds crashes, by what was thrown and where', async () => {
    const crash = (agoMs: number, place: string) =>
      page.entry('journey', agoMs, { severity: 'ERROR', textPayload: `RangeError: too much\n    at ${place}\n    at main (index.js:1:1)` });
    page.platform.log(
      project,
      crash(0, 'one (index.js:5:1)'),
      crash(times.minute, 'one (index.js:5:1)'),
      crash(2 * times.minute, 'two (index.js:9:1)'),
      page.entry('journey', 0, { textPayload: '    at lost (index.js:2:2)' }),
    );
    const { groups } = await errors();
    expect(groups.map(({ headline, service, count }) => [headline, service, count])).toEqual([
      ['RangeError: too much', 'synthetics-test-journey', 2],
      ['RangeError: too much', 'synthetics-test-journey', 1],
    ]);
    expect(groups[0]).toMatchObject({ kind: null, target: null, reason: null });
  });

  test('is of a day unless asked otherwise', async () => {
    page.platform.log(project, page.result('redis', 30 * times.hour, { target: 'cache', reason: 'connect_refused' }));
    expect((await errors()).groups).toEqual([]);
    expect((await errors('?hours=48')).groups).toHaveLength(1);
  });

  test('is read up to a thousand reports, and says that there are more', async () => {
    const many = Array.from({ length: 1200 }, () => page.result('redis', times.minute, { target: 'cache', reason: 'connect_refused' }));
    page.platform.log(project, ...many);
    const { groups, truncated } = await errors();
    expect([groups[0]?.count, truncated]).toEqual([1000, true]);
    expect(page.platform.requests()).toHaveLength(1);
  });
});
