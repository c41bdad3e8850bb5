import { syntheticMonitorNotes, syntheticMonitors } from '../../../deploy/monitoring/synthetic-monitors';
import { contextOfText } from './contexts';

test.each([
  ['* * * * *', 1],
  ['*/2 * * * *', 5],
  ['*/5 * * * *', 5],
  ['*/10 * * * *', 10],
  ['0 * * * *', 15],
])('the schedule %s is rounded up to %i minutes', (schedule, minutes) => {
  const context = contextOfText(`syntheticMonitors: [http]\nhttp: { a: { url: https://a.example.com, schedule: '${schedule}' } }\n`);
  expect(syntheticMonitors(context)).toMatchObject([
    { displayName: 'synthetics-staging-http', function: 'synthetics-staging-http', periodMinutes: minutes, timeoutSeconds: 26 },
  ]);
  expect(syntheticMonitorNotes(context)).toEqual([]);
});

test('a monitor waits a minute at most, and a run that may be longer is told', () => {
  const context = contextOfText(
    "syntheticMonitors: [http]\nhttp: { a: { url: https://a.example.com, timeout: 100s, schedule: '0 * * * *' } }\n",
  );
  expect(syntheticMonitors(context)).toMatchObject([{ timeoutSeconds: 60 }]);
  expect(syntheticMonitorNotes(context)).toEqual([expect.stringMatching(/native monitor of http waits 60s at most/)]);
});

test('kinds that are not listed have none', () => {
  expect(syntheticMonitors(contextOfText('http: { a: { url: https://a.example.com } }\n'))).toEqual([]);
});
