/** Commands on Cloud Scheduler's jobs. */
import { readFileSync } from 'node:fs';
import { listOf, objectOf, textOf } from '../rest';
import type { Document } from '../rest';
import { defined, first, pairsOf, required } from './command';
import type { Command, Commands, Given } from './command';
import type { Session } from './session';

const parentOf = (given: Given, { project }: Session): string => `projects/${project}/locations/${required(given, 'location')}`;
const nameOf = (given: Given, session: Session): string => `${parentOf(given, session)}/jobs/${first(given)}`;

/** Fields of an update by the flag that names them. */
const masks: Readonly<Record<string, string>> = {
  'attempt-deadline': 'attemptDeadline',
  description: 'description',
  'message-body': 'httpTarget.body',
  'message-body-from-file': 'httpTarget.body',
  'update-headers': 'httpTarget.headers',
  'http-method': 'httpTarget.httpMethod',
  'oidc-token-audience': 'httpTarget.oidcToken.audience',
  'oidc-service-account-email': 'httpTarget.oidcToken.serviceAccountEmail',
  uri: 'httpTarget.uri',
  'max-retry-attempts': 'retryConfig.retryCount',
  schedule: 'schedule',
  'time-zone': 'timeZone',
};

function jobOf(given: Given, session: Session): Document {
  const { flags } = given;
  const file = flags.get('message-body-from-file');
  const body = file === undefined ? flags.get('message-body') : readFileSync(file, 'utf8');
  const headers = flags.get('headers') ?? flags.get('update-headers');
  const email = flags.get('oidc-service-account-email');
  return defined({
    attemptDeadline: flags.get('attempt-deadline'),
    description: flags.get('description'),
    httpTarget: defined({
      body: body === undefined ? undefined : Buffer.from(body).toString('base64'),
      headers: headers === undefined ? undefined : pairsOf(headers),
      httpMethod: flags.get('http-method') ?? 'POST',
      oidcToken: email === undefined ? undefined : defined({ audience: flags.get('oidc-token-audience'), serviceAccountEmail: email }),
      uri: flags.get('uri'),
    }),
    name: nameOf(given, session),
    // Where nothing is said gcloud sends its own defaults.
    retryConfig: {
      maxBackoffDuration: '3600s',
      maxDoublings: 5,
      minBackoffDuration: '5s',
      retryCount: Number(flags.get('max-retry-attempts') ?? 0),
    },
    schedule: flags.get('schedule'),
    timeZone: flags.get('time-zone') ?? 'Etc/UTC',
  });
}

const ofHttp = Object.keys(masks).filter((flag) => flag !== 'update-headers');

const verb = (method: string, suffix = ''): Command => ({
  takes: ['location'],
  async run(given, session) {
    const body = method === 'POST' ? { body: {} } : {};
    const answer = await session.ask({ api: 'cloudscheduler', method, path: `v1/${nameOf(given, session)}${suffix}`, ...body });
    return method === 'GET' ? answer : undefined;
  },
});

/** The commands. */
export const jobCommands: Commands = {
  'scheduler jobs create http': {
    takes: ['location', 'headers', ...ofHttp],
    run: (given, session) =>
      session.ask({ api: 'cloudscheduler', method: 'POST', path: `v1/${parentOf(given, session)}/jobs`, body: jobOf(given, session) }),
  },
  'scheduler jobs update http': {
    takes: ['location', 'update-headers', ...ofHttp],
    run(given, session) {
      const updateMask = [...new Set(Object.keys(masks).flatMap((flag) => (given.flags.has(flag) ? [masks[flag] ?? ''] : [])))]
        .toSorted()
        .join(',');
      return session.ask({
        api: 'cloudscheduler',
        method: 'PATCH',
        path: `v1/${nameOf(given, session)}`,
        query: { updateMask },
        body: jobOf(given, session),
      });
    },
  },
  'scheduler jobs delete': verb('DELETE'),
  'scheduler jobs describe': verb('GET'),
  'scheduler jobs pause': verb('POST', ':pause'),
  'scheduler jobs resume': verb('POST', ':resume'),
  'scheduler jobs run': verb('POST', ':run'),
  'scheduler jobs list': {
    takes: ['location'],
    async run(given, session) {
      const { jobs } = await session.ask({ api: 'cloudscheduler', method: 'GET', path: `v1/${parentOf(given, session)}/jobs` });
      const isJson = given.flags.get('format') === 'json';
      return listOf(jobs).map((job) => (isJson ? job : { ...objectOf(job), name: textOf(objectOf(job)['name']).replace(/^.*\//, '') }));
    },
  },
};
