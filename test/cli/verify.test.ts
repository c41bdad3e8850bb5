/** `synthetics verify` from outside: which functions it calls, what it prints, and how it ends. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPlatformStandIn } from '../../local/emulators/platform';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { createAuthority } from '../../local/services/certificates';
import type { Outcome } from '../../shared/result';
import type { Verification } from '../../shared/verify/verification';
import { kinds } from '../../functions/kinds';
import { configSlice } from '../../shared/config/config-slice';
import { loadWhole } from '../../shared/config/load';
import { ownFolder } from '../config/written';
import { answeringFunctions, report, result, type AnsweringFunctions } from '../support/answering-functions';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();
const head = 'environment: test\nproject: test-project\nregion: us-central1\n';
folder.write(
  'synthetics.yaml',
  `${head}redis: { cache: { host: 10.0.0.1 } }\ntcp: { mail: { host: 10.0.0.2, port: 25 } }\nverify: { interval: 0s }\n`,
);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function synthetics(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  try {
    const options = { cwd: folder.path, env: { ...process.env, SYNTHETICS_CONFIG: '', ...env } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, 'verify', ...args], options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

const { config, compiled } = loadWhole(join(folder.path, 'synthetics.yaml'), kinds);
let mail: Outcome = 'success';
let ran: { readonly environment: string; readonly configHash?: string } = { environment: 'test', configHash: config.hash };
let functions: AnsweringFunctions;
const reply = (kind: string): { document: object } => ({
  document: report(kind, [kind === 'redis' ? result(kind, 'cache') : result(kind, 'mail', mail)], ran),
});
beforeAll(async () => {
  functions = await answeringFunctions(reply);
});
afterAll(() => functions.close());
beforeEach(() => {
  mail = 'success';
  ran = { environment: 'test', configHash: config.hash };
});

const behind = (...args: string[]): Promise<Ended> => synthetics(['--url', functions.url.href, ...args]);

test.each<[Outcome, number, string, string]>([
  ['success', 0, 'SIGNED OFF', 'HEALTHY'],
  ['failure', 1, 'NOT SIGNED OFF', 'UNHEALTHY'],
  ['unknown', 3, 'INCONCLUSIVE', 'UNKNOWN'],
])(
  'a target that is %s: it ends with %i, and nothing of its progress is left where there is no terminal',
  async (outcome, code, verdict, status) => {
    mail = outcome;
    const ended = await behind('--rounds', '2', '--interval', '10ms');
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout.trimEnd().split('\n').slice(-3)).toEqual([
      `Verdict: ${verdict}`,
      `Overall Status: ${status}`,
      `Critical Failures: ${outcome === 'failure' ? 1 : 0}`,
    ]);
  },
);

test('nobody there is inconclusive, not a failure', async () => {
  const ended = await synthetics(['--url', 'http://127.0.0.1:1', '--rounds', '1']);
  expect(ended.code).toBe(3);
  expect(ended.stdout).toContain('function/redis (monitor, confidence high)');
});

test('an earlier answer is compared with', async () => {
  mail = 'failure';
  const before = await behind('--format', 'json', '--rounds', '1');
  folder.write('before.json', before.stdout);
  mail = 'success';
  const after = JSON.parse((await behind('--format', 'json', '--rounds', '1', '--baseline', 'before.json')).stdout) as Verification;
  expect(after.changes).toEqual(['verdict: not signed off → signed off', 'mail: failure → success']);
  expect(after.nextActions).toEqual([]);
});

test.each([
  ['another environment', { environment: 'local', configHash: config.hash }, 'the functions are those of local, not of test'],
  ['another configuration', { environment: 'test', configHash: 'abc' }, `ran with the configuration abc, this one is ${config.hash}`],
])('functions of %s are not signed off for the file here: it ends with 3', async (_, runs, told) => {
  ran = runs;
  const ended = await behind('--rounds', '1');
  expect(ended.code).toBe(3);
  expect(ended.stdout).toContain('Verdict: INCONCLUSIVE');
  expect(ended.stdout).toContain(told);
});

test('Markdown and HTML go to stdout, headed by the issue', async () => {
  expect((await behind('--rounds', '1', '--format', 'markdown', '--issue', '#1278')).stdout).toMatch(
    /^# SIGNED OFF: verification of test for #1278\n/,
  );
  expect((await behind('--rounds', '1', '--format', 'html', '--issue', '#1278')).stdout).toMatch(
    /^<!doctype html>[^]*for #1278[^]*<\/html>\n$/,
  );
});

test.each([
  [['--url', 'localhost:8080'], '--url localhost:8080 is no address; allowed: http://… or https://…'],
  [['--rounds', '0'], '--rounds 0 is wrong; allowed: a whole number from 1 to 100'],
  [['--rounds', '1e1'], '--rounds 1e1 is wrong'],
  [['--interval', '10'], '--interval 10 is wrong; allowed: a duration, e.g. 500ms, 10s, 2m'],
  [['--format', 'pdf'], '--format pdf is wrong; allowed: json, text, markdown, html'],
  [['--baseline', 'nowhere.json'], '--baseline nowhere.json: ENOENT'],
  [['--baseline', 'synthetics.yaml'], 'allowed: a file with an earlier answer'],
  [['extra'], 'Unexpected argument'],
  [['--config', 'none.yaml'], 'none.yaml'],
])('%j is wrong usage: it ends with 2 and calls nothing', async (args, message) => {
  const before = functions.calls.length;
  const ended = await synthetics(args);
  expect([ended.code, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr).toContain(message);
  expect(functions.calls.length).toBe(before);
});

test('without a file, and an address that tells no configuration, it says so', async () => {
  folder.write('empty/.keep', '');
  const env = { ...process.env, SYNTHETICS_CONFIG: '' };
  const ended = await promisify(execFile)(process.execPath, [program, 'verify', '--url', 'http://127.0.0.1:1'], {
    cwd: join(folder.path, 'empty'),
    env,
  }).catch((error: unknown) => error as Ended);
  expect(ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no synthetics.yaml here, and http://127.0.0.1:1/configuration tells no'),
  });
});

describe('deployed functions', () => {
  /** As they are deployed: each with its part of the file. */
  const partReply = (kind: string): { document: object } => {
    const kindOf = kinds.find(({ name }) => name === kind);
    const slice = kindOf ? configSlice({ config, compiled }, kindOf, kinds, false) : '';
    const { hash } = loadWhole(folder.write(`${kind}.json`, slice), kinds).config;
    return { document: { ...reply(kind).document, configHash: hash } };
  };

  test('are found by their names in Cloud Run, and called with a token of whoever is logged in to gcloud', async () => {
    const authority = await createAuthority('Test Authority');
    const certificate = await authority.issue();
    const [deployed, platform, secrets] = await Promise.all([
      answeringFunctions(partReply, certificate),
      startPlatformStandIn(),
      startSecretManagerEmulator({ project: 'test-project' }),
    ]);
    try {
      for (const kind of ['redis', 'tcp']) {
        const path = `projects/test-project/locations/us-central1/services/synthetics-test-${kind}`;
        platform.put(`/run/v2/${path}`, { name: path, uri: `${deployed.url.href}${kind}` });
      }
      folder.write('ca.pem', authority.certificate);
      folder.write('bin/gcloud', '#!/bin/sh\n[ "$*" = "auth print-identity-token" ] && echo aaa.bbb.ccc\n');
      await promisify(execFile)('chmod', ['+x', join(folder.path, 'bin/gcloud')]);
      const ended = await synthetics(['--rounds', '1'], {
        PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: folder.path,
        CLOUDSDK_CONFIG: folder.path,
        GOOGLE_APPLICATION_CREDENTIALS: '',
        METADATA_SERVER_DETECTION: 'none',
        NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.pem'),
        PLATFORM_EMULATOR_HOST: platform.address,
        SECRET_MANAGER_EMULATOR_HOST: secrets.address,
      });
      expect(
        deployed.calls.map(({ kind, authorization }) => [kind, authorization]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      ).toEqual([
        ['redis', 'Bearer aaa.bbb.ccc'],
        ['tcp', 'Bearer aaa.bbb.ccc'],
      ]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain('Verdict: SIGNED OFF');
    } finally {
      await Promise.all([deployed.close(), platform.close(), secrets.close()]);
    }
  });
});
