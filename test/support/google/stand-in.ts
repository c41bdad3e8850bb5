/** Google's APIs on loopback, as far as a deployment uses them: the real gcloud works against it, and functions really run. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { createAttempts } from './attempts';
import type { Attempt } from './attempts';
import type { Collection, Named } from './collection';
import type { Fault } from './faults';
import { createFrontEnd } from './front-end';
import { createFunctions } from './functions';
import type { CloudFunction } from './functions';
import { createIamPolicies } from './iam-policies';
import type { IamPolicies } from './iam-policies';
import { createLiveFunctions } from './live-functions';
import type { LiveFunctions } from './live-functions';
import { createMonitoring } from './monitoring';
import type { MonitoringState } from './monitoring';
import { createOperations } from './operations';
import { createProjects } from './projects';
import { createRun } from './run';
import { createRunServices } from './run-services';
import type { RunService } from './run-services';
import { createScheduler } from './scheduler';
import type { SchedulerJob } from './scheduler';
import { createSecrets } from './secrets';
import { startServer } from './server';
import type { RecordedRequest } from './server';
import { createAccounts, createServiceAccounts, isKnownAccount } from './service-accounts';
import type { ServiceAccount } from './service-accounts';
import { createServices } from './services';
import { createSmallApis } from './small-apis';
import { createUploads } from './uploads';
import type { StorageObject } from './uploads';

/** How to start the stand-in. */
export interface GoogleOptions {
  /** `netra-staging` unless said otherwise. */
  readonly project?: string;
  /** Names of secrets that exist, `database-url` or in full for regional ones. */
  readonly secrets?: readonly string[];
  /** Full names of notification channels that exist. */
  readonly channels?: readonly string[];
  /** Where functions write, and what answers for metrics; started and ended with the stand-in unless given. */
  readonly monitoring?: MonitoringEmulator;
  /** APIs that are enabled from the beginning; what a new project has, unless said otherwise. */
  readonly enabled?: readonly string[];
  /** Starts functions that are called, with this environment beside what is deployed and the address of `monitoring`. Absent: they are not started. */
  readonly functions?: Readonly<Record<string, string>>;
  /** How long a deployment lasts that nobody polls, in milliseconds; 300 unless said otherwise. */
  readonly deploymentMs?: number;
}

/** A running stand-in. */
export interface GoogleStandIn extends MonitoringState {
  readonly project: string;
  /** The project's number. */
  readonly number: string;
  /** `http://127.0.0.1:PORT`: a proxy to all of Google, `http://<api>.test/`, and to the functions' addresses. */
  readonly proxy: string;
  /** The access token that every API asks for. */
  readonly token: string;
  readonly enabled: ReadonlySet<string>;
  readonly accounts: Collection<ServiceAccount>;
  readonly secrets: Collection<Named>;
  readonly policies: IamPolicies;
  readonly functions: Collection<CloudFunction>;
  readonly services: Collection<RunService>;
  readonly jobs: Collection<SchedulerJob>;
  /** Keeps descriptors and points. */
  readonly monitoring: MonitoringEmulator;
  /** The APIs' names, as in `CLOUDSDK_API_ENDPOINT_OVERRIDES_<NAME>`. */
  readonly apis: readonly string[];
  /** Every request so far, oldest first. */
  readonly requests: () => readonly RecordedRequest[];
  /** Those that change something. */
  readonly writes: () => readonly RecordedRequest[];
  /** Forgets the requests so far. */
  readonly forgetRequests: () => void;
  /** What was asked that nothing here answers; a test expects none. */
  readonly unexpected: () => readonly string[];
  /** Switches a fault on; what comes back switches it off. */
  readonly fault: (fault: Fault) => () => void;
  readonly heal: () => void;
  /** The next deployment of this function fails in its build. */
  readonly failDeployment: (id: string, message: string) => void;
  /** @returns the uploaded archive of a function's source. */
  readonly archive: (source: StorageObject) => Buffer | undefined;
  /** Every uploaded archive, oldest first. */
  readonly archives: () => readonly Buffer[];
  /** Calls, unpacks and reads the functions; undefined without `functions` among the options. */
  readonly live: LiveFunctions | undefined;
  /** Attempts of Scheduler jobs so far. */
  readonly attempts: () => readonly Attempt[];
  /** Cloud Scheduler's clock comes to this minute: what is due is sent. */
  readonly tick: (minute: Date) => void;
  /** Resolves once no attempt is under way. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Services of a project that nobody touched yet (Service Usage, "Services enabled by default"), and those that reach it at all. */
const enabledAtFirst = ['cloudresourcemanager', 'iam', 'logging', 'monitoring', 'serviceusage', 'storage'].map(
  (name) => `${name}.googleapis.com`,
);

const reading = /:(getIamPolicy|testIamPermissions|query)$/;

/** Starts the stand-in on a free port of loopback. */
export async function startGoogle(options: GoogleOptions = {}): Promise<GoogleStandIn> {
  const project = options.project ?? 'netra-staging';
  const number = '123456789012';
  const token = 'the-token-of-a-test';
  const accounts = createAccounts(project);
  const accountExists = (email: string): boolean => isKnownAccount(email, project, accounts);
  const policies = createIamPolicies(accountExists);
  const world = { project, number, policies, timestamp: () => new Date().toISOString() };
  const enabled = createServices(world, options.enabled ?? enabledAtFirst);
  const secrets = createSecrets(world);
  for (const secret of options.secrets ?? []) {
    secrets.secrets.add({ name: secret.startsWith('projects/') ? secret : `projects/${project}/secrets/${secret}` });
  }
  const uploads = createUploads();
  const operations = createOperations(options.deploymentMs ?? 300);
  const runServices = createRunServices(world);
  const functions = createFunctions({ world, uploads, operations, services: runServices, accountExists });
  const monitoring = options.monitoring ?? (await startMonitoringEmulator());
  const live =
    options.functions && createLiveFunctions(uploads, runServices, { MONITORING_EMULATOR_HOST: monitoring.address, ...options.functions });
  const frontEnd = createFrontEnd(policies, live);
  const serviceOf = (host: string): RunService | undefined => runServices.services.all().find(({ uri }) => new URL(uri).hostname === host);
  const attempts = createAttempts({
    jobs: () => scheduler.jobs,
    serviceOf: ({ hostname }) => serviceOf(hostname),
    frontEnd,
    timestamp: world.timestamp,
  });
  const scheduler = createScheduler(world, accountExists, attempts.start);
  const { api: monitoringApi, ...stored } = createMonitoring({
    world,
    emulator: monitoring,
    channels: options.channels ?? [],
    functionExists: (name) => functions.functions.find(name) !== undefined,
  });
  const apis = [
    enabled.api,
    createProjects(world),
    createServiceAccounts(world, accounts),
    secrets.api,
    uploads.api,
    functions.api,
    createRun(world, runServices),
    scheduler.api,
    monitoringApi,
    ...createSmallApis(world),
  ];
  const other = async (host: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<boolean> => {
    const service = serviceOf(host);
    if (!service) return false;
    const { pathname, search } = new URL(incoming.url ?? '/', `http://${host}`);
    const answer = await frontEnd.call(
      service,
      {
        method: incoming.method ?? 'GET',
        path: `${pathname}${search}`,
        headers: incoming.headers,
        body,
      },
      'outside',
    );
    const { 'content-encoding': _encoding, 'transfer-encoding': _transfer, 'content-length': _length, ...headers } = answer.headers;
    outgoing.writeHead(answer.status, headers).end(answer.body);
    return true;
  };
  const server = await startServer({
    apis,
    token,
    project,
    number,
    isEnabled: (api) => enabled.enabled.has(`${api}.googleapis.com`),
    other,
  });

  return {
    project,
    number,
    token,
    proxy: `http://127.0.0.1:${server.port}`,
    enabled: enabled.enabled,
    accounts,
    secrets: secrets.secrets,
    policies,
    functions: functions.functions,
    services: runServices.services,
    jobs: scheduler.jobs,
    ...stored,
    monitoring,
    apis: apis.map(({ name }) => name),
    requests: () => [...server.requests],
    writes: () => server.requests.filter(({ method, path }) => method !== 'GET' && !reading.test(path)),
    forgetRequests: () => void (server.requests.length = 0),
    unexpected: () => [...server.unexpected],
    fault: server.faults.add,
    heal: server.faults.clear,
    failDeployment: functions.failNext,
    archive: uploads.find,
    archives: uploads.all,
    live,
    attempts: () => [...attempts.made],
    tick: attempts.tick,
    settled: attempts.settled,
    async close() {
      operations.close();
      await attempts.settled();
      await live?.close();
      await server.close();
      if (!options.monitoring) await monitoring.close();
    },
  };
}
