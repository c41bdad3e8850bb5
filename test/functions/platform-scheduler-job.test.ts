/** The `platform` probe of a Scheduler job. */
import { schedulerJobOf } from '../../local/emulators/platform/resources';
import { fine, missing, notReady, platformChecks, told, unavailable } from '../support/platform-checks';

const checks = platformChecks();

const name = 'clean-up';
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const schedulerJob = { name, maxAge: '10m' };

test('it runs, in time and with success', async () => {
  checks.put(schedulerJobOf(name, ago(60)));
  const result = await checks.run({ schedulerJob });
  expect(result).toMatchObject(fine);
  expect(told(result)).toEqual([
    ['state', 'success', null, 'state is ENABLED'],
    ['lastAttempt', 'success', null, expect.stringMatching(/^the last attempt, at 20.*Z, succeeded$/)],
    ['maxAge', 'success', null, expect.stringMatching(/^the last attempt was 6\d s ago$/)],
  ]);
});

test.each([{ status: undefined }, { status: { code: 0 } }, { lastAttemptTime: '2026-01-05T08:00:00.123456789Z' }])(
  'no code means success: %j',
  async (fields) => {
    checks.put(schedulerJobOf(name, ago(60), fields));
    expect(await checks.run({ schedulerJob: { name } })).toMatchObject(fine);
  },
);

test('there is none', async () => {
  const message = 'there is no Scheduler job projects/local-project/locations/us-central1/jobs/clean-up';
  expect(await checks.run({ schedulerJob })).toMatchObject({ ...missing, message });
});

test.each(['PAUSED', 'DISABLED', 'UPDATE_FAILED'])('it does not run in the state %s', async (state) => {
  checks.put(schedulerJobOf(name, ago(60), { state }));
  expect(await checks.run({ schedulerJob })).toMatchObject({ ...notReady, message: `state is ${state}, expected ENABLED` });
});

test.each([
  [{ code: 4 }, /failed with DEADLINE_EXCEEDED, expected OK$/],
  [{ code: 13, message: 'URL_ERROR' }, /failed with INTERNAL: URL_ERROR, expected OK$/],
  [{ code: 99 }, /failed with code 99, expected OK$/],
])('its last attempt failed with %j', async (status, message) => {
  checks.put(schedulerJobOf(name, ago(60), { status }));
  const result = await checks.run({ schedulerJob });
  expect(result).toMatchObject(notReady);
  expect(result.message).toMatch(message);
});

test('it is overdue', async () => {
  checks.put(schedulerJobOf(name, ago(700)));
  const result = await checks.run({ schedulerJob });
  expect(result).toMatchObject(notReady);
  expect(result.message).toMatch(/^the last attempt was 70\d s ago, expected at most 10m$/);
});

test('it was made just now, and was not due since', async () => {
  checks.put(schedulerJobOf(name, '', { lastAttemptTime: undefined, userUpdateTime: ago(30) }));
  expect(await checks.run({ schedulerJob })).toMatchObject(fine);
  checks.put(schedulerJobOf(name, '', { lastAttemptTime: undefined, userUpdateTime: ago(700) }));
  const result = await checks.run({ schedulerJob });
  expect(result).toMatchObject(notReady);
  expect(result.message).toMatch(/^there was no attempt since the job was made 70\d s ago, expected at most 10m$/);
  checks.put(schedulerJobOf(name, '', { lastAttemptTime: undefined, userUpdateTime: undefined }));
  expect(await checks.run({ schedulerJob })).toMatchObject({ ...notReady, message: 'there was no attempt, expected at most 10m ago' });
});

test('a time that is none can not be read', async () => {
  checks.put(schedulerJobOf(name, 'soon'));
  const result = await checks.run({ schedulerJob });
  expect(result).toMatchObject(unavailable);
  expect(result.message).toMatch(/cloudscheduler: the answer can't be read: lastAttemptTime/);
});
