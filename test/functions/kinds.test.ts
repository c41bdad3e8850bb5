/** The data of the kinds: where targets lead, what they speak, and how their conditions judge. */
import { kinds } from '../../functions/kinds';
import { kind as postgres, settingsOf, type Evidence } from '../../functions/postgres';
import type { Kind } from '../../shared/probe';
import type { Observed } from '../../shared/result';
import { loaded, ownFolder, targetNamed } from '../config/written';

const folder = ownFolder();

function specOf(section: string, target: string): Readonly<Record<string, unknown>> {
  return targetNamed(loaded(folder, `${section}: { t: ${target} }\n`), 't').spec;
}

function kindNamed(name: string): Kind {
  const kind = kinds.find((item) => item.name === name);
  if (!kind) throw new Error(`there is no kind ${name}`);
  return kind;
}

test.each([
  ['postgres', '{ host: db.internal }', [{ host: 'db.internal', port: 5432 }], false],
  ['postgres', '{ url: "postgres://u:p@db.internal:5433/d" }', [{ host: 'db.internal', port: 5433 }], false],
  ['postgres', '{ url: "postgres://u:p@db.internal/d?sslmode=disable" }', [{ host: 'db.internal', port: 5432 }], true],
  [
    'postgres',
    '{ url: "postgres://u:p@db.internal/d?sslmode=disable", tls: { mode: require } }',
    [{ host: 'db.internal', port: 5432 }],
    false,
  ],
  ['postgres', '{ host: /cloudsql/p:r:i }', [{ path: '/cloudsql/p:r:i/.s.PGSQL.5432' }], true],
  ['postgres', '{ host: /cloudsql/p:r:i/.s.PGSQL.5432 }', [{ path: '/cloudsql/p:r:i/.s.PGSQL.5432' }], true],
  ['postgres', '{ url: "postgresql+asyncpg://u:p@/d?host=/cloudsql/p:r:i" }', [{ path: '/cloudsql/p:r:i/.s.PGSQL.5432' }], true],
  ['postgres', '{ url: "postgres://u:p@%2Fvar%2Frun/d" }', [{ path: '/var/run/.s.PGSQL.5432' }], true],
  ['postgres', '{ url: { secret: u } }', [], false],
  ['postgres', '{ url: "postgres://u:p@${secret:h}/d" }', [], false],
  ['redis', '{ host: cache }', [{ host: 'cache', port: 6379 }], true],
  ['redis', '{ host: cache, port: 6380, tls: {} }', [{ host: 'cache', port: 6380 }], false],
  ['redis', '{ url: "rediss://cache" }', [{ host: 'cache', port: 6379 }], false],
  ['redis', '{ url: "redis://cache/1", tls: { mode: require } }', [{ host: 'cache', port: 6379 }], false],
  ['redis', '{ host: /run/redis.sock }', [{ path: '/run/redis.sock' }], true],
  ['redis', '{ url: { secret: u } }', [], false],
  ['websocket', '{ url: "ws://a" }', [{ host: 'a', port: 80 }], true],
  [
    'websocket',
    '{ url: "wss://a/x", compareWith: { url: "ws://b:8080" } }',
    [
      { host: 'a', port: 443 },
      { host: 'b', port: 8080 },
    ],
    false,
  ],
  ['tcp', '{ host: ch, port: 9440 }', [{ host: 'ch', port: 9440 }], true],
  ['tcp', '{ host: ch, port: 9440, tls: {} }', [{ host: 'ch', port: 9440 }], false],
  ['tcp', '{ host: ch, port: 9440, tls: { mode: disable } }', [{ host: 'ch', port: 9440 }], true],
  ['tcp', '{ host: mail, port: 25, steps: [{ startTls: true }] }', [{ host: 'mail', port: 25 }], false],
  ['tcp', '{ host: /run/line.sock }', [{ path: '/run/line.sock' }], true],
  ['tcp', '{ host: { secret: h }, port: 25 }', [], true],
  ['tcp', '{ host: "${secret:h}.internal", port: 25 }', [], true],
  ['http', '{ url: "http://a/x?y" }', [{ host: 'a', port: 80 }], true],
  ['http', '{ url: "https://a:8443/" }', [{ host: 'a', port: 8443 }], false],
  ['http', '{ url: "http://a/", tls: {} }', [{ host: 'a', port: 80 }], false],
  ['http', '{ url: "unix:/run/app.sock:/health" }', [{ path: '/run/app.sock' }], true],
  ['http', '{ url: "unix:///run/p:r:i/app.sock" }', [{ path: '/run/p:r:i/app.sock' }], true],
  ['http', '{ url: "unix:/run/${secret:a}.sock:/health" }', [], true],
  ['http', '{ url: "${secret:a}/health" }', [], false],
  ['http', '{ url: { secret: u } }', [], false],
  [
    'journey',
    '{ steps: [{ name: a, http: { url: "http://a/" } }, { name: b, websocket: { url: "wss://b" } }, { name: c, tcp: { host: c, port: 1 } }] }',
    [
      { host: 'a', port: 80 },
      { host: 'b', port: 443 },
      { host: 'c', port: 1 },
    ],
    false,
  ],
  ['journey', '{ steps: [{ name: a, http: { url: "http://${secret:h}/" } }, { name: b, pause: 1s }] }', [], true],
  ['secrets', '{ require: [{ secret: a }] }', [], undefined],
])('%s %s leads to %j', (section, target, endpoints, plain) => {
  const kind = kindNamed(section);
  const spec = specOf(section, target);
  expect(kind.endpoints(spec)).toEqual(endpoints);
  expect(kind.plain?.(spec)).toBe(plain);
});

test('a PostgreSQL URL gives user, password and database, decoded', () => {
  const url = 'postgres://pro%62e:p%40ss@db/or%20ders';
  expect(settingsOf({ url, query: 'SELECT 1' })).toEqual({
    to: { host: 'db', port: 5432 },
    user: 'probe',
    password: 'p@ss',
    database: 'or ders',
    tls: { mode: 'verify-full' },
  });
});

test('a percent sign that encodes nothing is taken as it is', () => {
  expect(settingsOf({ url: 'postgres://u:50%@db/d%zz', query: 'SELECT 1' })).toMatchObject({ password: '50%', database: 'd%zz' });
});

test('a variable is known to the steps after the one that captures it', () => {
  const kind = kindNamed('websocket');
  const spec = specOf('websocket', '{ url: "ws://a", steps: [{ send: a }, { expect: a, capture: { x: a } }, { send: "${x}" }] }');
  const known = [0, 1, 2].map((index) => kind.variablesAt?.(spec, ['steps', index, 'send']));
  expect(known).toEqual([[], [], ['x']]);
  expect(kind.variablesAt?.(spec, ['url'])).toEqual([]);
});

test('what a dialogue over TCP captures is known with its groups, as far as they can be counted', () => {
  const kind = kindNamed('tcp');
  const known = (expression: string): readonly string[] => {
    const steps = `[{ expect: ${JSON.stringify(expression)}, capture: x }, { send: a }]`;
    return kind.variablesAt?.(specOf('tcp', `{ host: a, port: 1, steps: ${steps} }`), ['steps', 1, 'send']) ?? [];
  };
  expect(known('a')).toEqual(['x', 'x.0']);
  expect(known('(a)(?:b)(?P<c>c)')).toEqual(['x', 'x.0', 'x.1', 'x.2']);
  expect(known('^${secret:s} (a)$${')).toEqual(['x', 'x.0', 'x.1']);
  // Whether it is an expression at all is known only when the template is filled in.
  expect(known('(?${secret:flags}:a)')).toHaveLength(11);
});

test('a journey knows the variables of its steps, and which secrets each user needs', () => {
  const kind = kindNamed('journey');
  const login = '{ name: login, http: { url: "http://a/", json: { email: "${secret:user-${user}-email}" } }, capture: { token: t } }';
  const inner = '[{ expect: a, capture: { id: i } }, { send: "${id}" }]';
  const target = `{ users: 2, steps: [${login}, { name: chat, websocket: { url: "ws://a", steps: ${inner} } }, { name: end, pause: 1s }] }`;
  const spec = specOf('journey', target);
  const at = (...path: (string | number)[]): readonly string[] | undefined => kind.variablesAt?.(spec, path);
  expect(at('steps', 0, 'http', 'url')).toEqual(['user', 'marker']);
  expect(at('steps', 1, 'websocket', 'url')).toEqual(['user', 'marker', 'token']);
  expect(at('steps', 1, 'websocket', 'steps', 0, 'expect')).toEqual(['user', 'marker', 'token']);
  expect(at('steps', 1, 'websocket', 'steps', 1, 'send')).toEqual(['user', 'marker', 'token', 'id']);
  expect(at('steps', 2, 'pause')).toEqual(['user', 'marker', 'token', 'id']);
  const { secrets } = targetNamed(loaded(folder, `journey: { t: ${target} }\n`), 't');
  expect(secrets.map(({ secret }) => secret)).toEqual(['user-1-email', 'user-2-email']);
});

function judge(name: keyof typeof postgres.conditions, expected: unknown, evidence: Evidence, observed: Observed = {}): string | null {
  return postgres.conditions[name]?.judge(expected as never, evidence, observed) ?? null;
}

test('the value of a query is compared as text, and PostgreSQL writes booleans as t and f', () => {
  const one = { rows: 1, value: '1' };
  expect(judge('value', 1, one)).toBeNull();
  expect(judge('value', '1', one)).toBeNull();
  expect(judge('value', true, { rows: 1, value: 't' })).toBeNull();
  expect(judge('value', 2, one)).toBe('the query\'s value is "1", expected "2"');
  expect(judge('value', 1, { rows: 0, value: null })).toBe('the query\'s value is null, expected "1"');
  expect(judge('rows', 1, one)).toBeNull();
  expect(judge('rows', 0, one)).toBe('the query gave 1 rows, expected 0');
});

test('a replication lag that was not told is fine on a primary only', () => {
  const evidence = { rows: 1, value: '1' };
  expect(judge('replicationLagBelow', 30_000, evidence, { 'postgres.role': 'primary' })).toBeNull();
  expect(judge('replicationLagBelow', 30_000, evidence, { 'postgres.role': 'standby' })).toMatch(/not told/);
  expect(judge('replicationLagBelow', 30_000, evidence, {})).toMatch(/not told/);
  expect(judge('replicationLagBelow', 30_000, evidence, { 'postgres.role': 'standby', 'postgres.replicationLag': 29.9 })).toBeNull();
  expect(judge('replicationLagBelow', 30_000, evidence, { 'postgres.replicationLag': 30 })).toMatch(/expected below 30s/);
  expect(judge('writable', true, evidence, {})).toMatch(/not told/);
});

test('every name of a kind and of its conditions can be a key', () => {
  for (const kind of kinds) for (const name of [kind.name, ...Object.keys(kind.conditions)]) expect(name).toMatch(/^[a-z][A-Za-z]*$/);
});
