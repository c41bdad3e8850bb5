/** What a good configuration loads to. */
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { errorOf, head, loaded, ownFolder, targetNamed } from './written';

const full = join(__dirname, '..', '..', '..', 'test', 'config', 'full.yaml');

describe('a full configuration', () => {
  const config = loadConfig(full, kinds);

  test('gives its targets in the order of the kinds', () => {
    expect(config.targets.map(({ kind, name }) => `${kind}.${name}`)).toEqual([
      'secrets.app',
      'postgres.orders-db',
      'redis.cache',
      'websocket.chat',
      'tcp.clickhouse',
      'journey.golden-path',
      'platform.backend',
      'platform.cert',
      'platform.database',
      'platform.no-1011',
      'platform.store',
      'platform.vpc',
    ]);
  });

  test('gives the times of a target in milliseconds', () => {
    expect(targetNamed(config, 'chat')).toMatchObject({
      timeoutMs: 75_000,
      periodMs: 900_000,
      confirm: { attempts: 1, intervalMs: 1_000 },
      schedule: '*/15 * * * *',
    });
    expect(targetNamed(config, 'orders-db').warn).toEqual({
      connectionUtilizationBelow: 0.8,
      replicationLagBelow: 30_000,
      minCertificateValidity: 21 * 86_400_000,
    });
  });

  test('names each secret that a target needs once, and none for a target that only looks at secrets', () => {
    expect(targetNamed(config, 'orders-db').secrets).toEqual([
      { secret: 'database-url', version: 'latest' },
      { secret: 'db-ca', version: 'latest' },
    ]);
    expect(targetNamed(config, 'chat').secrets).toEqual([{ secret: 'probe-token', version: 'latest' }]);
    expect(targetNamed(config, 'app').secrets).toEqual([]);
  });

  test('gives verify, alerts, status and dependencies', () => {
    expect(config.verify).toEqual({
      rounds: 3,
      intervalMs: 10_000,
      passRate: 0.8,
      categories: { connectivity: { targets: ['cache'], critical: true } },
    });
    expect(config.alerts).toMatchObject({ consecutive: 2, latencyMs: 5_000, slo: 0.995 });
    expect(config.alerts.routes[1]).toEqual({ channels: ['projects/P/notificationChannels/2'] });
    expect(config.status).toEqual({ operators: ['group:sre@example.com'] });
    expect(config.dependencies['chat']).toEqual(['orders-db']);
  });

  test('is frozen to its leaves', () => {
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(open).toEqual([]);
  });

  test('takes another project where one is given', () => {
    expect(loadConfig(full, kinds, { project: 'other' }).project).toBe('other');
    expect(loadConfig(full, kinds, { project: 'other' }).hash).toBe(config.hash);
  });
});

describe('defaults', () => {
  const folder = ownFolder();
  const some = `
secrets: { app: { require: [{ secret: a }] } }
postgres: { db: { host: db.internal } }
redis: { cache: { host: cache.internal } }
`;

  test('are every minute, 10s, two attempts 1s apart, critical; secrets hourly and once, Redis 3s', () => {
    const config = loaded(folder, some);
    expect(targetNamed(config, 'db')).toMatchObject({
      schedule: '* * * * *',
      periodMs: 60_000,
      timeoutMs: 10_000,
      confirm: { attempts: 2, intervalMs: 1_000 },
      severity: 'critical',
      public: false,
    });
    expect(targetNamed(config, 'app')).toMatchObject({ periodMs: 3_600_000, confirm: { attempts: 1 } });
    expect(targetNamed(config, 'cache').timeoutMs).toBe(3_000);
    expect(config).toMatchObject({
      concurrency: 20,
      network: { egress: 'private-ranges-only' },
      verify: { rounds: 3, intervalMs: 10_000, passRate: 0.8, categories: {} },
      alerts: { consecutive: 2, routes: [] },
    });
  });

  test("of the file count below the target's, but above a kind's own, except for its schedule", () => {
    const config = loaded(
      folder,
      `defaults: { schedule: "*/5 * * * *", timeout: 20s, severity: warning, confirm: { attempts: 3, interval: 0s } }
secrets: { app: { require: [{ secret: a }] } }
postgres: { db: { host: db.internal }, other: { host: db.internal, timeout: 5s, severity: error, confirm: { attempts: 1 } } }
redis: { cache: { host: cache.internal } }
`,
    );
    expect(targetNamed(config, 'db')).toMatchObject({ timeoutMs: 20_000, periodMs: 300_000, severity: 'warning' });
    expect(targetNamed(config, 'db').confirm).toEqual({ attempts: 3, intervalMs: 0 });
    expect(targetNamed(config, 'other')).toMatchObject({ timeoutMs: 5_000, severity: 'error', confirm: { attempts: 1, intervalMs: 0 } });
    expect(targetNamed(config, 'cache')).toMatchObject({ timeoutMs: 20_000, periodMs: 300_000 });
    expect(targetNamed(config, 'app')).toMatchObject({ periodMs: 3_600_000, severity: 'warning', confirm: { attempts: 3 } });
    expect(targetNamed(loaded(folder, 'redis: { cache: { host: cache.internal } }\n'), 'cache')).toMatchObject({
      timeoutMs: 3_000,
      periodMs: 60_000,
    });
  });

  test('with Direct VPC egress a new instance waits a minute at most', () => {
    expect(loaded(folder, 'network: { network: n, subnet: s }\n').network).toEqual({
      network: 'n',
      subnet: 's',
      egress: 'private-ranges-only',
      warmUpMs: 60_000,
    });
    expect(loaded(folder, 'network: { network: n, subnet: s, warmUp: 5s, egress: all }\n').network.warmUpMs).toBe(5_000);
  });
});

describe('a file', () => {
  const folder = ownFolder();

  test('may use anchors, aliases and merge keys', () => {
    const config = loaded(folder, 'redis:\n  a: &a { host: h, timeout: 2s }\n  b: { <<: *a, port: 6380 }\n  c: *a\n');
    expect(config.targets.map(({ timeoutMs }) => timeoutMs)).toEqual([2_000, 2_000, 2_000]);
    expect(targetNamed(config, 'b').spec).toMatchObject({ host: 'h', port: 6380 });
  });

  test('may repeat one anchor for a thousand targets', () => {
    const targets = Array.from({ length: 1000 }, (_, index) => `  t${index}: *a\n`).join('');
    expect(loaded(folder, `redis:\n  a: &a { host: h, timeout: 2s }\n${targets}`).targets).toHaveLength(1001);
  });

  test('may be JSON of any layout; a key that stands twice is an error there, too', () => {
    const json = '{"environment":"staging","project":"p","region":"us-central1",\n\t"redis":{"cache":{"host":"h"}}}';
    expect(loadConfig(folder.write('a.json', json), kinds).targets).toHaveLength(1);
    const twice = folder.write('twice.json', json.replace('"host":"h"', '"host":"h","host":"i"'));
    expect(errorOf(() => loadConfig(twice, kinds))).toBe(`${twice}:2:31 redis.cache.host: stands twice; allowed: each key once`);
  });

  test('that is compiled tells the place of a mistake as well', () => {
    const file = folder.write(
      'bad.json',
      JSON.stringify({ environment: 'staging', project: 'p', region: 'r', concurrency: 'many' }, null, 2),
    );
    expect(errorOf(() => loadConfig(file, kinds))).toBe(`${file}:5:18 concurrency: "many" is a text; allowed: a whole number`);
  });

  test('that does not exist, is a folder or is not UTF-8 is refused by its name', () => {
    expect(errorOf(() => loadConfig('/nowhere/s.yaml', kinds))).toMatch(/^\/nowhere\/s\.yaml:1:1 \(file\): does not exist; allowed: /);
    expect(errorOf(() => loadConfig(folder.path, kinds))).toMatch(/:1:1 \(file\): is a folder; allowed: /);
    const bytes = folder.write('latin.yaml', Uint8Array.from([0x61, 0x3a, 0x20, 0xe4]));
    expect(errorOf(() => loadConfig(bytes, kinds))).toMatch(/:1:1 \(file\): is not UTF-8; allowed: /);
  });

  test('that nests ten thousand lists is refused, not fallen over', () => {
    const file = folder.write('deep.yaml', `${head}postgres: ${'['.repeat(10_000)}`);
    expect(errorOf(() => loadConfig(file, kinds))).toMatch(/\(file\): is not YAML/);
  });

  test('with a key named __proto__ is refused in YAML and in JSON', () => {
    const yaml = folder.write('proto.yaml', `${head}__proto__: { a: 1 }\n`);
    expect(errorOf(() => loadConfig(yaml, kinds))).toMatch(/__proto__: is not a key/);
    const json = folder.write('proto.json', '{"environment":"s","project":"p","region":"r","__proto__":{"a":1}}');
    expect(errorOf(() => loadConfig(json, kinds))).toMatch(/__proto__: is not a key/);
  });
});

const slow = (timeout: string): string => `redis: { a: { host: h, timeout: ${timeout}, confirm: { attempts: 2, interval: 2s } } }\n`;

describe('an environment', () => {
  const folder = ownFolder();

  test.each(['Staging_1.eu-west', '_', 'a'.repeat(63)])('may be called %s', (name) => {
    const file = folder.write('named.yaml', head.replace('staging', name));
    expect(loadConfig(file, kinds).environment).toBe(name);
  });
});

describe('a target', () => {
  const folder = ownFolder();

  test('may lead to a link-local address that is allowed', () => {
    const body = 'allowLinkLocal: [169.254.169.254, "fe80::1"]\nredis: { a: { host: "0xa9fea9fe" }, b: { url: "redis://[fe80::1]/" } }\n';
    expect(loaded(folder, body).targets).toHaveLength(2);
  });

  test('may have a URL that is, or begins with, a secret', () => {
    const body = 'redis: { a: { url: "${secret:redis-url}" }, b: { url: "rediss://:${secret:p}@h:${secret:port}/0" } }\n';
    expect(loaded(folder, body).targets.map(({ secrets }) => secrets.map(({ secret }) => secret))).toEqual([['redis-url'], ['p', 'port']]);
  });

  test('with tls takes its URL whatever sslmode says, since that does not count then', () => {
    expect(loaded(folder, 'postgres: { db: { url: "postgres://u@h/d?sslmode=prefer", tls: { mode: require } } }\n').targets).toHaveLength(
      1,
    );
  });

  test('uses 0.8 of its period, and not a millisecond more', () => {
    expect(loaded(folder, slow('23s')).targets).toHaveLength(1);
    expect(errorOf(() => loaded(folder, slow('23001ms')))).toMatch(/take up to 48002ms/);
  });

  test('may ask different things of secrets that are not the same', () => {
    const rules = '{ secret: a, format: json }, { secret: projects/my-project/secrets/a, format: url }';
    const file = folder.write('rules.yaml', `${head}secrets: { app: { require: [${rules}] } }\n`);
    expect(errorOf(() => loadConfig(file, kinds))).toContain('require[1].format');
    expect(loadConfig(file, kinds, { project: 'other' }).targets).toHaveLength(1);
    expect(
      loaded(folder, 'secrets: { app: { require: [{ secret: a, version: 1, format: json }, { secret: a, format: url }] } }\n'),
    ).toBeTruthy();
  });

  test('may be tried a hundred times', () => {
    const body = 'redis: { a: { host: h, timeout: 100ms, confirm: { attempts: 100, interval: 0s } } }\n';
    expect(targetNamed(loaded(folder, body), 'a').confirm.attempts).toBe(100);
  });

  test('sends what stands in the file as it is, although it looks like a reference', () => {
    const config = loaded(folder, 'websocket: { w: { url: "wss://h", steps: [{ send: { secret: a, version: b } }] } }\n');
    expect(targetNamed(config, 'w').secrets).toEqual([]);
  });

  test('may use secrets in its conditions', () => {
    const config = loaded(folder, 'postgres: { db: { host: h, expect: { value: "${secret:expected@3}" } } }\n');
    expect(targetNamed(config, 'db').secrets).toEqual([{ secret: 'expected', version: '3' }]);
  });
});
