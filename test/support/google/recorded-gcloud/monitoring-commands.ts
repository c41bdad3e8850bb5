/** Commands on Cloud Monitoring's dashboards, uptime checks and snoozes. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { listOf, objectOf } from '../rest';
import type { Document } from '../rest';
import { defined, first, itemsOf, pairsOf, required } from './command';
import type { Command, Commands, Given } from './command';
import type { Session } from './session';

/** A resource's name may be given in full or not. */
const full = (name: string, collection: string, { project }: Session): string =>
  name.includes('/') ? name : `projects/${project}/${collection}/${name}`;

function configOf({ flags }: Given): Document {
  return objectOf(parse(flags.get('config') ?? readFileSync(flags.get('config-from-file') ?? '', 'utf8')));
}

const list = (version: string, collection: string): Command => ({
  takes: [],
  async run(_given, { ask, project }) {
    const answer = await ask({ api: 'monitoring', method: 'GET', path: `${version}/projects/${project}/${collection}` });
    return listOf(answer[collection]);
  },
});

const remove = (version: string, collection: string): Command => ({
  takes: [],
  async run(given, session) {
    await session.ask({ api: 'monitoring', method: 'DELETE', path: `${version}/${full(first(given), collection, session)}` });
    return undefined;
  },
});

function targetOf({ flags }: Given): Document {
  const target = flags.get('synthetic-target');
  if (target !== undefined) return { syntheticMonitor: { cloudFunctionV2: { name: target } } };
  const isTls = flags.get('protocol') === 'https';
  return {
    httpCheck: defined({
      authInfo: {},
      contentType: 'TYPE_UNSPECIFIED',
      path: flags.get('path'),
      port: Number(flags.get('port') ?? (isTls ? 443 : 80)),
      requestMethod: 'GET',
      useSsl: isTls ? true : undefined,
    }),
    monitoredResource: {
      labels: pairsOf(flags.get('resource-labels') ?? ''),
      type: (flags.get('resource-type') ?? '').replaceAll('-', '_'),
    },
  };
}

const createCheck: Command = {
  takes: ['resource-type', 'resource-labels', 'protocol', 'path', 'port', 'period', 'timeout', 'synthetic-target', 'user-labels'],
  run(given, { ask, project }) {
    const { flags } = given;
    const body = {
      displayName: first(given),
      ...targetOf(given),
      period: flags.has('period') ? `${Number(flags.get('period')) * 60}s` : '60s',
      timeout: flags.has('timeout') ? `${flags.get('timeout') ?? ''}s` : '60s',
    };
    // gcloud 528 leaves user labels out unless regions are chosen too.
    return ask({ api: 'monitoring', method: 'POST', path: `v3/projects/${project}/uptimeCheckConfigs`, body }).then(() => undefined);
  },
};

/** Times are written with milliseconds. */
const timeOf = (text: string): string => new Date(text).toISOString();

const createSnooze: Command = {
  takes: ['display-name', 'criteria-policies', 'criteria-filter', 'start-time', 'end-time'],
  run(given, session) {
    const { flags } = given;
    const policies = itemsOf(required(given, 'criteria-policies')).map((policy) => full(policy, 'alertPolicies', session));
    const body = {
      criteria: defined({ filter: flags.get('criteria-filter'), policies }),
      displayName: required(given, 'display-name'),
      interval: { endTime: timeOf(required(given, 'end-time')), startTime: timeOf(required(given, 'start-time')) },
    };
    return session.ask({ api: 'monitoring', method: 'POST', path: `v3/projects/${session.project}/snoozes`, body });
  },
};

/** The commands. */
export const monitoringCommands: Commands = {
  'monitoring dashboards create': {
    takes: ['config', 'config-from-file'],
    async run(given, { ask, project }) {
      const query = { validateOnly: 'False' };
      await ask({ api: 'monitoring', method: 'POST', path: `v1/projects/${project}/dashboards`, query, body: configOf(given) });
      return undefined;
    },
  },
  'monitoring dashboards update': {
    takes: ['config', 'config-from-file'],
    run(given, session) {
      const path = `v1/${full(first(given), 'dashboards', session)}`;
      return session.ask({ api: 'monitoring', method: 'PATCH', path, body: configOf(given) });
    },
  },
  'monitoring dashboards delete': remove('v1', 'dashboards'),
  'monitoring dashboards list': list('v1', 'dashboards'),
  'monitoring uptime create': createCheck,
  'monitoring uptime delete': remove('v3', 'uptimeCheckConfigs'),
  'monitoring uptime list-configs': list('v3', 'uptimeCheckConfigs'),
  'monitoring snoozes create': createSnooze,
  'monitoring snoozes list': list('v3', 'snoozes'),
};
