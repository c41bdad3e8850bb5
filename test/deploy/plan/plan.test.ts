/** Whole plans: of ten targets, of ten thousand, and of more than the services take. */
import { runtimeEnvironment } from '../../../deploy/plan/runtime-environment';
import type { Plan } from '../../../deploy/plan/plan';
import { fits, planText } from '../../../deploy/plan/text';
import { functionOf, planOf } from '../../support/planning';

type Targets = Readonly<Record<string, unknown>>;

function targets(count: number, of: (index: number) => object): Targets {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`target-${index}`, of(index)]));
}

const exceeded = ({ quotas }: Plan): readonly string[] => quotas.filter(({ ok }) => !ok).map(({ name }) => name);
const needed = ({ quotas }: Plan, name: string): number => quotas.find((each) => each.name === name)?.needed ?? -1;
const planned = ({ jobs }: Plan): readonly string[] => jobs.flatMap((job) => job.targets);

/** What is true of every plan that fits. */
function expectSound(plan: Plan, count: number): void {
  expect(planned(plan)).toHaveLength(count);
  expect(new Set(planned(plan)).size).toBe(count);
  const late = plan.jobs.filter((job) => {
    const { timeoutSeconds } = functionOf(plan, job.kind);
    const least = (job.budgetMs + 30_000) / 1000;
    return (
      timeoutSeconds < least || job.attemptDeadlineSeconds < least || job.attemptDeadlineSeconds > 1800 || job.budgetMs > 0.8 * job.periodMs
    );
  });
  expect(late).toEqual([]);
  expect(new Set(plan.jobs.map(({ name }) => name)).size).toBe(plan.jobs.length);
}

const everyMinute = (index: number): object => ({ url: `https://service-${index}.example.com/health`, public: true });

describe('a plan of ten targets', () => {
  const plan = planOf({ network: { connector: 'c' }, http: targets(10, everyMinute) });

  test('is one function, one job, and the two accounts', () => {
    expectSound(plan, 10);
    expect(plan.functions).toHaveLength(1);
    expect(plan.accounts).toHaveLength(2);
    expect(plan.jobs).toEqual([
      expect.objectContaining({
        name: 'synthetics-test-http-0',
        function: 'synthetics-test-http',
        schedule: '* * * * *',
        timeZone: 'Etc/UTC',
        budgetMs: 21_000,
        attemptDeadlineSeconds: 69,
      }),
    ]);
    expect(plan.jobs[0]?.description).toMatch(/^vpc-synthetics, environment test: /);
    expect(JSON.parse(plan.jobs[0]?.body ?? '')).toEqual({ targets: planned(plan), trigger: 'schedule', shard: 0 });
  });

  test('states everything of a function', () => {
    expect(functionOf(plan, 'http')).toMatchObject({
      name: 'synthetics-test-http',
      entryPoint: 'http',
      runtime: 'nodejs24',
      source: 'dist/functions/http',
      account: 'synthetics-test-http@test-project.iam.gserviceaccount.com',
      cpu: 1,
      memoryMiB: 512,
      ingress: 'all',
      environment: { GOOGLE_CLOUD_PROJECT: 'test-project', ...runtimeEnvironment(512) },
      labels: { 'managed-by': 'vpc-synthetics', 'synthetics-environment': 'test' },
    });
    expect(functionOf(plan, 'http')).not.toHaveProperty('vpc');
  });

  test('fits', () => {
    expect(exceeded(plan)).toEqual([]);
    expect(fits(plan)).toBe(true);
  });

  test('is the same each time', () => {
    expect(planOf({ network: { connector: 'c' }, http: targets(10, everyMinute) })).toEqual(plan);
  });
});

describe('a plan of 10 000 targets', () => {
  test('every minute over HTTP fits: fewer than 1 000 jobs, and all writes of a minute', () => {
    const plan = planOf({ http: targets(10_000, everyMinute) });
    expectSound(plan, 10_000);
    expect(exceeded(plan)).toEqual([]);
    expect(plan.jobs.length).toBeGreaterThan(250);
    expect(plan.jobs.length).toBeLessThan(500);
    expect(needed(plan, 'Cloud Monitoring: writes a minute')).toBeLessThan(10_000);
    // 90 000 series of targets every minute: 30 000 MiB at 0.258 USD.
    expect(plan.cost.items.find(({ name }) => name === 'custom metrics')?.usd).toBeGreaterThan(7000);
    expect(planText(plan)).toContain('more; --json shows them all');
  });

  test('of several kinds and schedules fits', () => {
    const schedules = ['* * * * *', '*/2 * * * *', '*/5 * * * *'];
    const named = (prefix: string, some: Targets): Targets =>
      Object.fromEntries(Object.entries(some).map(([name, target]) => [`${prefix}-${name}`, target]));
    const plan = planOf({
      network: { connector: 'c' },
      concurrency: 50,
      http: named(
        'http',
        targets(4000, (index) => ({ ...everyMinute(index), schedule: schedules[index % 3] })),
      ),
      postgres: named(
        'pg',
        targets(2000, (index) => ({ host: `db-${index}.internal`, password: { secret: `password-${index % 400}` } })),
      ),
      redis: named(
        'redis',
        targets(2000, (index) => ({ host: `redis-${index}.internal` })),
      ),
      tcp: named(
        'tcp',
        targets(1990, (index) => ({ host: `tcp-${index}.internal`, port: 443, schedule: '*/5 * * * *' })),
      ),
      secrets: named(
        'secrets',
        targets(10, (index) => ({ require: Array.from({ length: 20 }, (_, at) => ({ secret: `s-${index}-${at}` })) })),
      ),
    });
    expectSound(plan, 10_000);
    expect(exceeded(plan)).toEqual([]);
  });
});

describe('a plan that does not fit', () => {
  test('says so where there are more jobs than a region takes', () => {
    const plan = planOf({ concurrency: 1, http: targets(3000, everyMinute) });
    expect(exceeded(plan)).toEqual(['Cloud Scheduler: jobs a region']);
    expect(fits(plan)).toBe(false);
    expect(planText(plan)).toMatch(/This plan does not fit\n {2}- Cloud Scheduler: jobs a region: \d[\d ]* needed, 1 000 allowed$/);
    expect(new Set(planned(plan)).size).toBe(3000);
  });

  test('says so where the metadata of more secrets is read in a minute than allowed', () => {
    const plan = planOf({
      secrets: targets(10, (index) => ({ require: Array.from({ length: 50 }, (_, at) => ({ secret: `s-${index}-${at}` })) })),
    });
    expect(needed(plan, 'Secret Manager: metadata reads a minute')).toBe(1000);
    expect(exceeded(plan)).toEqual(['Secret Manager: metadata reads a minute']);
  });

  test('says so, and what to lower, where a target alone takes longer than function and Scheduler wait', () => {
    const plan = planOf({ http: { slow: { url: 'https://example.com/', schedule: '0 3 * * *', timeout: '40m' } } });
    expect(exceeded(plan)).toEqual(['seconds of the tightest run, by its schedule']);
    expect(plan.notes[0]).toMatch(/^slow may take .*: lower timeout or confirm\.attempts\.$/);
    expect(plan.jobs[0]?.attemptDeadlineSeconds).toBe(1800);
  });
});

test('big bodies get more memory, and so do many of them at once', () => {
  const plan = planOf({ http: targets(20, (index) => ({ ...everyMinute(index), maxBody: '10MB' })) });
  const { memoryMiB, concurrency } = functionOf(plan, 'http');
  expect(concurrency).toBe(5);
  expect(memoryMiB).toBe(4096);
});

test('an instance takes fewer runs at once the more each of them does', () => {
  const step = { name: 'a', pause: '1s' };
  const runsAtOnce = (users: number): number => functionOf(planOf({ journey: { path: { users, steps: [step] } } }), 'journey').concurrency;
  expect([1, 10, 25, 50].map(runsAtOnce)).toEqual([10, 10, 4, 2]);
});

test('a plan without targets deploys nothing, and says so', () => {
  const plan = planOf({});
  expect(plan).toMatchObject({ functions: [], jobs: [], accounts: [] });
  expect(plan.notes).toEqual(['The configuration has no targets: there is nothing to deploy.']);
  expect(planText(plan)).toContain('there is nothing to deploy');
});

test('the project of an organisation stands the other way round in the addresses of accounts', () => {
  const plan = planOf({ project: 'example.com:watch', redis: { cache: { host: 'redis.internal' } } });
  expect(functionOf(plan, 'redis').account).toBe('synthetics-test-redis@watch.example.com.iam.gserviceaccount.com');
});
