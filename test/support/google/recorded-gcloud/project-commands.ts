/** Commands on the project, its services, accounts and secrets. */
import { listOf, objectOf, textOf } from '../rest';
import type { Document } from '../rest';
import { changeBinding, readPolicy } from './bindings';
import type { PolicyAccess } from './bindings';
import { defined, first } from './command';
import type { Command, Commands, Given } from './command';
import { GcloudError, RefusedError } from './session';
import type { Session } from './session';

const binding = { takes: ['member', 'role', 'condition', 'location'] };

const onProject = (given: Given): PolicyAccess => ({
  api: 'cloudresourcemanager',
  resource: `v1/projects/${first(given)}`,
  reading: 'POST',
  version: 'body',
  writes: 3,
});

const onSecret = (given: Given, { project }: Session): PolicyAccess => {
  const location = given.flags.get('location');
  const parent = location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
  return { api: 'secretmanager', resource: `v1/${parent}/secrets/${first(given)}`, reading: 'GET', version: 'query', writes: 3 };
};

const onAccount = (given: Given, { project }: Session): PolicyAccess => ({
  api: 'iam',
  resource: `v1/projects/${project}/serviceAccounts/${first(given)}`,
  reading: 'POST',
  version: 'query',
  writes: 3,
});

const ofProject: Command = {
  ...binding,
  run: async (given, session) =>
    changeBinding(given, onProject(given), session).catch((error: unknown) => {
      if (!(error instanceof RefusedError) || error.code !== 400) throw error;
      const hint =
        'ERROR: Policy modification failed. For a binding with condition, run "gcloud alpha iam policies lint-condition" to identify issues in condition.';
      throw new GcloudError(`${error.status}: ${error.message}`, [hint]);
    }),
};
const ofSecret: Command = { ...binding, run: (given, session) => changeBinding(given, onSecret(given, session), session) };
const ofAccount: Command = { ...binding, run: (given, session) => changeBinding(given, onAccount(given, session), session) };

const enable: Command = {
  takes: [],
  switches: ['async'],
  async run({ positional }, { ask, project }) {
    const services = `v1/projects/${project}/services`;
    const [only] = positional;
    await (positional.length === 1 && only !== undefined
      ? ask({ api: 'serviceusage', method: 'POST', path: `${services}/${only}:enable`, body: {} })
      : ask({ api: 'serviceusage', method: 'POST', path: `${services}:batchEnable`, body: { serviceIds: positional } }));
    return undefined;
  },
};

const createAccount: Command = {
  takes: ['display-name', 'description'],
  async run(given, { ask, project }) {
    const serviceAccount = defined({ description: given.flags.get('description'), displayName: given.flags.get('display-name') });
    const body = { accountId: first(given), serviceAccount };
    await ask({ api: 'iam', method: 'POST', path: `v1/projects/${project}/serviceAccounts`, body }).catch((error: unknown) => {
      if (!(error instanceof RefusedError) || error.code !== 409) throw error;
      throw new GcloudError(`Resource in projects [${project}] is the subject of a conflict: ${error.message}`);
    });
    return undefined;
  },
};

const updateAccount: Command = {
  takes: ['display-name', 'description'],
  async run(given, { ask, project }) {
    const serviceAccount = defined({ description: given.flags.get('description'), displayName: given.flags.get('display-name') });
    const path = `v1/projects/${project}/serviceAccounts/${first(given)}`;
    return ask({ api: 'iam', method: 'PATCH', path, body: { serviceAccount, updateMask: Object.keys(serviceAccount).join(',') } });
  },
};

async function listed(
  session: Session,
  api: string,
  path: string,
  key: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Document[]> {
  const items: Document[] = [];
  for (let pageToken = ''; ;) {
    const page = await session.ask({ api, method: 'GET', path, query: { ...query, ...(pageToken && { pageToken }) } });
    items.push(...listOf(page[key]).map(objectOf));
    pageToken = textOf(page['nextPageToken']);
    if (!pageToken) return items;
  }
}

/** The commands. */
export const projectCommands: Commands = {
  'services enable': enable,
  'services list': {
    takes: [],
    switches: ['enabled'],
    run: (_given, session) =>
      listed(session, 'serviceusage', `v1/projects/${session.project}/services`, 'services', { filter: 'state:ENABLED', pageSize: '200' }),
  },
  'projects describe': {
    takes: [],
    run: (given, { ask }) => ask({ api: 'cloudresourcemanager', method: 'GET', path: `v1/projects/${first(given)}` }),
  },
  'projects get-iam-policy': { takes: [], run: (given, session) => readPolicy(onProject(given), session) },
  'projects add-iam-policy-binding': ofProject,
  'projects remove-iam-policy-binding': ofProject,
  'secrets get-iam-policy': { takes: ['location'], run: (given, session) => readPolicy(onSecret(given, session), session) },
  'secrets add-iam-policy-binding': ofSecret,
  'secrets remove-iam-policy-binding': ofSecret,
  'iam service-accounts create': createAccount,
  'iam service-accounts update': updateAccount,
  'iam service-accounts list': {
    takes: [],
    async run(_given, session) {
      const accounts = await listed(session, 'iam', `v1/projects/${session.project}/serviceAccounts`, 'accounts', { pageSize: '100' });
      return accounts.map((account) => ({ disabled: false, ...account }));
    },
  },
  'iam service-accounts describe': {
    takes: [],
    run: (given, { ask }) => ask({ api: 'iam', method: 'GET', path: `v1/projects/-/serviceAccounts/${first(given)}` }),
  },
  ...Object.fromEntries(
    ['enable', 'disable'].map((verb): [string, Command] => [
      `iam service-accounts ${verb}`,
      {
        takes: [],
        async run(given, { ask, project }) {
          await ask({ api: 'iam', method: 'POST', path: `v1/projects/${project}/serviceAccounts/${first(given)}:${verb}`, body: {} });
          return undefined;
        },
      },
    ]),
  ),
  'iam service-accounts delete': {
    takes: [],
    async run(given, { ask }) {
      await ask({ api: 'iam', method: 'DELETE', path: `v1/projects/-/serviceAccounts/${first(given)}` });
      return undefined;
    },
  },
  'iam service-accounts add-iam-policy-binding': ofAccount,
  'iam service-accounts remove-iam-policy-binding': ofAccount,
};
