/** deploy.sh beside what belongs to others: a secret that whoever deploys may not see, and a policy that was ours. */
import { startDeploying, type Deploying } from '../support/deploying';

jest.setTimeout(300_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = `
environment: staging
project: my-project
region: us-central1
tcp:
  lively: { host: 127.0.0.1, port: PORT, tls: { ca: { secret: projects/their-project/secrets/ca } } }
`;

describe('what belongs to others', () => {
  let world: Deploying;

  beforeAll(async () => {
    world = await startDeploying({ gcloud: 'recorded' });
    world.configure(yaml);
    world.google.fault({ path: /their-project\/secrets/, status: 403, message: 'Permission denied on resource', times: Infinity });
  });
  afterAll(async () => world.close());

  it('is reported, and the rest goes on', async () => {
    const { code, output } = await world.deploy(['--no-wait']);
    expect(output).toContain('The secret projects/their-project/secrets/ca does not exist, or you may not see who reads it');
    expect(code).toBe(0);
    expect(world.google.functions.all().map(({ name }) => name.replace(/^.*-/, ''))).toContain('tcp');
  });

  it('is told where it says everything twice', async () => {
    const { alertPolicies } = world.google;
    const [policy] = alertPolicies.all();
    alertPolicies.put({ ...alertPolicies.get(policy?.name ?? ''), userLabels: {} });
    for (const expected of ['Done', 'Everything was as planned']) {
      const { code, output } = await world.deploy(['--no-wait']);
      expect(output).toContain(`stands there a second time, without our labels: delete ${policy?.name}.`);
      expect(output).toContain(expected);
      expect(code).toBe(0);
    }
    expect(alertPolicies.all().filter(({ displayName }) => displayName === policy?.displayName)).toHaveLength(2);
  });
});
