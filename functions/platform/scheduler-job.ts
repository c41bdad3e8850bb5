/** Cloud Scheduler: a job that runs, in time and with success (REST v1, `projects.locations.jobs`). */
import * as z from 'zod';
import { timestamp, wallClock } from '../../shared/clock';
import { formatDuration } from '../../shared/config/duration';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask, googleTime } from './ask';
import type { schedulerJob } from './fields';
import { met, stateFinding, unmet, where } from './findings';
import { inLocation } from './names';

const answer = z.object({
  state: z.string().optional(),
  lastAttemptTime: googleTime.optional(),
  userUpdateTime: googleTime.optional(),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }).optional(),
});
type Answer = z.output<typeof answer>;

/** The names of google.rpc.Code, by number. */
const codes =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  );

export async function checkSchedulerJob(wanted: z.output<typeof schedulerJob>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inLocation(wanted.name, 'jobs', context.run);
  const actual = await ask({ api: 'cloudscheduler', version: 'v1', what: 'Scheduler job', name, answer }, context);
  return [
    stateFinding(actual.state, 'ENABLED'),
    lastAttempt(actual),
    ...where(wanted.maxAge, (maxAge) => age(actual, maxAge, wallClock())),
  ];
}

function lastAttempt({ lastAttemptTime, status }: Answer): Finding {
  if (lastAttemptTime === undefined) return met('lastAttempt', 'there was no attempt so far');
  const { code = 0, message = '' } = status ?? {};
  const told = `the last attempt, at ${timestamp(lastAttemptTime)},`;
  if (code === 0) return met('lastAttempt', `${told} succeeded`);
  const said = [codes[code] ?? `code ${code}`, message].filter(Boolean).join(': ');
  return unmet('lastAttempt', `${told} failed with ${said}, expected OK`, 'resource_not_ready');
}

/** A job that was not yet due since it was made is not overdue. */
function age({ lastAttemptTime, userUpdateTime }: Answer, maxAgeMs: number, now: number): Finding {
  const since = lastAttemptTime ?? userUpdateTime;
  const allowed = `expected at most ${formatDuration(maxAgeMs)}`;
  if (since === undefined) return unmet('maxAge', `there was no attempt, ${allowed} ago`, 'resource_not_ready');
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  const told =
    lastAttemptTime === undefined
      ? `there was no attempt since the job was made ${seconds} s ago`
      : `the last attempt was ${seconds} s ago`;
  return now - since <= maxAgeMs ? met('maxAge', told) : unmet('maxAge', `${told}, ${allowed}`, 'resource_not_ready');
}
