/** Runs deploy.sh as its users do, with the real gcloud where there is one, against the stand-in of Google's APIs. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { gcloudEnvironment, gcloudForTests, recordedGcloud, type GcloudProgram } from './google/gcloud';
import { startGoogle, type GoogleOptions, type GoogleStandIn } from './google/stand-in';

/** The project's folder. */
export const root = resolve(__dirname, '../../..');

/** The value of the secret `probe-token`; it must appear nowhere. */
export const plantedSecret = 'planted-7f3b9d-never-to-be-seen';

/** How deploy.sh ended. */
export interface Ended {
  readonly code: number | string;
  /** What it said, on both streams, as it came. */
  readonly output: string;
}

/** A deployment that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Kills it and all that it started, at once. */
  readonly kill: () => void;
  /** Asks it to end, as Ctrl-C or a supervisor does. */
  readonly interrupt: (signal: NodeJS.Signals) => void;
}

/** A place to deploy from, and the project to deploy into. */
export interface Deploying {
  readonly google: GoogleStandIn;
  readonly monitoring: MonitoringEmulator;
  readonly secretManager: SecretManagerEmulator;
  /** Port of a server on loopback that is well. */
  readonly port: number;
  /** Puts the configuration; `PORT` in it is that server's. */
  readonly configure: (yaml: string) => void;
  readonly start: (args: readonly string[], from?: string) => Running;
  /** @param from the project's folder, or a copy. */
  readonly deploy: (args?: readonly string[], from?: string) => Promise<Ended>;
  /** Every command line of gcloud so far. */
  readonly commands: () => readonly string[];
  /** Where the secret or the access token was seen while gcloud ran: files, command lines, environments. */
  readonly leaks: () => string;
  /** What is left in the folder for temporary files. */
  readonly leftovers: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** @returns the names of all that a deployment creates and that can be listed. */
export function namesIn({ functions, jobs, accounts, alertPolicies, dashboards, services }: GoogleStandIn): readonly string[] {
  return [functions, jobs, accounts, alertPolicies, dashboards, services].flatMap((collection) => collection.all().map(({ name }) => name));
}

export interface DeployingOptions extends Pick<GoogleOptions, 'secrets' | 'channels'> {
  /** The recorded gcloud is ten times as quick as the real one: for what is not about gcloud. Default: the real one where there is one. */
  readonly gcloud?: 'recorded';
}

/** @param secrets that exist; `probe-token` has a value. */
export async function startDeploying({ gcloud, ...options }: DeployingOptions = {}): Promise<Deploying> {
  const folder = await mkdtemp(join(tmpdir(), 'synthetics-deploy-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const monitoring = await startMonitoringEmulator();
  const secretManager = await startSecretManagerEmulator({ project: 'my-project' });
  secretManager.put('probe-token', { versions: [{ value: plantedSecret }] });
  const well = await startWell();
  const google = await startGoogle({
    project: 'my-project',
    secrets: ['probe-token'],
    ...options,
    monitoring,
    functions: { MONITORING_EMULATOR_HOST: monitoring.address, SECRET_MANAGER_EMULATOR_HOST: secretManager.address },
  });
  const file = join(folder, 'synthetics.yaml');
  const environment = watchedEnvironment(google, folder, temporary, gcloud === 'recorded' ? recordedGcloud : gcloudForTests());
  const portOf = (): number => {
    const bound = well.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  };
  const read = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');

  const start = (args: readonly string[], from: string = root): Running => {
    const child = spawn(join(from, 'deploy.sh'), ['--no-build', '--config', file, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
    const { pid } = child;
    return {
      ended: once(child, 'close').then(([code, signal]): Ended => ({ code: (signal ?? code) as number | string, output })),
      kill: () => void (pid !== undefined && process.kill(-pid, 'SIGKILL')),
      interrupt: (signal) => void child.kill(signal),
    };
  };
  return {
    google,
    monitoring,
    secretManager,
    port: portOf(),
    configure: (yaml) => writeFileSync(file, yaml.replaceAll('PORT', String(portOf()))),
    start,
    deploy: async (args = [], from = root) => start(args, from).ended,
    commands: () => read('commands').split('\n').filter(Boolean),
    leaks: () => read('leaks'),
    leftovers: () => readdirSync(temporary).filter((name) => name.startsWith('vpc-synthetics')),
    async close() {
      await google.close();
      await Promise.all([monitoring.close(), secretManager.close()]);
      well.close();
      well.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWell(): Promise<Server> {
  const server = createServer((_request, response) => response.end('well'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** gcloud stands behind a script that notes its command lines, and looks for what must not be seen while it runs. */
function watchedEnvironment(google: GoogleStandIn, folder: string, temporary: string, real: GcloudProgram): Record<string, string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(folder, 'patterns'), `${plantedSecret}\n${google.token}\n`);
  const search = `grep -F -f '${folder}/patterns'`;
  const lines = [
    '#!/bin/sh',
    `printf '%s\\n' "$*" >>'${folder}/commands'`,
    `{ env | ${search}; ${search} -r -l '${temporary}'; ${search} -l /proc/[0-9]*/cmdline; } >>'${folder}/leaks' 2>/dev/null`,
    `exec '${real.path}' "$@"`,
  ];
  writeFileSync(join(bin, 'gcloud'), `${lines.join('\n')}\n`);
  chmodSync(join(bin, 'gcloud'), 0o755);
  const environment = gcloudEnvironment(google, folder);
  return { ...environment, PATH: [bin, environment['PATH'] ?? ''].join(delimiter), TMPDIR: temporary };
}
