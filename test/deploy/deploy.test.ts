/** deploy.sh from the first run to the change of a configuration, with gcloud against the stand-in of Google's APIs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedSecret, startDeploying, type Deploying, type Ended } from '../support/deploying';

jest.setTimeout(180_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = `
environment: staging
project: my-project
region: us-central1
alerts: { slo: 0.99 }
tcp:
  lively: { host: 127.0.0.1, port: PORT }
http:
  backend: { url: "http://127.0.0.1:PORT/health", headers: { authorization: "Bearer \${secret:probe-token}" } }
`;

const withMore = `${yaml}  shop: { url: "http://127.0.0.1:PORT/shop", headers: { authorization: "Bearer \${secret:shop-token}" } }\n`;

const email = (user: string): string => `serviceAccount:synthetics-staging-${user}@my-project.iam.gserviceaccount.com`;

describe('deploying', () => {
  let world: Deploying;
  const outputs: string[] = [];
  const deploy = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await world.deploy(args);
    outputs.push(ended.output);
    return ended;
  };
  const written = (): readonly string[] => world.google.writes().map(({ method, path }) => `${method} ${path}`);

  beforeAll(async () => {
    world = await startDeploying();
  });
  afterAll(async () => world.close());

  it('prints every command of a dry run, and changes nothing', async () => {
    world.configure(yaml);
    const { code, output } = await deploy('--dry-run');
    expect(output).toContain('gcloud functions deploy synthetics-staging-http --gen2');
    expect(output).toContain('gcloud iam service-accounts create synthetics-staging-scheduler');
    expect(output).toContain('gcloud scheduler jobs create http synthetics-staging-tcp-0');
    expect(output).toMatch(/curl .* http:\/\/monitoring\.test\/v3\/projects\/my-project\/alertPolicies /);
    expect(code).toBe(0);
    expect(written()).toEqual([]);
  });

  it('creates everything, runs each job once, and shows how the targets are', async () => {
    const { code, output } = await deploy();
    expect(output).toMatch(/ {2}tcp +HEALTHY +1 target\n/);
    expect(output).toMatch(/ {2}http +HEALTHY +1 target\n/);
    expect(code).toBe(0);
    const { google } = world;
    expect(google.functions.all().map(({ name, state }) => `${name.replace(/^.*\//, '')} ${state}`)).toEqual(
      expect.arrayContaining(['synthetics-staging-http ACTIVE', 'synthetics-staging-tcp ACTIVE']),
    );
    expect(google.jobs.all().map(({ name }) => name.replace(/^.*\//, ''))).toEqual(
      expect.arrayContaining(['synthetics-staging-http-0', 'synthetics-staging-tcp-0']),
    );
    expect(google.accounts.all().map((account) => `serviceAccount:${account.email}`)).toEqual(
      expect.arrayContaining(['http', 'tcp', 'diagnose', 'status', 'verify', 'scheduler'].map(email)),
    );
    expect(google.attempts().map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(google.unexpected()).toEqual([]);
  });

  it('gives no account what is another function’s', () => {
    const { policies } = world.google;
    const secret = 'projects/my-project/secrets/probe-token';
    expect(policies.has(secret, 'roles/secretmanager.secretAccessor', email('http'))).toBe(true);
    expect(JSON.stringify(policies.get(secret))).not.toContain(email('tcp'));
    expect(JSON.stringify(policies.get('projects/my-project'))).not.toMatch(/secretAccessor|editor|owner/);
    for (const name of ['http', 'tcp']) {
      const service = `projects/my-project/locations/us-central1/services/synthetics-staging-${name}`;
      const members = [email('scheduler'), email('status'), email('verify')];
      expect(policies.get(service).bindings).toEqual([{ role: 'roles/run.invoker', members }]);
    }
    const verify = 'projects/my-project/locations/us-central1/services/synthetics-staging-verify';
    expect(policies.get(verify).bindings).toEqual([{ role: 'roles/run.invoker', members: [email('status')] }]);
  });

  it('sends each function its own bundle, which starts and answers, and its own part of the configuration', async () => {
    const { live, services } = world.google;
    for (const [kind, other] of [
      ['http', 'lively'],
      ['tcp', 'backend'],
    ] as const) {
      const service = services.all().find(({ id }) => id === `synthetics-staging-${kind}`);
      if (!live || !service) throw new Error(`There is no service of ${kind}.`);
      const folder = await live.unpack(service);
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['index.js', 'package.json', 'config.json']));
      expect(readFileSync(join(folder, 'config.json'), 'utf8')).not.toContain(other);
      const answer = await live.call(service, { method: 'GET', path: '/?target=nobody', headers: {}, body: Buffer.from('') });
      expect(answer.status).toBe(400);
    }
  });

  it('writes nothing when it runs again', async () => {
    world.google.forgetRequests();
    const { code, output } = await deploy();
    expect(output).toContain('Everything was as planned');
    expect(code).toBe(0);
    expect(written()).toEqual([]);
  });

  it('changes what follows from one more target, and leaves a secret that does not exist', async () => {
    world.configure(withMore);
    // Points of a series lie 5 s apart at least, or the later one is refused; nothing runs the jobs again by the minute here.
    await sleep(6000);
    world.google.forgetRequests();
    const { code, output } = await deploy();
    expect(output).toContain('The secret projects/my-project/secrets/shop-token does not exist');
    expect(code).toBe(0);
    const resources = new Set(written().map((line) => line.replace(/^(\w+) .*\/(\w+\/[^/]+)$/, '$1 $2')));
    expect([...resources].filter((line) => /tcp/.test(line))).toEqual([]);
    expect([...resources]).toEqual(
      expect.arrayContaining(['PATCH functions/synthetics-staging-http', 'PATCH jobs/synthetics-staging-http-0']),
    );
    expect([...resources].filter((line) => /serviceAccounts|secrets|my-project:setIamPolicy|metricDescriptors/.test(line))).toEqual([]);
  });

  it('binds the secret once it exists', async () => {
    world.google.secrets.add({ name: 'projects/my-project/secrets/shop-token' });
    world.secretManager.put('shop-token', { versions: [{ value: plantedSecret }] });
    world.google.forgetRequests();
    const { output } = await deploy('--only', 'http', '--no-wait');
    expect(output).not.toContain('does not exist');
    expect(written()).toEqual(['POST /v1/projects/my-project/secrets/shop-token:setIamPolicy']);
    expect(world.google.policies.has('projects/my-project/secrets/shop-token', 'roles/secretmanager.secretAccessor', email('http'))).toBe(
      true,
    );
  });

  it('never lets a secret or the access token be seen', () => {
    const { google, leaks, leftovers, commands } = world;
    for (const text of [outputs.join('\n'), commands().join('\n')]) {
      expect(text).not.toContain(plantedSecret);
      expect(text).not.toContain(google.token);
    }
    expect(leaks()).toBe('');
    expect(leftovers()).toEqual([]);
  });
});
