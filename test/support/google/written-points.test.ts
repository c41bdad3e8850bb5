/** A function of this project, deployed to the stand-in and run by its job, writes points that are then found over REST. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gcloudEnvironment, recordedGcloud, runGcloud } from './gcloud';
import { callApi } from './rest-client';
import { listOf, objectOf } from './rest';
import { startGoogle } from './stand-in';
import type { GoogleStandIn } from './stand-in';

const id = 'synthetics-staging-http';
const emailOf = (user: string): string => `synthetics-staging-${user}@netra-staging.iam.gserviceaccount.com`;
const enabled = [
  'artifactregistry',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'iam',
  'monitoring',
  'run',
  'serviceusage',
];

describe('a deployed function of this project', () => {
  let google: GoogleStandIn;
  let folder: string;
  let target: Server;

  beforeEach(async () => {
    target = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
    google = await startGoogle({ functions: {}, enabled: enabled.map((name) => `${name}.googleapis.com`) });
    folder = await mkdtemp(join(tmpdir(), 'google-'));
    await cp(resolve(__dirname, '../../../../dist/functions/http'), join(folder, 'source'), { recursive: true });
  });
  afterEach(async () => {
    await google.close();
    target.closeAllConnections();
    target.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('writes its heartbeat and its verdict when its job runs', async () => {
    const { port } = target.address() as { port: number };
    const config = {
      environment: 'staging',
      project: 'netra-staging',
      region: 'us-central1',
      network: { connector: 'c', egress: 'private-ranges-only' },
      http: { backend: { url: `http://127.0.0.1:${port}/health` } },
    };
    await writeFile(join(folder, 'source/config.json'), JSON.stringify(config));
    const environment = gcloudEnvironment(google, folder);
    const gcloud = async (...args: string[]): Promise<void> => {
      expect(await runGcloud(environment, args, recordedGcloud.path)).toMatchObject({ exitCode: 0 });
    };
    for (const user of ['http', 'scheduler']) await gcloud('iam', 'service-accounts', 'create', `synthetics-staging-${user}`);
    const common = ['--region=us-central1', '--runtime=nodejs24', `--source=${join(folder, 'source')}`, '--entry-point=http'];
    await gcloud('functions', 'deploy', id, '--gen2', '--trigger-http', ...common, `--service-account=${emailOf('http')}`, '--format=none');
    await gcloud('functions', 'add-invoker-policy-binding', id, '--region=us-central1', `--member=serviceAccount:${emailOf('scheduler')}`);
    const uri = google.functions.all()[0]?.serviceConfig.uri ?? '';
    const identity = [`--oidc-service-account-email=${emailOf('scheduler')}`, `--oidc-token-audience=${uri}`];
    const request = [`--uri=${uri}`, '--headers=Content-Type=application/json', '--message-body={"targets":["backend"],"shard":0}'];
    const when = ['--location=us-central1', '--schedule=* * * * *', '--attempt-deadline=60s'];
    await gcloud('scheduler', 'jobs', 'create', 'http', `${id}-0`, ...when, ...request, ...identity);

    await gcloud('scheduler', 'jobs', 'run', `${id}-0`, '--location=us-central1');
    await google.settled();
    expect(google.attempts()).toMatchObject([{ status: 200 }]);
    expect(google.jobs.all()).toMatchObject([{ status: {} }]);

    const series = async (metric: string): Promise<unknown> => {
      const query = new URLSearchParams({
        filter: `metric.type = "custom.googleapis.com/synthetic/${metric}"`,
        'interval.startTime': new Date(Date.now() - 600_000).toISOString(),
        'interval.endTime': new Date(Date.now() + 60_000).toISOString(),
      });
      const { body } = await callApi(google, 'GET', `http://monitoring.test/v3/projects/netra-staging/timeSeries?${query.toString()}`);
      return listOf(objectOf(body)['timeSeries']);
    };
    expect(await series('prober/healthy')).toMatchObject([
      {
        metric: { labels: { trigger: 'schedule', shard: '0' } },
        resource: { type: 'generic_task' },
        points: [{ value: { int64Value: '1' } }],
      },
    ]);
    expect(await series('probe/success')).toMatchObject([
      { metric: { labels: { target: 'backend' } }, points: [{ value: { int64Value: '1' } }] },
    ]);
    expect(google.unexpected()).toEqual([]);
  }, 120_000);
});
