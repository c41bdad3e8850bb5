/** gcloud deploys a function and its job to the stand-in, and the function answers. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityToken } from './front-end';
import { gcloudEnvironment, gcloudForTests, runGcloud } from './gcloud';
import type { GcloudResult } from './gcloud';
import { callApi } from './rest-client';
import { startGoogle } from './stand-in';
import type { GoogleStandIn } from './stand-in';

const id = 'synthetics-staging-http';
const region = '--region=us-central1';
const emailOf = (user: string): string => `synthetics-staging-${user}@netra-staging.iam.gserviceaccount.com`;
const answering =
  'exports.http = (request, response) => response.json({ headers: request.headers, body: request.body, colour: process.env.COLOUR });';

describe('a function, as gcloud deploys it', () => {
  let google: GoogleStandIn;
  let folder: string;
  let gcloud: (...args: string[]) => Promise<GcloudResult>;

  beforeEach(async () => {
    google = await startGoogle({
      functions: {},
      enabled: [
        'cloudbuild',
        'cloudfunctions',
        'cloudresourcemanager',
        'cloudscheduler',
        'iam',
        'run',
        'artifactregistry',
        'serviceusage',
      ].map((name) => `${name}.googleapis.com`),
    });
    folder = await mkdtemp(join(tmpdir(), 'google-'));
    const environment = gcloudEnvironment(google, folder);
    const program = gcloudForTests();
    gcloud = (...args) => runGcloud(environment, args, program.path);
    await mkdir(join(folder, 'source'));
    await writeFile(join(folder, 'source/index.js'), answering);
    await writeFile(join(folder, 'source/package.json'), '{"main":"index.js"}');
    await writeFile(join(folder, 'source/.gcloudignore'), 'node_modules\n');
    await writeFile(join(folder, 'body.json'), '{"shard":0}');
  });
  afterEach(async () => {
    await google.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is created with its account, and answers its job', async () => {
    for (const user of ['http', 'scheduler'])
      expect(await gcloud('iam', 'service-accounts', 'create', `synthetics-staging-${user}`)).toMatchObject({ exitCode: 0 });
    const source = `--source=${join(folder, 'source')}`;
    const sizes = ['--memory=512Mi', '--cpu=1', '--concurrency=8', '--timeout=120'];
    const deployed = await gcloud(
      'functions',
      'deploy',
      id,
      '--gen2',
      region,
      '--runtime=nodejs24',
      source,
      '--entry-point=http',
      '--trigger-http',
      '--no-allow-unauthenticated',
      `--service-account=${emailOf('http')}`,
      '--set-env-vars=COLOUR=green',
      ...sizes,
    );
    expect(deployed).toMatchObject({ exitCode: 0 });
    const [fn] = google.functions.all();
    expect(fn).toMatchObject({ state: 'ACTIVE', serviceConfig: { availableMemory: '512Mi', serviceAccountEmail: emailOf('http') } });

    const uri = fn?.serviceConfig.uri ?? '';
    const job = [
      '--location=us-central1',
      '--schedule=*/5 * * * *',
      '--time-zone=UTC',
      `--uri=${uri}`,
      '--headers=Content-Type=application/json',
      '--max-retry-attempts=0',
      '--attempt-deadline=60s',
      `--message-body-from-file=${join(folder, 'body.json')}`,
      `--oidc-service-account-email=${emailOf('scheduler')}`,
      `--oidc-token-audience=${uri}`,
    ];
    expect(await gcloud('scheduler', 'jobs', 'create', 'http', `${id}-0`, ...job)).toMatchObject({ exitCode: 0 });

    google.tick(new Date('2026-11-20T10:05:00Z'));
    await google.settled();
    expect(google.attempts().map(({ status }) => status)).toEqual([403]);

    expect(
      await gcloud('functions', 'add-invoker-policy-binding', id, region, `--member=serviceAccount:${emailOf('scheduler')}`),
    ).toMatchObject({ exitCode: 0 });
    expect(await gcloud('scheduler', 'jobs', 'run', `${id}-0`, '--location=us-central1')).toMatchObject({ exitCode: 0 });
    await google.settled();
    const [, attempt] = google.attempts();
    expect(attempt?.status).toBe(200);
    expect(JSON.parse(attempt?.body ?? '')).toMatchObject({
      colour: 'green',
      body: { shard: 0 },
      headers: { 'x-cloudscheduler': 'true', 'x-cloudscheduler-jobname': `${id}-0` },
    });

    // From outside, through the proxy.
    const call = (authorization: string) => callApi(google, 'GET', uri, undefined, authorization);
    expect(await call('')).toMatchObject({ status: 401 });
    expect(await call(`Bearer ${identityToken(emailOf('http'), uri)}`)).toMatchObject({ status: 403 });
    expect(await call(`Bearer ${identityToken(emailOf('scheduler'), uri)}`)).toMatchObject({ status: 200, body: { colour: 'green' } });
    expect(google.unexpected()).toEqual([]);
  }, 180_000);
});
