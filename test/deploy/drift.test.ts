/** deploy.sh meets what somebody changed by hand, and what is not ours. */
import { startDeploying, type Deploying } from '../support/deploying';

jest.setTimeout(180_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = `
environment: staging
project: my-project
region: us-central1
postgres:
  db: { host: "/cloudsql/my-project:us-central1:db", database: app, user: probe, password: { iam: true } }
`;

const fn = 'projects/my-project/locations/us-central1/functions/synthetics-staging-postgres';
const job = 'projects/my-project/locations/us-central1/jobs/synthetics-staging-postgres-0';
const service = 'projects/my-project/locations/us-central1/services/synthetics-staging-postgres';

describe('what was changed by hand', () => {
  let world: Deploying;
  const written = (): readonly string[] => world.google.writes().map(({ method, path }) => `${method} ${path}`);
  const policy = (): string => world.google.alertPolicies.all()[0]?.name ?? '';

  beforeAll(async () => {
    world = await startDeploying({ gcloud: 'recorded' });
    world.configure(yaml);
    await world.deploy(['--no-wait']);
    const { functions, jobs, policies, alertPolicies } = world.google;
    const deployed = functions.get(fn);
    functions.put({ ...deployed, serviceConfig: { ...deployed.serviceConfig, availableMemory: '1Gi' } });
    jobs.put({ ...jobs.get(job), schedule: '*/5 * * * *', state: 'PAUSED' });
    policies.set(service, {
      policy: {
        bindings: [...policies.get(service).bindings, { role: 'roles/run.invoker', members: ['allUsers', 'user:ann@example.com'] }],
      },
    });
    policies.set('projects/my-project', {
      policy: {
        bindings: [
          ...policies.get('projects/my-project').bindings,
          { role: 'roles/editor', members: ['serviceAccount:synthetics-staging-postgres@my-project.iam.gserviceaccount.com'] },
        ],
      },
    });
    alertPolicies.put({ ...alertPolicies.get(policy()), enabled: false });
    world.google.forgetRequests();
  });
  afterAll(async () => world.close());

  it('is shown field by field, and left as it is where nobody can be asked', async () => {
    const { code, output } = await world.deploy(['--no-wait']);
    expect(output).toContain('memoryMiB  planned 512, found 1024');
    expect(output).toMatch(/schedule {2}planned \* \* \* \* \*, found \*\/5 \* \* \* \*/);
    expect(output).toMatch(/state {5}planned ENABLED, found PAUSED/);
    expect(output).toContain('roles/run.invoker  planned nothing, found allUsers');
    expect(output).toContain('roles/editor  planned nothing, found on projects/my-project');
    expect(output).toContain('enabled  planned true, found false');
    // What is left is told by what was found, not by what would have been done.
    const [, left = ''] = /Changed by hand and left as it is.*\n((?: {2}.+\n)+)/.exec(output) ?? [];
    expect(left).toContain('  synthetics-staging-postgres: roles/editor  planned nothing, found on projects/my-project\n');
    expect(left).toMatch(/^ {2}Scheduler job synthetics-staging-postgres-0: schedule {2}planned .*, found \*\/5 \* \* \* \*$/m);
    expect(left).not.toMatch(/no longer|: (update|create|resume)/);
    // When it runs next is told from the job that is there.
    expect(output).toMatch(/^ {2}postgres +paused +http/m);
    // People are let in by hand: that is meant so.
    expect(output).not.toContain('ann@example.com');
    expect(code).toBe(0);
    expect(written()).toEqual([]);
  });

  it('is made as planned again with --yes, and said', async () => {
    const conditions = world.google.alertPolicies.get(policy())['conditions'];
    const { code, output } = await world.deploy(['--no-wait', '--yes']);
    expect(output).toContain('It is made as planned again.');
    expect(output).toMatch(/^ {2}postgres +\d{4}-\d\d-\d\d \d\d:\d\d UTC +http/m);
    expect(code).toBe(0);
    const { functions, jobs, policies, alertPolicies, services } = world.google;
    expect(functions.get(fn).serviceConfig['availableMemory']).toBe('512Mi');
    // What is attached to the service underneath is lost with each deployment of the function.
    expect(services.get(service).annotations).toMatchObject({ 'run.googleapis.com/cloudsql-instances': 'my-project:us-central1:db' });
    expect(jobs.get(job)).toMatchObject({ schedule: '* * * * *', state: 'ENABLED' });
    expect(JSON.stringify(policies.get(service))).toContain('user:ann@example.com');
    expect(JSON.stringify(policies.get(service))).not.toContain('allUsers');
    expect(JSON.stringify(policies.get('projects/my-project'))).not.toContain('roles/editor');
    expect(alertPolicies.get(policy())).toMatchObject({ enabled: true, conditions });
    world.google.forgetRequests();
    expect((await world.deploy(['--no-wait'])).output).toContain('Everything was as planned');
    expect(written().filter((line) => !line.endsWith(':run'))).toEqual([]);
  });

  it('of somebody else stops the deployment before anything is written', async () => {
    const { google, configure } = world;
    const { labels: _labels, ...foreign } = google.functions.get(fn);
    google.functions.put({ ...foreign, name: fn.replace('staging', 'other') });
    configure(yaml.replace('environment: staging', 'environment: other'));
    google.forgetRequests();
    const { code, output } = await world.deploy();
    expect(output).toContain('The function synthetics-other-postgres exists and is not ours');
    expect(code).toBe(1);
    expect(written()).toEqual([]);
    google.functions.remove(fn.replace('staging', 'other'));
  });

  it('is refused where the notification channel is missing or the usage wrong', async () => {
    world.configure(`${yaml}alerts: { routes: [{ channels: [projects/my-project/notificationChannels/1] }] }\n`);
    const { code, output } = await world.deploy();
    expect(output).toContain('No such notification channel: projects/my-project/notificationChannels/1');
    expect(code).toBe(2);
    expect(await world.deploy(['--only', 'redis'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('it has postgres') as string,
    });
    expect(await world.deploy(['--sideways'])).toMatchObject({ code: 2 });
    world.configure('environment: staging\n');
    expect(await world.deploy()).toMatchObject({ code: 2, output: expect.stringContaining('project') as string });
  });
});
