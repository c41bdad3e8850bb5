/** The embedded stack: services, their configuration, and every function in a process of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { memory } from '../../deploy/plan/functions';
import { runtimeEnvironment } from '../../deploy/plan/runtime-environment';
import { timestamp, wallClock } from '../../shared/clock';
import type { Config } from '../../shared/config/config';
import type { Kind } from '../../shared/probe';
import { startGuard } from '../services/guard';
import { temporaryFolder } from '../services/temporary-folder';
import { environment, region, writeConfiguration } from './configuration';
import { createEndings, together } from './endings';
import { createFunctionLog } from './function-log';
import { type FunctionProcess, startFunction } from './function-process';
import { createIdentityProxy } from './identity-proxy';
import { channels } from './routes';
import { project, projectNumber, type Services, startServices } from './services';
import { createSwitchboard, type Switchboard } from './switchboard';

/** How the stack is started. */
export interface StackOptions {
  /** Every kind there is. */
  readonly kinds: readonly Kind[];
  /** Told what happens, a sentence each. */
  readonly say: (sentence: string) => void;
  /** Told each line that a function logs. */
  readonly onLog?: (kind: string, line: string) => void;
  /** Where the bundled functions lie; default `dist/functions`. */
  readonly bundles?: string;
}

/** A running stack. */
export interface Stack {
  readonly config: Config;
  /** The configuration as the functions read it. */
  readonly compiled: string;
  readonly services: Services;
  readonly faults: Switchboard;
  /** Where configuration and logs lie; gone once the stack is stopped. */
  readonly folder: string;
  /** The functions that run. */
  readonly functions: readonly string[];
  /** Says to `status` that the operator asks, as Identity-Aware Proxy would. */
  readonly assertion: () => string;
  /** `http://127.0.0.1:port` of a function. */
  readonly url: (kind: string) => string;
  /** Ends everything and removes its files; a second call does nothing. */
  stop(): Promise<void>;
}

const builtBundles = resolve(__dirname, '../../../dist/functions');

/** Starts everything; where something does not start, what did is ended again. */
export async function startStack({ kinds, say, onLog, bundles = builtBundles }: StackOptions): Promise<Stack> {
  const endings = createEndings();
  try {
    const folder = await temporaryFolder('vpc-synthetics-');
    const guard = await startGuard([folder], 'TERM');
    endings.add(() => guard.release());
    const services = await endings.after(startServices(wallClock()), (started) => started.stop());
    const { config, compiled } = writeConfiguration(folder, kinds, services);
    const functions = await together(
      readdirSync(bundles).map((kind) => {
        const source = { project, location: region, service: serviceOf(kind) };
        const log = createFunctionLog(source, (entry) => void services.platform.log(project, entry));
        const starting = startFunction({
          kind,
          source: join(bundles, kind),
          environment: { ...environmentOf(services, compiled), K_SERVICE: serviceOf(kind) },
          logFile: join(folder, `${kind}.log`),
          onLine(line, stream) {
            log(line, stream, timestamp());
            onLog?.(kind, line);
          },
          network: services.privateNetwork,
          onChange: say,
        });
        return endings.after(starting, (started) => started.stop());
      }),
    );
    for (const { kind } of functions) {
      const [path, resource] = asCloudRunService(kind, () => urlOf(functions, kind));
      services.platform.put(path, resource);
      services.platform.put(`${path}:getIamPolicy`, openToEverybody);
    }
    const identityProxy = createIdentityProxy(`/projects/${projectNumber}/locations/${region}/services/${serviceOf('status')}`);
    for (const channel of channels) services.platform.put(`/monitoring/v3/${channel.name}`, channel);
    services.platform.put('/gstatic/iap/verify/public_key', identityProxy.publicKeys);
    return {
      config,
      compiled: readFileSync(compiled, 'utf8'),
      services,
      faults: createSwitchboard(services, config),
      folder,
      functions: functions.map(({ kind }) => kind),
      assertion: identityProxy.assertion,
      url: (kind) => urlOf(functions, kind),
      stop: endings.endAll,
    };
  } catch (error) {
    await endings.endAll();
    throw error;
  }
}

/** Who may call a function here: whoever finds its port. */
const openToEverybody = { version: 1, etag: 'BwXhqDbYk7c=', bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] };

/** As a deployment would name it. */
const serviceOf = (kind: string): string => `synthetics-${environment}-${kind}`;

/** A function as Cloud Run tells of it to those who look for its address, which changes when it is started again. */
function asCloudRunService(kind: string, url: () => string): [path: string, resource: object] {
  const name = `projects/${project}/locations/${region}/services/${serviceOf(kind)}`;
  return [
    `/run/v2/${name}`,
    {
      name,
      get uri() {
        return url();
      },
    },
  ];
}

function urlOf(functions: readonly FunctionProcess[], kind: string): string {
  const found = functions.find((each) => each.kind === kind);
  if (!found) throw new Error(`the function ${kind} does not run`);
  return found.url();
}

/** What a deployment would tell a function; nothing of our own environment gets through. */
function environmentOf({ monitoring, secretManager, platform }: Services, compiled: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    SYNTHETICS_CONFIG: compiled,
    GOOGLE_CLOUD_PROJECT: project,
    MONITORING_EMULATOR_HOST: monitoring.address,
    SECRET_MANAGER_EMULATOR_HOST: secretManager.address,
    PLATFORM_EMULATOR_HOST: platform.address,
    LOG_LEVEL: 'info',
    ...runtimeEnvironment(memory.sizesMiB[0]),
  };
}
