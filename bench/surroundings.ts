/** What all measurements share: the servers that are probed, and the emulated Google APIs, each in a process of its own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../local/services/certificates';
import { startPostgres } from '../local/services/postgres';
import { startRedis } from '../local/services/redis';
import { temporaryFolder } from '../local/services/temporary-folder';
import { guardProcesses } from './measured-process';
import { startProgram, type Program } from './program';
import type { Google } from './programs/google';
import type { Servers } from './programs/servers';

export const project = 'bench';
export const region = 'us-central1';
const password = 'bench-password';

/** Where everything is. */
export interface Surroundings {
  /** Of this run alone. */
  readonly folder: string;
  readonly google: Program<Google>;
  readonly addresses: Awaited<ReturnType<Google['start']>>;
  readonly ports: Awaited<ReturnType<Servers['start']>> & { readonly postgres: number; readonly redis?: number };
  readonly password: string;
  /** The PEM of the authority behind the TLS server, and its file. */
  readonly ca: string;
  readonly caFile: string;
  close(): Promise<void>;
}

const connector = {
  name: `projects/${project}/locations/${region}/connectors/bench`,
  network: 'bench',
  ipCidrRange: '10.8.0.0/28',
  state: 'READY',
  minInstances: 2,
  maxInstances: 3,
};

/** Starts everything. @param say told what is missing. */
export async function startSurroundings(say: (line: string) => void): Promise<Surroundings> {
  const endings: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.toReversed()) await end();
    endings.length = 0;
  };
  try {
    const folder = await temporaryFolder('vpc-synthetics-bench-');
    endings.push(await guardProcesses(folder));
    const authority = await createAuthority('Bench Authority');
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, authority.certificate);
    const google = await startProgram<Google>('google');
    endings.push(() => google.stop());
    const servers = await startProgram<Servers>('servers');
    endings.push(() => servers.stop());
    const addresses = await google.ask('start', {
      project,
      secrets: { 'api-key': 'not-a-real-key-4711' },
      resources: { [`/vpcaccess/v1/${connector.name}`]: connector },
    });
    const ports = await servers.ask('start', await authority.issue());
    const postgres = await startPostgres({ password });
    endings.push(() => postgres.stop());
    const redis = await startRedis().catch((error: unknown) => say(`Redis is left out: ${String(error)}`));
    if (redis) endings.push(() => redis.stop());
    return {
      folder,
      google,
      addresses,
      ports: { ...ports, postgres: postgres.port, redis: redis?.port },
      password,
      ca: authority.certificate,
      caFile,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
