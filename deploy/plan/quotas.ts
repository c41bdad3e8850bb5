/**
 * Limits of the services that a deployment uses: dated data, the only place for such numbers.
 *
 * Read in November 2026 from https://cloud.google.com/scheduler/quotas, https://cloud.google.com/functions/quotas,
 * https://cloud.google.com/run/quotas, https://cloud.google.com/monitoring/quotas, https://cloud.google.com/secret-manager/quotas and
 * https://cloud.google.com/logging/quotas. Where regions differ the smaller number stands; most can be raised on request.
 */
const kib = 1024;
const mib = 1024 * kib;

export const limits = {
  /** 5000 in the largest regions. */
  schedulerJobs: 1000,
  schedulerWritesAMinute: 500,
  /** Less the Cloud Run services of the region. */
  functions: 1000,
  functionWritesAMinute: 60,
  requestsAnInstance: 1000,
  attemptDeadlineSeconds: 1800,
  functionTimeoutSeconds: 3600,
  jobBodyBytes: mib,
  answerBytes: 32 * mib,
  timeSeriesWritesAMinute: 30_000,
  descriptors: 10_000,
  /** Written within 24 h, of one monitored resource: a target is one. */
  activeSeriesAResource: 200_000,
  alertPolicies: 2000,
  conditionsAPolicy: 6,
  channelsAPolicy: 16,
  objectivesAService: 500,
  secretAccessesAMinute: 90_000,
  secretReadsAMinute: 600,
} as const;

/** What is assumed where the plan does not say it. */
export const sizes = {
  /** One target's result in an answer, with findings and facts. */
  resultBytes: 4 * kib,
  /** Writes that one deployment after the other makes a minute, when each command of gcloud takes more than half a second. */
  commandsAMinute: 100,
} as const;
