/** Accounts, ways into the VPC and sockets: each function has what it needs, and none has more. */
import { join } from 'node:path';
import { buildPlan } from '../../../deploy/plan/build';
import type { AccountPlan, Plan } from '../../../deploy/plan/plan';
import { kinds } from '../../../functions/kinds';
import { services } from '../../../functions/services';
import { loadWhole } from '../../../shared/config/load';
import { functionOf, loadedOf, planOf } from '../../support/planning';

const examples = join(__dirname, '..', '..', '..', '..', 'examples');
const accessor = 'roles/secretmanager.secretAccessor';
const viewer = 'roles/secretmanager.viewer';

function accountOf(plan: Plan, kind: string): AccountPlan {
  const { account } = functionOf(plan, kind);
  const found = plan.accounts.find(({ email }) => email === account);
  if (!found) throw new Error(`no account ${account}`);
  return found;
}

const readable = (plan: Plan, kind: string): readonly string[] =>
  accountOf(plan, kind)
    .secrets.filter(({ role }) => role === accessor)
    .map(({ secret }) => secret);

describe('the accounts of a whole environment', () => {
  const loaded = loadWhole(join(examples, 'staging.yaml'), kinds);
  const plan = buildPlan(loaded, { kinds, services: [] });

  test('are one a function, and one for the Scheduler, which alone may call', () => {
    const used = plan.functions.map(({ account }) => account);
    expect(new Set(used).size).toBe(plan.functions.length);
    const [scheduler, ...more] = plan.accounts.filter(({ email }) => !used.includes(email));
    expect(more).toEqual([]);
    expect(scheduler).toMatchObject({ roles: [], secrets: [] });
    for (const { invokers } of plan.functions) expect(invokers).toEqual([`serviceAccount:${scheduler?.email}`]);
    for (const job of plan.jobs) expect(job.account).toBe(scheduler?.email);
  });

  test('read the secrets that the function uses, and no other', () => {
    for (const { kind } of plan.functions.filter((each) => each.kind !== 'secrets')) {
      const used = loaded.config.targets.filter((target) => target.kind === kind).flatMap((target) => target.secrets);
      const names = [...new Set(used.map(({ secret }) => `projects/my-staging/secrets/${secret}`))].toSorted();
      expect(readable(plan, kind)).toEqual(names);
    }
    expect(readable(plan, 'secrets')).toHaveLength(16);
    expect(readable(plan, 'http')).toEqual([]);
  });

  test('have no role that changes anything', () => {
    const roles = new Set(plan.accounts.flatMap((account) => account.roles));
    expect([...roles].filter((role) => !/\.(viewer|networkViewer|client|metricWriter)$|^roles\/browser$/.test(role))).toEqual([]);
  });

  test('look at the control plane as far as it is checked', () => {
    expect(accountOf(plan, 'platform').roles).toEqual(
      [
        'cloudsql.viewer',
        'compute.networkViewer',
        'logging.viewer',
        'monitoring.metricWriter',
        'redis.viewer',
        'run.viewer',
        'vpcaccess.viewer',
      ].map((role) => `roles/${role}`),
    );
    const other = planOf({ platform: { job: { schedulerJob: { name: 'nightly' } } } });
    expect(accountOf(other, 'platform').roles).toEqual(['roles/cloudscheduler.viewer', 'roles/monitoring.metricWriter']);
    const balancer = planOf({ platform: { lb: { backendService: { name: 'lb', healthyBackends: 1 } } } });
    expect(accountOf(balancer, 'platform').roles).toEqual(['roles/compute.viewer', 'roles/monitoring.metricWriter']);
  });
});

describe('the accounts of functions that serve people', () => {
  const plan = buildPlan(loadedOf({ tcp: { a: { host: '10.0.0.1', port: 1 } } }), { kinds, services });

  test('read no secret, and status reads points, incidents, logs, and who may call it', () => {
    for (const { name } of services) expect(readable(plan, name)).toEqual([]);
    expect(accountOf(plan, 'status').roles).toEqual(['roles/logging.viewer', 'roles/monitoring.viewer', 'roles/run.viewer']);
    expect(plan.apis).toEqual(expect.arrayContaining(['logging.googleapis.com', 'monitoring.googleapis.com']));
  });
});

describe('the account of secrets', () => {
  const rules = {
    require: [{ secret: 'a' }, { secret: 'projects/other/secrets/b' }, { secret: 'projects/test-project/locations/eu/secrets/c' }],
  };

  test('sees metadata of the whole project, and of those elsewhere each', () => {
    const account = accountOf(planOf({ secrets: { app: rules } }), 'secrets');
    expect(account.roles).toEqual(['roles/monitoring.metricWriter', viewer]);
    expect(account.secrets).toEqual([
      { secret: 'projects/other/secrets/b', role: accessor },
      { secret: 'projects/other/secrets/b', role: viewer },
      { secret: 'projects/test-project/locations/eu/secrets/c', role: accessor },
      { secret: 'projects/test-project/secrets/a', role: accessor },
    ]);
  });

  test('reads no value where only metadata is looked at', () => {
    const plan = planOf({ secrets: { app: { access: false, ...rules }, more: { require: [{ secret: 'd' }] } } });
    expect(readable(plan, 'secrets')).toEqual(['projects/test-project/secrets/d']);
    expect(accountOf(plan, 'secrets').secrets).toContainEqual({ secret: 'projects/other/secrets/b', role: viewer });
  });

  test("reads the project's policy where it is asked who may read a secret", () => {
    const readers = { require: [{ secret: 'a', readableBy: ['serviceAccount:x@test-project.iam.gserviceaccount.com'] }] };
    const plan = planOf({ secrets: { app: readers } });
    expect(accountOf(plan, 'secrets').roles).toContain('roles/browser');
    expect(plan.apis).toContain('cloudresourcemanager.googleapis.com');
  });
});

describe('the way into the VPC', () => {
  const sections = {
    secrets: { app: { require: [{ secret: 'a' }] } },
    redis: { cache: { host: 'redis.internal' } },
    http: { site: { url: 'https://example.com/', public: true } },
    tcp: { port: { host: 'example.com', port: 443, public: true }, inner: { host: 'inner', port: 1 } },
    websocket: { chat: { url: 'wss://example.com/', public: true, compareWith: { url: 'wss://inner/' } } },
    platform: { vpc: { vpcConnector: { name: 'a' } } },
  };

  test('is the connector for what is inside, with its egress stated; what needs none stays out', () => {
    const plan = planOf({ ...sections, network: { connector: 'a' } });
    const inside = { connector: 'a', egress: 'private-ranges-only' };
    expect(Object.fromEntries(plan.functions.map(({ kind, vpc }) => [kind, vpc]))).toEqual({
      secrets: undefined,
      redis: inside,
      websocket: inside,
      http: undefined,
      tcp: inside,
      platform: undefined,
    });
    expect(plan.functions.every(({ minInstances }) => minInstances === 0)).toBe(true);
    expect(plan.apis).toContain('vpcaccess.googleapis.com');
  });

  test('may be Direct VPC egress, with an instance that is kept and time for the network', () => {
    const plan = planOf({ ...sections, network: { network: 'n', subnet: 's', egress: 'all', warmUp: '45s' } });
    const redis = functionOf(plan, 'redis');
    expect(redis).toMatchObject({ vpc: { network: 'n', subnet: 's', egress: 'all' }, minInstances: 1 });
    // Two attempts of 3 s and a pause, 10 s to start, 8 s for secrets, 30 s for telemetry, 45 s for the network.
    expect(redis.timeoutSeconds).toBe(7 + 10 + 8 + 30 + 45);
    expect(functionOf(plan, 'http').minInstances).toBe(0);
    expect(plan.notes.join('\n')).toContain('Direct VPC egress');
  });

  test('is missed where the configuration names none', () => {
    expect(planOf(sections).notes.join('\n')).toContain('targets of redis, websocket, tcp have to be reachable from outside the VPC');
  });
});

describe('sockets of Cloud SQL', () => {
  const instance = 'my-project:us-central1:main';

  test.each([
    ['postgres', { host: `/cloudsql/${instance}`, user: 'probe', password: 'x' }],
    ['postgres', { url: `postgresql://probe@/app?host=/cloudsql/${instance}` }],
    ['tcp', { host: `/cloudsql/${instance}/.s.PGSQL.5432` }],
    ['journey', { steps: [{ name: 'a', tcp: { host: `/cloudsql/${instance}/.s.PGSQL.5432` } }] }],
  ])('are attached where a target of %s shows one', (kind, target) => {
    const plan = planOf({ [kind]: { one: target } });
    expect(functionOf(plan, kind).cloudSqlInstances).toEqual([instance]);
    expect(accountOf(plan, kind).roles).toEqual(['roles/cloudsql.client', 'roles/monitoring.metricWriter']);
    expect(plan.apis).toContain('sqladmin.googleapis.com');
  });

  test('are those of projects of an organisation, too', () => {
    const plan = planOf({ postgres: { one: { host: '/cloudsql/example.com:p:r:i', user: 'probe' } } });
    expect(functionOf(plan, 'postgres').cloudSqlInstances).toEqual(['example.com:p:r:i']);
  });

  test('may hide in a secret, which is told', () => {
    const plan = planOf({ postgres: { hidden: { url: { secret: 'database-url' } }, shown: { host: 'db.internal' } } });
    expect(functionOf(plan, 'postgres').cloudSqlInstances).toEqual([]);
    expect(plan.notes.join('\n')).toContain('Only a secret knows where hidden leads');
  });

  test('take a role more where the function logs in with its own identity', () => {
    const plan = planOf({ postgres: { one: { host: '10.0.0.3', user: 'probe', password: { iam: true } } } });
    expect(accountOf(plan, 'postgres').roles).toEqual(['roles/cloudsql.instanceUser', 'roles/monitoring.metricWriter']);
  });
});

describe('what lies in other projects', () => {
  test('is told, since no role of the plan reaches there', () => {
    const { notes } = planOf({
      secrets: { app: { require: [{ secret: 'projects/vault/secrets/a' }] } },
      postgres: { there: { host: '/cloudsql/data:europe-west1:main', user: 'probe' } },
      platform: {
        run: { cloudRun: { service: 'projects/web/locations/europe-west1/services/site' } },
        sql: { cloudSql: { instance: 'data:europe-west1:main' } },
        own: { cloudSql: { instance: 'test-project:europe-west1:main' } },
      },
    });
    expect(notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Secrets of other projects: .*: projects\/vault\/secrets\/a\.$/),
        expect.stringMatching(/^Targets of platform that look at other projects .*: run, sql\.$/),
        expect.stringMatching(/^Instances of other projects .*: data:europe-west1:main\.$/),
      ]),
    );
  });
});
