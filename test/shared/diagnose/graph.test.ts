import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import { graphOf, type Graph, type Node } from '../../../shared/diagnose/graph';
import { loaded, ownFolder } from '../../config/written';
import { observationsOf } from './outage';
import { targetOf } from './random-graphs';

const folder = ownFolder();
const graph = (yaml: string): Graph => graphOf(loaded(folder, yaml), kinds);
function node(yaml: string, name: string): Node {
  const found = graph(yaml).nodes.get(name);
  if (!found) throw new Error(`there is no target ${name}`);
  return found;
}

test.each([
  ['tcp: { x: { host: 10.1.2.3, port: 80 } }', 'vpc'],
  ['tcp: { x: { host: db.internal, port: 80 } }', 'vpc'],
  ['tcp: { x: { host: db.internal, port: 80, public: true } }', 'outside'],
  ['tcp: { x: { host: 8.8.8.8, port: 53 } }', 'outside'],
  ['tcp: { x: { host: "fd00::1", port: 53 } }', 'vpc'],
  ['tcp: { x: { host: "2001:4860:4860::8888", port: 53 } }', 'outside'],
  ['tcp: { x: { host: 100.64.0.1, port: 53 } }', 'vpc'],
  ['network: { connector: c, egress: all }\ntcp: { x: { host: 8.8.8.8, port: 53, public: true } }', 'vpc'],
  ['postgres: { x: { url: { secret: a } } }', 'vpc'],
  ['postgres: { x: { url: { secret: a }, public: true } }', 'outside'],
  ['postgres: { x: { host: /cloudsql/p:r:i, user: u, password: { secret: a } } }', 'socket'],
  ['http: { x: { url: "unix:/run/x.sock:/health" } }', 'socket'],
  ['http: { x: { url: { secret: a } } }', 'vpc'],
  ['platform: { x: { logs: { filter: f } } }', 'none'],
  ['secrets: { x: { require: [{ secret: a }] } }', 'none'],
])('%s is reached by way of: %s', (yaml, way) => {
  expect(node(yaml, 'x').way).toBe(way);
});

test('a host that one target says is public is public for all', () => {
  const yaml = 'http: { a: { url: "https://x.example.com/a", public: true }, b: { url: "https://x.example.com/b" } }';
  expect(node(yaml, 'b').way).toBe('outside');
});

test('hosts are compared however they are spelled', () => {
  const yaml = 'http: { a: { url: "https://X.example.com./a" } }\ntcp: { b: { host: x.EXAMPLE.com, port: 443 } }';
  expect([node(yaml, 'a').endpoints, node(yaml, 'b').endpoints]).toEqual([['x.example.com:443'], ['x.example.com:443']]);
});

test('an authority is no credential; a secret in full spelling is the bare one of the own project', () => {
  const yaml = `
redis:
  x:
    url: rediss://cache.internal
    tls: { ca: { secret: cache-ca } }
  y: { host: cache.internal, password: { secret: projects/my-project/secrets/pass } }
  z: { host: cache.internal, password: { secret: projects/other/secrets/pass } }
`;
  expect(node(yaml, 'x')).toMatchObject({ secrets: ['cache-ca'], credentials: [] });
  expect(node(yaml, 'y').credentials).toEqual(['pass']);
  expect(node(yaml, 'z').credentials).toEqual(['projects/other/secrets/pass']);
});

test('secrets of every user of a journey are its credentials, and each step has its own way', () => {
  const yaml = `
journey:
  x:
    users: 2
    steps:
      - { name: login, http: { method: POST, url: https://a.example.com/login, json: { p: '\${secret:user-\${user}}' } } }
      - { name: talk, websocket: { url: wss://b.example.com/ws } }
      - { name: rest, pause: 1s }
`;
  const { credentials, steps, endpoints } = node(yaml, 'x');
  expect(credentials).toEqual(['user-1', 'user-2']);
  expect(endpoints).toEqual(['a.example.com:443', 'b.example.com:443']);
  expect([...(steps ?? [])]).toEqual([
    ['login', { speaks: 'http', endpoints: ['a.example.com:443'] }],
    ['talk', { speaks: 'websocket', endpoints: ['b.example.com:443'] }],
    ['rest', { speaks: null, endpoints: [] }],
  ]);
});

describe('databases on Cloud SQL', () => {
  const two = 'platform: { one: { cloudSql: { instance: p:r:one } }, other: { cloudSql: { instance: other } } }';

  test('are known by their socket, in each spelling of the instance', () => {
    const yaml = `${two}\npostgres: { x: { host: "/cloudsql/p:r:one", user: u, password: { secret: a } } }`;
    expect(node(yaml, 'x').needs).toEqual(['one']);
  });

  test('are known by what is declared', () => {
    expect(node(`${two}\npostgres: { x: { url: { secret: a } } }\ndependencies: { x: [other] }`, 'x').needs).toEqual(['other']);
  });

  test('lie on one server, however many targets check it and in whichever way that is shown', () => {
    const yaml = `
platform:
  state: { memorystore: { instance: store } }
  address: { memorystore: { instance: store, matches: x } }
redis: { x: { url: { secret: a } }, y: { url: { secret: b } } }
dependencies: { x: [state, address], y: [state] }
`;
    expect(graph(yaml).servers).toMatchObject([{ resource: { name: 'store' }, checks: ['address', 'state'], members: ['x', 'y'] }]);
    expect([node(yaml, 'x').needs, node(yaml, 'y').needs]).toEqual([
      ['state', 'address'],
      ['state', 'address'],
    ]);
    const config = loaded(folder, yaml);
    const { causes } = diagnose(graphOf(config, kinds), observationsOf(config, { seen: { x: 'timeout', y: 'timeout' } }));
    expect(causes.map(({ cause, evidence }) => [cause, evidence[0]])).toEqual([
      ['memorystore/store', '2 of 2 targets on it fail (2 timeout): x, y'],
    ]);
  });

  test('are not guessed among several instances, nor from outside', () => {
    expect(node(`${two}\npostgres: { x: { url: { secret: a } } }`, 'x').needs).toEqual([]);
    const outside = 'platform: { one: { cloudSql: { instance: one } } }\npostgres: { x: { url: { secret: a }, public: true } }';
    expect(node(outside, 'x').needs).toEqual([]);
  });
});

test('the connector of a service is needed by all that need the service, however many steps away, also in a circle', () => {
  const targets = [
    targetOf('platform', 'vpc', { vpcConnector: { name: 'c' } }),
    targetOf('platform', 'service', { cloudRun: { service: 's', connector: 'projects/p/locations/l/connectors/c' } }),
    ...['near', 'far', 'farther', 'stranger'].map((name) => targetOf('http', name, { url: `https://${name}.example.com/` })),
  ];
  const dependencies = { near: ['service', 'farther'], far: ['near'], farther: ['far'], stranger: [] };
  const { nodes } = graphOf({ targets, dependencies, project: 'p', network: { egress: 'private-ranges-only' } }, kinds);
  expect([...nodes.values()].filter(({ needs }) => needs.includes('vpc')).map(({ name }) => name)).toEqual(['near', 'far', 'farther']);
});

test('a service is known by its hosts, and not by a longer name', () => {
  const yaml = `
platform: { a: { cloudRun: { service: api } }, b: { cloudRun: { service: api-v2 } } }
http:
  x: { url: "https://api-abcdefghij-uc.a.run.app/" }
  y: { url: "https://api-v2-123456789.us-central1.run.app/" }
`;
  expect([node(yaml, 'x').needs, node(yaml, 'y').needs]).toEqual([['a'], ['b']]);
});

test('names that every object has are names like others', () => {
  const yaml =
    'tcp: { constructor: { host: a.internal, port: 1 }, tostring: { host: b.internal, port: 1 } }\ndependencies: { tostring: [constructor] }';
  const config = loaded(folder, yaml);
  const seen = observationsOf(config, { seen: Object.fromEntries(config.targets.map(({ name }) => [name, 'timeout'])) });
  const { causes, blockedBy } = diagnose(graphOf(config, kinds), seen);
  expect(causes.map(({ cause }) => cause)).toEqual(['target/constructor']);
  expect([...blockedBy]).toEqual([['tostring', 'target/constructor']]);
});

test('a circle has one cause', () => {
  const targets = ['a', 'b', 'c'].map((name) => targetOf('http', name, { url: `https://${name}.example.com/` }));
  const files: Pick<Config, 'targets' | 'network' | 'project' | 'dependencies'> = {
    targets,
    network: { egress: 'private-ranges-only' },
    project: 'p',
    dependencies: { a: ['b'], b: ['c'], c: ['a'] },
  };
  const { causes } = diagnose(
    graphOf(files, kinds),
    observationsOf(files as Config, { seen: { a: 'timeout', b: 'timeout', c: 'timeout' } }),
  );
  expect(causes.map(({ cause, blocks }) => [cause, blocks])).toEqual([['target/a', ['b', 'c']]]);
});

test('a target that the configuration no longer has stands alone', () => {
  const gone = {
    kind: 'http',
    target: 'gone',
    severity: 'error',
    outcome: 'failure',
    reason: 'timeout',
    domain: 'service',
    owner: 'application',
  } as const;
  const { causes } = diagnose(graph('tcp: { x: { host: a.internal, port: 1 } }'), [gone]);
  expect(causes).toMatchObject([{ cause: 'target/gone', severity: 'error', targets: ['gone'], blocks: [] }]);
});

test('of two observations of one target the worse counts, whichever comes first', () => {
  const config = loaded(folder, 'tcp: { x: { host: a.internal, port: 1 } }');
  const good = observationsOf(config, { seen: {} });
  const bad = observationsOf(config, { seen: { x: 'timeout' } });
  for (const seen of [
    [...good, ...bad],
    [...bad, ...good],
  ])
    expect(diagnose(graphOf(config, kinds), seen).causes).toHaveLength(1);
});
