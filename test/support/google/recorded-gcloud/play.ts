/** Plays the scenario with one gcloud or the other, and writes down what it asked and printed, without what differs each time. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unpackArchive } from '../archive';
import { gcloudEnvironment, runGcloud } from '../gcloud';
import { objectOf } from '../rest';
import { callApi } from '../rest-client';
import type { RecordedRequest } from '../server';
import { startGoogle } from '../stand-in';
import type { GoogleStandIn } from '../stand-in';
import { files, policy, scenario, surroundings } from './scenario';

/** One command as it went. */
export interface Played {
  readonly command: string;
  readonly exitCode: number;
  /** Only where a format was asked for, or nothing but the output counts. */
  readonly stdout?: string;
  /** What went wrong. */
  readonly errors: readonly string[];
  readonly requests: readonly object[];
}

/** A whole scenario. */
export interface Recording {
  /** E.g. `Google Cloud SDK 528.0.0`. */
  readonly version: string;
  readonly commands: readonly Played[];
  /** Files of the last upload, by path. */
  readonly uploaded: readonly string[];
  readonly unexpected: readonly string[];
}

/** What the real one did. */
export const recordingFile = resolve(__dirname, '../../../../../test/support/google/recorded-gcloud/recording.json');

/** @param gcloud the program. @returns what it did */
export async function play(gcloud: string): Promise<Recording> {
  const google = await startGoogle(surroundings);
  const folder = await mkdtemp(join(tmpdir(), 'gcloud-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const environment = gcloudEnvironment(google, folder);
    await callApi(google, 'POST', 'http://monitoring.test/v3/projects/netra-staging/alertPolicies', policy);
    const commands: Played[] = [];
    for (const { args, failBuild } of scenario) {
      google.forgetRequests();
      const given = Object.entries({ FOLDER: folder, ...idsIn(google) });
      const spelled = (word: string): string => given.reduce((text, [name, value]) => text.replaceAll(name, value), word);
      const plain = (text: string): string => withoutNoise(given.reduce((rest, [name, value]) => rest.replaceAll(value, name), text));
      if (failBuild) google.failDeployment(failBuild, 'Build failed: the function has no main file.');
      const { exitCode, stdout, stderr } = await runGcloud(environment, args.map(spelled), gcloud);
      const isRead = args.some((word) => /^--format=(json|value)/.test(word)) || ['config', 'auth'].includes(args[0] ?? '');
      commands.push({
        command: args.join(' '),
        exitCode,
        ...(isRead && { stdout: plain(args[1] === 'list' && args[0] === 'config' ? settingsIn(stdout) : stdout) }),
        errors: errorsIn(plain(stderr)),
        requests: withoutRepeats(google.requests()).map((request) => JSON.parse(plain(JSON.stringify(essence(request)))) as object),
      });
    }
    const [version = ''] = (await runGcloud(environment, ['--version'], gcloud)).stdout.split('\n');
    return { version, commands, uploaded: uploadedFiles(google.archives()), unexpected: google.unexpected() };
  } finally {
    await google.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ids that the server gave, by the word that stands for them; what is not there yet has none. */
function idsIn({ dashboards, uptimeChecks, alertPolicies }: GoogleStandIn): Record<string, string> {
  const last = { DASHBOARD: dashboards, CHECK: uptimeChecks, POLICY: alertPolicies };
  return Object.fromEntries(
    Object.entries(last).flatMap(([word, { all }]) => {
      const id = all().at(-1)?.name.split('/').at(-1);
      return id === undefined ? [] : [[word, id]];
    }),
  );
}

/** The machine may have settings of its own. */
function settingsIn(listing: string): string {
  const { api_endpoint_overrides: endpoints, core } = objectOf(JSON.parse(listing));
  return JSON.stringify({ endpoints, project: objectOf(core)['project'] });
}

/** How often an operation is asked after depends on the clock. */
function withoutRepeats(requests: readonly RecordedRequest[]): readonly RecordedRequest[] {
  return requests.filter(({ method, path }, index) => {
    const last = requests[index - 1];
    return !(path.includes('/operations/') && last?.method === method && last.path === path);
  });
}

function essence({ api, method, path, query, body, status }: RecordedRequest): object {
  return { api, method, path, query, ...(body !== undefined && { body: ordered(body) }), status };
}

/** Without what the server gave to the real gcloud to send back, and what nobody reads. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(objectOf(value)).filter(([key]) => !/^(run\.googleapis\.com\/client-|client\.knative\.dev\/)/.test(key));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, ordered(one)]));
}

function withoutNoise(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/("etag": ?")[^"]*"/g, '$1ETAG"')
    .replace(/("resourceVersion": ?")[^"]*"/g, '$1VERSION"')
    .replace(/-(\d{5})-[0-9a-f]{3}\b/g, '-$1-REV');
}

function errorsIn(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('ERROR:'))
    .map((line) => line.replace(/ This command is authenticated with an access token.*$/, ''));
}

function uploadedFiles(archives: readonly Buffer[]): string[] {
  const last = archives.at(-1);
  return last ? [...unpackArchive(last).keys()].toSorted() : [];
}
