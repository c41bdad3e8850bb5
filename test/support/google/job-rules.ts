/** What Cloud Scheduler refuses in a job (v1 REST reference, "Job"). */
import { Cron } from 'croner';
import { invalid, objectOf, refuseUnknown, textOf } from './rest';

const fields = [
  'name',
  'description',
  'schedule',
  'timeZone',
  'userUpdateTime',
  'state',
  'status',
  'scheduleTime',
  'lastAttemptTime',
  'retryConfig',
  'attemptDeadline',
  'httpTarget',
  'pubsubTarget',
  'appEngineHttpTarget',
  'satisfiesPzs',
];
const targetFields = ['uri', 'httpMethod', 'headers', 'body', 'oauthToken', 'oidcToken'];
const retryFields = ['retryCount', 'maxRetryDuration', 'minBackoffDuration', 'maxBackoffDuration', 'maxDoublings'];

/** @throws ApiError where the API would refuse the job. */
export function checkJob(job: object): void {
  const document = objectOf(job);
  refuseUnknown(document, fields, 'job');
  const target = objectOf(document['httpTarget']);
  refuseUnknown(target, targetFields, 'job.http_target');
  const retry = objectOf(document['retryConfig']);
  refuseUnknown(retry, retryFields, 'job.retry_config');
  const name = textOf(document['name']);
  if (!/^projects\/[^/]+\/locations\/[a-z0-9-]+\/jobs\/[a-zA-Z\d_-]{1,500}$/.test(name)) {
    throw invalid('Job name must be formatted: "projects/<PROJECT_ID>/locations/<LOCATION_ID>/jobs/<JOB_ID>".');
  }
  if (textOf(document['description']).length > 500) throw invalid('Job.description may have at most 500 characters.');
  if (!/^https?:\/\/[^\s]+$/.test(textOf(target['uri'])))
    throw invalid('HttpTarget.uri must be a valid URL with the scheme http or https.');
  checkSchedule(textOf(document['schedule']), textOf(document['timeZone']));
  const deadline = secondsOf(textOf(document['attemptDeadline']));
  if (!(deadline >= 15 && deadline <= 1800)) throw invalid('The attempt deadline must be between [15s, 30m].');
  const retries = Number(retry['retryCount'] ?? 0);
  if (!(retries >= 0 && retries <= 5)) throw invalid('RetryConfig.retry_count must be between 0 and 5.');
  const body = Buffer.from(textOf(target['body']), 'base64');
  if (body.length > 1_000_000) throw invalid('Task size too large');
  if (body.length > 0 && !['POST', 'PUT', 'PATCH'].includes(textOf(target['httpMethod'])))
    throw invalid('HttpTarget.body is only for POST, PUT and PATCH.');
}

function checkSchedule(schedule: string, timeZone: string): void {
  try {
    const cron = new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
    if (!cron.nextRun()) throw new Error('never');
  } catch {
    throw invalid(`Schedule or time zone is invalid.`);
  }
}

/** @returns the seconds of a duration such as `60s`; NaN for other texts. */
export function secondsOf(duration: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?)s$/.exec(duration) ?? [];
  return amount === undefined ? Number.NaN : Number(amount);
}
