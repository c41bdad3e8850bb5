/** Two environments in one project, the name of one of them the beginning of the other's. */
import { namesIn, startDeploying, type Deploying } from '../support/deploying';

jest.setTimeout(300_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = (environment: string): string => `
environment: ${environment}
project: my-project
region: us-central1
alerts: { slo: 0.99 }
tcp:
  lively: { host: 127.0.0.1, port: PORT }
`;

describe('neighbours', () => {
  let world: Deploying;
  const names = (): readonly string[] => namesIn(world.google);
  const state = (): string => {
    const { functions, jobs, accounts, alertPolicies, dashboards, services, policies } = world.google;
    return JSON.stringify([functions, jobs, accounts, alertPolicies, dashboards, services, policies].map((all) => all.all()));
  };

  beforeAll(async () => {
    world = await startDeploying({ gcloud: 'recorded' });
    for (const environment of ['stag', 'stag-eu']) {
      world.configure(yaml(environment));
      const { code, output } = await world.deploy(['--no-wait']);
      if (code !== 0) throw new Error(output);
    }
    // Nobody waited for the first runs.
    await world.google.settled();
  });
  afterAll(async () => world.close());

  it('are not what is no longer planned', async () => {
    const before = state();
    world.google.forgetRequests();
    world.configure(yaml('stag'));
    const { code, output } = await world.deploy(['--no-wait']);
    expect(output).not.toContain('stag-eu');
    expect(code).toBe(0);
    expect(world.google.writes().filter(({ path }) => !path.endsWith(':run'))).toEqual([]);
    expect(state()).toBe(before);
  });

  it('may call each other where somebody let them', async () => {
    const { policies, accounts } = world.google;
    const service = 'projects/my-project/locations/us-central1/services/synthetics-stag-tcp';
    const other = accounts.all().find(({ email }) => email.startsWith('synthetics-stag-eu-scheduler'))?.email ?? '';
    const { bindings } = policies.get(service);
    policies.set(service, { policy: { bindings: [...bindings, { role: 'roles/run.invoker', members: [`serviceAccount:${other}`] }] } });
    expect(await world.deploy(['--no-wait'])).toMatchObject({ code: 0 });
    expect(JSON.stringify(policies.get(service))).toContain(other);
  });

  it('outlive each other', async () => {
    const others = names().filter((name) => name.includes('stag-eu'));
    const policiesOf = (): number => world.google.alertPolicies.all().filter(({ displayName }) => displayName.includes('stag-eu')).length;
    const before = policiesOf();
    // Somebody had deleted accounts by hand: what they held stays under another name.
    const { policies } = world.google;
    const deleted = (id: string): string => `deleted:serviceAccount:${id}@my-project.iam.gserviceaccount.com?uid=7`;
    const role = 'roles/monitoring.metricWriter';
    const { bindings } = policies.get('projects/my-project');
    const members = [deleted('synthetics-stag-http'), deleted('synthetics-stag-eu-http')];
    policies.set('projects/my-project', { policy: { bindings: [...bindings, { role, members }] } });
    const { code, output } = await world.deploy(['--delete', '--yes']);
    expect(output).toMatch(/left: synthetics-stag-eu-\w+ and others of another environment use them/);
    expect(code).toBe(0);
    expect(names().filter((name) => name.includes('stag-eu'))).toEqual(others);
    expect(policiesOf()).toBe(before);
    expect(JSON.stringify(policies.get('projects/my-project'))).not.toContain(members[0]);
    expect(JSON.stringify(policies.get('projects/my-project'))).toContain(members[1]);
    expect(world.monitoring.descriptors().length).toBeGreaterThan(0);
    world.google.forgetRequests();
    world.configure(yaml('stag-eu'));
    expect((await world.deploy(['--no-wait'])).output).toContain('Everything was as planned');
  });
});
