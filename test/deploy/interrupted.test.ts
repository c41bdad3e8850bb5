/** deploy.sh is killed, or a step of it fails, and it is run again. */
import { startDeploying, type Deploying } from '../support/deploying';
import { until } from '../support/until';

jest.setTimeout(400_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = `
environment: staging
project: my-project
region: us-central1
tcp:
  lively: { host: 127.0.0.1, port: PORT }
`;

describe('a deployment that does not come to its end', () => {
  let world: Deploying;
  const writes = (pattern: RegExp): number => world.google.writes().filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;

  beforeAll(async () => {
    world = await startDeploying();
    world.configure(yaml);
  });
  afterAll(async () => world.close());

  it('goes on from there, wherever it was killed', async () => {
    const moments = [/POST .*\/serviceAccounts$/, /POST .*\/functions$/, /POST .*\/alertPolicies$/];
    for (const moment of moments) {
      const running = world.start(['--no-wait']);
      await until(() => writes(moment) > 0, 150_000);
      running.kill();
      expect(await running.ended).toMatchObject({ code: 'SIGKILL' });
    }
    const { code, output } = await world.deploy(['--no-wait']);
    expect(output).toContain('First runs');
    expect(code).toBe(0);
    world.google.forgetRequests();
    expect((await world.deploy(['--no-wait'])).output).toContain('Everything was as planned');
    expect(world.google.functions.all()).toHaveLength(4);
    expect(world.google.accounts.all()).toHaveLength(5);
    const keys = world.google.alertPolicies.all().map(({ userLabels }) => JSON.stringify(userLabels));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('says which step failed for good and why, and goes on once the cause is gone', async () => {
    world.configure(yaml.replace('PORT }', 'PORT, timeout: 5s }'));
    world.google.forgetRequests();
    // Once it passes by itself and is tried again, once it does not.
    world.google.fault({ method: 'PATCH', path: /\/functions\//, status: 429, message: 'Quota exceeded for quota metric' });
    world.google.failDeployment('synthetics-staging-tcp', 'Build failed: the moon stands in the wrong house');
    const failed = await world.deploy(['--no-wait']);
    expect(failed.output).toMatch(/1\/4 {2}function synthetics-staging-tcp: deploy again \(.*\) +failed\n/);
    expect(failed.output).toContain('the moon stands in the wrong house');
    expect(failed.output).toContain('run it again');
    expect(failed.code).toBe(1);
    expect(writes(/PATCH .*\/functions\/synthetics-staging-tcp$/)).toBeGreaterThanOrEqual(1);
    expect(await world.deploy(['--no-wait'])).toMatchObject({ code: 0 });
    expect(world.google.functions.all()).toMatchObject(Array.from({ length: 4 }, () => ({ state: 'ACTIVE' })));
  });

  it('ends at once when it is told to, and leaves no folder', async () => {
    world.configure(yaml.replace('PORT }', 'PORT, timeout: 7s }'));
    world.google.forgetRequests();
    const running = world.start(['--no-wait']);
    await until(() => writes(/PATCH .*\/functions\//) > 0, 150_000);
    running.interrupt('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 143 });
    // Those that were killed had no chance to tidy up.
    expect(world.leftovers().length).toBe(3);
    expect(await world.deploy(['--no-wait'])).toMatchObject({ code: 0 });
  });
});
