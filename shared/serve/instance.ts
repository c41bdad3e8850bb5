/** What lives as long as an instance of a function: its configuration and its Google clients. */
import type { Cloud } from '../cloud/cloud';
import { createCloud } from '../cloud/google';
import type * as MonitoringClient from '../cloud/monitoring';
import type { Config } from '../config/config';
import { loadWhole } from '../config/load';
import type { Environment } from '../environment';
import type { Endpoint, Kind } from '../probe';
import type { Needs } from '../run/execute';
import { createWarmUp, type WarmUp } from '../run/warm-up';
import type { Read } from '../telemetry/reader';
import type { Send } from '../telemetry/writer';

/** An instance that is ready to run. */
export interface Instance {
  readonly config: Config;
  /** Canonical JSON of the configuration. */
  readonly compiled: string;
  readonly cloud: Cloud;
  readonly send: Send;
  readonly read: Read;
  /** Makes the clients that a run needs ready, so that nothing is loaded while it probes. */
  prepare(needs: Needs): Promise<void>;
  readonly warmUp?: WarmUp;
  close(): Promise<void>;
}

type Monitoring = MonitoringClient.Monitoring;

/** Loaded only once a run is sure to take place: a request that is refused needs no client. */
function openMonitoring(project: string, emulator: string | undefined): Monitoring {
  const { createMonitoring } = require('../cloud/monitoring') as typeof MonitoringClient;
  return createMonitoring(project, emulator);
}

const realApi: Endpoint = { host: 'monitoring.googleapis.com', port: 443 };

function apiOf(emulator: string | undefined): Endpoint {
  const colon = emulator?.lastIndexOf(':') ?? -1;
  return emulator && colon > 0 ? { host: emulator.slice(0, colon), port: Number(emulator.slice(colon + 1)) } : realApi;
}

/**
 * @param kinds every kind there is, to check every section of the configuration.
 * @throws ConfigError
 */
export function createInstance(configPath: string, kinds: readonly Kind[], environment: Environment): Instance {
  const { config, compiled } = loadWhole(configPath, kinds, { project: environment.project });
  const cloud = createCloud(config.project, environment);
  let monitoring: Monitoring | undefined;
  const client = (): Monitoring => (monitoring ??= openMonitoring(config.project, environment.monitoringEmulator));
  const { warmUpMs } = config.network;
  return {
    config,
    compiled,
    cloud,
    send: (points) => client().send(points),
    read: (query, signal) => client().read(query, signal),
    async prepare({ points, secrets, rest }) {
      await Promise.all([
        points ? client().ready() : undefined,
        secrets ? cloud.secretManager().ready() : undefined,
        rest ? cloud.rest().ready() : undefined,
      ]);
    },
    warmUp: warmUpMs === undefined ? undefined : createWarmUp(warmUpMs, apiOf(environment.monitoringEmulator)),
    close: async () => void (await Promise.all([cloud.close(), monitoring?.close()])),
  };
}
