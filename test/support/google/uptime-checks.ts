/** Cloud Monitoring's uptime checks, also those that call a function. */
import { randomBytes } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { secondsOf } from './job-rules';
import { masked } from './mask';
import { checkMessage } from './message-shape';
import { checkUserLabels } from './policy-rules';
import { ApiError, invalid, listOf, objectOf, part, route, textOf } from './rest';
import type { Document, Route } from './rest';
import type { World } from './world';

/** A check as the API answers it. */
export interface StoredUptimeCheck extends Named, Document {
  readonly name: string;
  readonly displayName: string;
}

/** The routes and the checks. */
export interface UptimeChecks {
  readonly routes: readonly Route[];
  readonly checks: Collection<StoredUptimeCheck>;
}

/**
 * @param functionExists tells whether there is a function of this full name.
 * @param isReferenced tells whether an alert policy names the check of this id.
 */
export function createUptimeChecks(
  { project }: World,
  functionExists: (name: string) => boolean,
  isReferenced: (id: string) => boolean,
): UptimeChecks {
  const checks = createCollection<StoredUptimeCheck>();
  const nameOf = (id: string): string => `projects/${project}/uptimeCheckConfigs/${id}`;
  const stored = (name: string, { name: _name, ...wanted }: Document): StoredUptimeCheck => {
    check(wanted, functionExists);
    const http = objectOf(wanted['httpCheck']);
    return {
      period: '60s',
      timeout: '10s',
      ...(wanted['syntheticMonitor'] === undefined && { checkerType: 'STATIC_IP_CHECKERS' }),
      ...wanted,
      ...(wanted['httpCheck'] !== undefined && {
        httpCheck: { path: '/', requestMethod: 'GET', port: http['useSsl'] === true ? 443 : 80, ...http },
      }),
      displayName: textOf(wanted['displayName']),
      name,
    };
  };
  const path = '/v3/projects/{project}/uptimeCheckConfigs';
  return {
    checks,
    routes: [
      route('GET', path, (call) => pageOf(checks.all(), 'uptimeCheckConfigs', call, 100)),
      route('POST', path, ({ body }) => {
        const slug = textOf(body['displayName'])
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-');
        return checks.add(stored(nameOf(`${slug}-${randomBytes(6).toString('base64url')}`), body));
      }),
      route('GET', `${path}/{check}`, (call) => checks.get(nameOf(part(call, 'check')))),
      route('PATCH', `${path}/{check}`, (call) => {
        const present = checks.get(nameOf(part(call, 'check')));
        const mask = call.query['updateMask'] ?? '';
        return checks.put(stored(present.name, mask ? masked(present, call.body, mask) : call.body));
      }),
      route('DELETE', `${path}/{check}`, (call) => {
        const id = part(call, 'check');
        if (isReferenced(id))
          throw new ApiError(400, `Cannot delete check ${id}. One or more alerting policies is using it.`, 'FAILED_PRECONDITION');
        checks.remove(nameOf(id));
        return {};
      }),
    ],
  };
}

function check(wanted: Document, functionExists: (name: string) => boolean): void {
  checkMessage('google.monitoring.v3.UptimeCheckConfig', wanted);
  checkUserLabels(objectOf(wanted['userLabels']));
  if (!textOf(wanted['displayName'])) throw invalid('Field uptime_check_config.display_name is required.');
  if (!['60s', '300s', '600s', '900s'].includes(textOf(wanted['period'] ?? '60s'))) {
    throw invalid('Field uptime_check_config.period must be one of 60s, 300s, 600s, 900s.');
  }
  const timeout = secondsOf(textOf(wanted['timeout'] ?? '10s'));
  if (!(timeout >= 1 && timeout <= 60)) throw invalid('Field uptime_check_config.timeout must be between 1s and 60s.');
  const monitor = objectOf(objectOf(wanted['syntheticMonitor'])['cloudFunctionV2']);
  if (wanted['syntheticMonitor'] !== undefined) {
    const name = textOf(monitor['name']);
    if (!functionExists(name)) throw new ApiError(404, `The function ${name} was not found.`);
    return;
  }
  const resource = objectOf(wanted['monitoredResource']);
  if (resource['type'] === 'uptime_url' && !textOf(objectOf(resource['labels'])['host'])) {
    throw invalid('The monitored resource uptime_url needs the label host.');
  }
  if (wanted['monitoredResource'] === undefined && wanted['resourceGroup'] === undefined) throw invalid('The resource is missing.');
  if (wanted['httpCheck'] === undefined && wanted['tcpCheck'] === undefined) throw invalid('The check is missing: httpCheck or tcpCheck.');
  const regions = listOf(wanted['selectedRegions']);
  if (regions.length > 0 && regions.length < 3) throw invalid('At least three regions have to be selected.');
}
