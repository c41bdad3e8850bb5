/** Commands on functions, and on the Cloud Run services underneath them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listOf, objectOf, textOf } from '../rest';
import type { Document } from '../rest';
import { addBinding, removeBinding } from './bindings';
import type { PolicyAccess } from './bindings';
import { first, itemsOf, required } from './command';
import type { Command, Commands, Given } from './command';
import { checkRuntime, wantedFunction } from './deploy';
import { GcloudError, RefusedError } from './session';
import type { Asked, Session } from './session';
import { archiveOf } from './source-archive';

const invoker = 'roles/run.invoker';
const pollMs = 100;

const parentOf = (given: Given, { project }: Session): string => `projects/${project}/locations/${required(given, 'region')}`;
const nameOf = (given: Given, session: Session): string => `${parentOf(given, session)}/functions/${first(given)}`;

/** The functions' commands word a refusal in their own way. */
async function asked(session: Session, what: Omit<Asked, 'api'>): Promise<Document> {
  return session.ask({ api: 'cloudfunctions', ...what }).catch((error: unknown) => {
    throw worded(error);
  });
}

function worded(error: unknown): unknown {
  return error instanceof RefusedError
    ? new GcloudError(`ResponseError: status=[${error.code}], code=[Ok], message=[${error.message}]`)
    : error;
}

async function finished(session: Session, operation: Document): Promise<void> {
  for (;;) {
    const state = await asked(session, { method: 'GET', path: `v2/${textOf(operation['name'])}` });
    if (state['error'] !== undefined) throw new GcloudError(textOf(objectOf(state['error'])['message']));
    if (state['done'] === true) return;
    await sleep(pollMs);
  }
}

async function surroundings(session: Session, given: Given): Promise<void> {
  const { project, ask } = session;
  for (const service of ['run', 'cloudbuild', 'artifactregistry']) {
    const path = `v1/projects/${project}/services/${service}.googleapis.com`;
    const { state } = await ask({ api: 'serviceusage', method: 'GET', path });
    if (state !== 'ENABLED') throw new GcloudError(`API [${service}.googleapis.com] not enabled on project [${project}].`);
  }
  // It warns where the account that builds lacks its role.
  const isGiven = given.flags.has('build-service-account');
  const body = { options: { requestedPolicyVersion: 3 } };
  if (!isGiven) await ask({ api: 'cloudbuild', method: 'GET', path: `v1/${parentOf(given, session)}/defaultServiceAccount` });
  await ask({ api: 'cloudresourcemanager', method: 'GET', path: `v1/projects/${project}` });
  if (!isGiven) await ask({ api: 'cloudresourcemanager', method: 'POST', path: `v1/projects/${project}:getIamPolicy`, body });
}

const onService = (given: Given, session: Session): PolicyAccess => ({
  api: 'run',
  resource: `v1/${parentOf(given, session)}/services/${first(given)}`,
  reading: 'GET',
});

const deployFlags =
  'region runtime source entry-point service-account vpc-connector egress-settings ingress-settings timeout env-vars-file set-env-vars update-env-vars remove-env-vars memory cpu concurrency min-instances max-instances build-service-account update-labels remove-labels'.split(
    ' ',
  );

const deploy: Command = {
  takes: deployFlags,
  switches: ['gen2', 'trigger-http', 'no-allow-unauthenticated', 'clear-vpc-connector', 'clear-env-vars', 'clear-labels'],
  async run(given, session) {
    const name = nameOf(given, session);
    const present = await asked(session, { method: 'GET', path: `v2/${name}` }).catch((error: unknown) => {
      if (error instanceof GcloudError && error.message.includes('status=[404]')) return undefined;
      throw error;
    });
    const { runtimes } = await asked(session, { method: 'GET', path: `v2/${parentOf(given, session)}/runtimes` });
    checkRuntime(given.flags.get('runtime') ?? textOf(objectOf(present?.['buildConfig'])['runtime']), listOf(runtimes));
    const upload = await asked(session, { method: 'POST', path: `v2/${parentOf(given, session)}/functions:generateUploadUrl`, body: {} });
    await session.upload(textOf(upload['uploadUrl']), archiveOf(given.flags.get('source') ?? '.'));
    const wanted = wantedFunction(given, name, objectOf(upload['storageSource']), present);
    await surroundings(session, given);
    const operation = present
      ? await asked(session, { method: 'PATCH', path: `v2/${name}`, query: { updateMask: wanted.mask.join(',') }, body: wanted.function })
      : await asked(session, {
          method: 'POST',
          path: `v2/${parentOf(given, session)}/functions`,
          query: { functionId: first(given) },
          body: wanted.function,
        });
    await finished(session, operation);
    const deployed = await asked(session, { method: 'GET', path: `v2/${name}` });
    if (present && given.flags.has('no-allow-unauthenticated'))
      await removeBinding(onService(given, session), invoker, 'allUsers', session, true);
    return deployed;
  },
};

const bind: Command = {
  takes: ['region', 'member'],
  async run(given, session) {
    // The real one asks twice.
    await asked(session, { method: 'GET', path: `v2/${nameOf(given, session)}` });
    await asked(session, { method: 'GET', path: `v2/${nameOf(given, session)}` });
    const change = given.command.includes('remove-') ? removeBinding : addBinding;
    return change(onService(given, session), invoker, required(given, 'member'), session, true).catch((error: unknown) => {
      throw worded(error);
    });
  },
};

const remove: Command = {
  takes: ['region'],
  switches: ['gen2'],
  async run(given, session) {
    await finished(session, await asked(session, { method: 'DELETE', path: `v2/${nameOf(given, session)}` }));
    return undefined;
  },
};

const instances = 'run.googleapis.com/cloudsql-instances';

/** The region stands before the host's name. */
function regional(given: Given, session: Session): Session {
  return { ...session, ask: (what) => session.ask({ ...what, region: required(given, 'region') }) };
}

const servicePath = (given: Given, { project }: Session): string =>
  `apis/serving.knative.dev/v1/namespaces/${project}/services/${first(given)}`;

const updateService: Command = {
  takes: ['region', 'add-cloudsql-instances'],
  async run(given, plain) {
    const session = regional(given, plain);
    const path = servicePath(given, session);
    const service = await session.ask({ api: 'run', method: 'GET', path });
    for (const api of ['sql-component', 'sqladmin']) {
      const { state } = await session.ask({
        api: 'serviceusage',
        method: 'GET',
        path: `v1/projects/${session.project}/services/${api}.googleapis.com`,
      });
      if (state !== 'ENABLED') throw new GcloudError('Aborted by user.');
    }
    const { metadata, spec, status } = service;
    const revision = textOf(objectOf(status)['latestCreatedRevisionName']);
    await session.ask({
      api: 'run',
      method: 'GET',
      path: `apis/serving.knative.dev/v1/namespaces/${textOf(objectOf(metadata)['namespace'])}/revisions/${revision}`,
    });
    const template = objectOf(objectOf(spec)['template']);
    const annotations = objectOf(objectOf(template['metadata'])['annotations']);
    const attached = [
      ...textOf(annotations[instances]).split(',').filter(Boolean),
      ...itemsOf(given.flags.get('add-cloudsql-instances') ?? ''),
    ];
    const changed = { annotations: { ...annotations, [instances]: [...new Set(attached)].join(',') }, labels: {} };
    const body = { ...service, spec: { ...objectOf(spec), template: { ...template, metadata: changed } } };
    await session.ask({ api: 'run', method: 'PUT', path, body });
    return undefined;
  },
};

/** The commands. */
export const functionCommands: Commands = {
  'functions deploy': deploy,
  'functions delete': remove,
  'functions describe': {
    takes: ['region'],
    switches: ['gen2'],
    run: (given, session) => asked(session, { method: 'GET', path: `v2/${nameOf(given, session)}` }),
  },
  'functions list': {
    takes: ['regions'],
    switches: ['v2'],
    async run(given, session) {
      const region = given.flags.get('regions') ?? '-';
      const path = `v2/projects/${session.project}/locations/${region}/functions`;
      const { functions } = await asked(session, { method: 'GET', path, query: { pageSize: '100' } });
      return listOf(functions).map((one) => ({ ...objectOf(one), name: textOf(objectOf(one)['name']).replace(/^.*\//, '') }));
    },
  },
  'functions add-invoker-policy-binding': bind,
  'functions remove-invoker-policy-binding': bind,
  'run services update': updateService,
  'run services describe': {
    takes: ['region'],
    run: (given, session) => regional(given, session).ask({ api: 'run', method: 'GET', path: servicePath(given, session) }),
  },
};
