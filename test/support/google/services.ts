/** Service Usage: which APIs are enabled. */
import { invalid, listOf, part, route, textOf } from './rest';
import type { Api } from './rest';
import { pageOf } from './collection';
import type { World } from './world';

/** The API, and which services are enabled. */
export interface Services {
  readonly api: Api;
  readonly enabled: Set<string>;
}

/** @param initially the services that are enabled from the beginning. */
export function createServices({ number }: World, initially: readonly string[]): Services {
  const enabled = new Set(initially);
  const document = (service: string): object => ({
    name: `projects/${number}/services/${service}`,
    parent: `projects/${number}`,
    config: { name: service },
    state: enabled.has(service) ? 'ENABLED' : 'DISABLED',
  });
  const enable = (service: string): object => {
    if (!/^[a-z0-9-]+\.googleapis\.com$/.test(service)) throw invalid(`Not found or permission denied for service(s): ${service}.`);
    enabled.add(service);
    return document(service);
  };
  const done = (response: object): object => ({
    name: 'operations/acat.p2-1-0001',
    done: true,
    response: { '@type': 'type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse', ...response },
  });
  return {
    enabled,
    api: {
      name: 'serviceusage',
      routes: [
        route('GET', '/v1/projects/{project}/services/{service}', (call) => document(part(call, 'service'))),
        route('GET', '/v1/projects/{project}/services', (call) => pageOf([...enabled].toSorted().map(document), 'services', call)),
        route('POST', '/v1/projects/{project}/services/{service}:enable', (call) => done({ service: enable(part(call, 'service')) })),
        route('POST', '/v1/projects/{project}/services:batchEnable', ({ body }) =>
          done({ services: listOf(body['serviceIds']).map((id) => enable(textOf(id))) }),
        ),
        route('GET', '/v1/operations/{operation}', () => done({})),
      ],
    },
  };
}
