/** Secret Manager: which secrets there are, and who may read them. Values are not its business. */
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { part, route } from './rest';
import type { Api, Call } from './rest';
import type { World } from './world';

/** The API and the secrets, by their full name. */
export interface Secrets {
  readonly api: Api;
  readonly secrets: Collection<Named>;
}

/** The API, without secrets. */
export function createSecrets({ project, number, policies }: World): Secrets {
  const secrets = createCollection<Named>({ missing: (name) => `Secret [${name.replace(project, number)}] not found.` });
  const global = (call: Call): string => `projects/${project}/secrets/${part(call, 'secret')}`;
  const regional = (call: Call): string => `projects/${project}/locations/${part(call, 'location')}/secrets/${part(call, 'secret')}`;
  // The server names projects by their number.
  const answered = ({ name }: Named): object => ({
    name: name.replace(`projects/${project}/`, `projects/${number}/`),
    createTime: '2025-06-01T00:00:00Z',
  });
  const routes = (parent: string, nameOf: (call: Call) => string) => [
    route('GET', `${parent}/secrets/{secret}`, (call) => answered(secrets.get(nameOf(call)))),
    route('GET', `${parent}/secrets`, (call) =>
      pageOf(
        secrets
          .all()
          .filter(({ name }) => name.includes('/locations/') === parent.includes('/locations/'))
          .map(answered),
        'secrets',
        call,
      ),
    ),
    route('GET', `${parent}/secrets/{secret}:getIamPolicy`, (call) => policies.get(secrets.get(nameOf(call)).name)),
    route('POST', `${parent}/secrets/{secret}:setIamPolicy`, (call) => policies.set(secrets.get(nameOf(call)).name, call.body)),
  ];
  return {
    secrets,
    api: {
      name: 'secretmanager',
      routes: [...routes('/v1/projects/{project}', global), ...routes('/v1/projects/{project}/locations/{location}', regional)],
    },
  };
}
