/** Runs gcloud against the stand-in, in an environment from which it reaches nothing else. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { GoogleStandIn } from './stand-in';

/** How a command of gcloud ended. */
export interface GcloudResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** APIs that gcloud has endpoints for, by the name of their override. */
const overridden = [
  'artifactregistry',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'iam',
  'logging',
  'monitoring',
  'run',
  'secretmanager',
  'serviceusage',
  'storage',
  'vpcaccess',
];

/**
 * @param folder an empty one, for gcloud's own files.
 * @returns the environment in which gcloud, and Node with its own `fetch`, work against the stand-in; every other host meets the stand-in too.
 */
export function gcloudEnvironment({ project, proxy, token }: GoogleStandIn, folder: string): Record<string, string> {
  const home = join(folder, 'gcloud');
  mkdirSync(home, { recursive: true });
  const tokenFile = join(home, 'access-token');
  writeFileSync(tokenFile, token);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    CLOUDSDK_CONFIG: home,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: tokenFile,
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    ...Object.fromEntries(overridden.map((api) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api.toUpperCase()}`, `http://${api}.test/`])),
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: '',
    NODE_USE_ENV_PROXY: '1',
  };
}

/** Runs one command of gcloud; never throws. */
export async function runGcloud(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  gcloud = 'gcloud',
): Promise<GcloudResult> {
  return new Promise((fulfil) => {
    execFile(gcloud, [...args], { env: environment, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      fulfil({ exitCode: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

/** A program that takes gcloud's words. */
export interface GcloudProgram {
  readonly path: string;
  /** The folder that holds it, under the name `gcloud`: put it before the others in `PATH`. */
  readonly folder: string;
  readonly isReal: boolean;
}

/** The one that is used where none is installed. */
export const recordedGcloud: GcloudProgram = (() => {
  const folder = resolve(__dirname, '../../../../test/support/google/recorded-gcloud');
  return { path: join(folder, 'gcloud'), folder, isReal: false };
})();

/** @returns the gcloud that is installed, if there is one. */
export function installedGcloud(): GcloudProgram | undefined {
  try {
    const path = execFileSync('/bin/sh', ['-c', 'command -v gcloud'], { encoding: 'utf8' }).trim();
    return { path, folder: join(path, '..'), isReal: true };
  } catch {
    return undefined;
  }
}

/** Chooses the installed gcloud, else the recorded one, and says on the test's output which one it is. */
export function gcloudForTests(): GcloudProgram {
  const program = installedGcloud() ?? recordedGcloud;
  process.stderr.write(program.isReal ? `gcloud: ${program.path}\n` : 'gcloud is not installed: the tests use the recorded one\n');
  return program;
}
