/** deploy.sh --delete removes what is ours, all of it, and nothing else. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoogleStandIn } from '../support/google/stand-in';
import { namesIn, root, startDeploying, type Deploying } from '../support/deploying';

jest.setTimeout(180_000);
// Each test goes on from where the one before it ended.
jest.retryTimes(0);

const yaml = `
environment: staging
project: my-project
region: us-central1
alerts: { slo: 0.99 }
tcp:
  lively: { host: 127.0.0.1, port: PORT, tls: { ca: { secret: probe-token } } }
`;

describe('deleting', () => {
  let world: Deploying;
  let bare: string;
  const member = 'serviceAccount:synthetics-staging-tcp@my-project.iam.gserviceaccount.com';
  const names = (): readonly string[] => namesIn(world.google);

  beforeAll(async () => {
    world = await startDeploying();
    // Neither dist/ nor sources are needed.
    bare = mkdtempSync(join(tmpdir(), 'synthetics-bare-'));
    cpSync(join(root, 'deploy.sh'), join(bare, 'deploy.sh'));
    for (const name of ['build', 'node_modules']) symlinkSync(join(root, name), join(bare, name));
  });
  afterAll(async () => {
    await world.close();
    rmSync(bare, { recursive: true, force: true });
  });

  it('asks first, and lists all that is ours', async () => {
    world.configure(yaml);
    expect(await world.deploy(['--no-wait'])).toMatchObject({ code: 0 });
    addOthers(world.google);
    const before = names();
    world.google.forgetRequests();
    const { code, output } = await world.deploy(['--delete'], bare);
    expect(output).toContain('function synthetics-staging-tcp: delete');
    expect(output).toContain('--yes says it beforehand');
    expect(output).not.toMatch(/other|mine/);
    expect(code).toBe(2);
    expect(world.google.writes()).toEqual([]);
    expect(names()).toEqual(before);
  });

  it('leaves nothing of ours, and all of another environment and of others', async () => {
    const { code, output } = await world.deploy(['--delete', '--yes'], bare);
    expect(output).toContain('Nothing of staging is left in my-project.');
    expect(code).toBe(0);
    expect(names().map((name) => name.replace(/^.*\//, ''))).toEqual([
      'synthetics-other-tcp',
      'synthetics-staging-mine',
      'synthetics-staging-mine@my-project.iam.gserviceaccount.com',
      'mine',
    ]);
    expect(JSON.stringify(world.google.policies.all())).not.toContain(member);
    // The history belongs to both environments.
    expect(world.monitoring.descriptors().length).toBeGreaterThan(0);
  });

  it('takes the metrics with the last environment', async () => {
    const { functions } = world.google;
    functions.remove(functions.all()[0]?.name ?? '');
    expect(await world.deploy(['--delete', '--yes'], bare)).toMatchObject({ code: 0 });
    expect(world.monitoring.descriptors()).toEqual([]);
    world.google.forgetRequests();
    const { code, output } = await world.deploy(['--delete', '--yes'], bare);
    expect(output).toContain('Nothing of it is there.');
    expect(code).toBe(0);
    expect(world.google.writes()).toEqual([]);
  });
});

/** Puts what looks like ours beside it: another environment's function, and things that are not described or labelled as ours. */
function addOthers({ functions, jobs, accounts, alertPolicies }: GoogleStandIn): void {
  const [fn, job, account, policy] = [functions.all()[0], jobs.all()[0], accounts.all()[0], alertPolicies.all()[0]];
  if (!fn || !job || !account || !policy) throw new Error('There is nothing to copy.');
  const renamed = (name: string, id: string): string => name.replace(/[^/]*$/, id);
  functions.add({ ...fn, name: renamed(fn.name, 'synthetics-other-tcp'), labels: { ...fn.labels, 'synthetics-environment': 'other' } });
  jobs.add({ ...job, name: renamed(job.name, 'synthetics-staging-mine'), description: 'mine' });
  const email = 'synthetics-staging-mine@my-project.iam.gserviceaccount.com';
  accounts.add({ ...account, name: renamed(account.name, email), email, description: 'mine' });
  alertPolicies.add({ ...policy, name: renamed(policy.name, 'mine'), userLabels: { policy: 'mine' } });
}
