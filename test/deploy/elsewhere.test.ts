/** deploy.sh when the region changes, when the token ends meanwhile, and when it is ended in the midst of requests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startDeploying, type Deploying } from '../support/deploying';
import { until } from '../support/until';

jest.setTimeout(300_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = (region: string): string => `
environment: staging
project: my-project
region: ${region}
tcp:
  lively: { host: 127.0.0.1, port: PORT }
`;

describe('a deployment', () => {
  let world: Deploying;
  const names = (): readonly string[] =>
    [...world.google.functions.all(), ...world.google.jobs.all()].map(({ name }) => name).filter((name) => name.includes('tcp'));

  beforeAll(async () => {
    world = await startDeploying({ gcloud: 'recorded' });
    world.configure(yaml('us-central1'));
  });
  afterAll(async () => world.close());

  it('that is ended sends nothing more', async () => {
    const healed = world.google.fault({ method: 'POST', path: /\/metricDescriptors$/, delayMs: 1000, times: Infinity });
    const described = (): number => world.google.writes().filter(({ path }) => path.endsWith('/metricDescriptors')).length;
    const running = world.start(['--no-wait']);
    await until(() => described() > 0, 120_000);
    running.interrupt('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 143 });
    const before = described();
    await sleep(4000);
    expect(described()).toBe(before);
    healed();
  });

  it('that is ended while it waits for an answer ends at once', async () => {
    const healed = world.google.fault({ method: 'GET', path: /\/timeSeries/, delayMs: 25_000, times: Infinity });
    world.google.forgetRequests();
    const running = world.start(['--no-wait']);
    await until(() => world.google.requests().some(({ path }) => path.endsWith('/timeSeries')), 60_000);
    const began = Date.now();
    running.interrupt('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 143 });
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(world.leftovers()).toEqual([]);
    healed();
  });

  it('goes on with a new token where the old one has ended', async () => {
    world.google.fault({ method: 'GET', path: /\/timeSeries/, status: 401, from: 4 });
    world.google.fault({ method: 'GET', path: /\/metricDescriptors/, status: 401 });
    const { code, output } = await world.deploy();
    expect(output).toContain('HEALTHY');
    expect(code).toBe(0);
  });

  it('takes with it what another region has', async () => {
    world.configure(yaml('europe-west1'));
    const { code, output } = await world.deploy(['--no-wait']);
    expect(output).toContain('function synthetics-staging-tcp in us-central1: delete');
    expect(code).toBe(0);
    expect(names()).toEqual([
      'projects/my-project/locations/europe-west1/functions/synthetics-staging-tcp',
      'projects/my-project/locations/europe-west1/jobs/synthetics-staging-tcp-0',
    ]);
    world.configure(yaml('us-central1'));
    expect(await world.deploy(['--delete', '--yes'])).toMatchObject({ code: 0 });
    expect(names()).toEqual([]);
  });
});
