import type { Config } from '../../../shared/config/config';
import { loaded, ownFolder } from '../../config/written';
import { testScenarios, type Sight } from './outage';

const folder = ownFolder();

const private20 = Array.from({ length: 20 }, (_, index) => `service-${String(index + 1).padStart(2, '0')}`);

/** A file that declares no dependencies: what is needed by what, it shows by itself. */
const bare = `
network: { network: main, subnet: functions }
postgres:
  orders-db: { host: /cloudsql/my-project:us-central1:orders, database: app, user: probe, password: { secret: db-password } }
  orders-db-tcp: { url: { secret: database-url } }
redis:
  cache: { host: 10.0.0.3, password: { secret: redis-password } }
websocket:
  chat:
    url: wss://chat.example.com/ws
    public: true
    compareWith: { url: wss://chat-direct.example.com/ws }
http:
  backend: { url: https://backend-abcdefghij-uc.a.run.app/health, public: true }
  orders: { url: https://api.example.com/orders, public: true }
  users: { url: https://api.example.com/users, public: true }
  chat-page: { url: https://chat.example.com/, public: true }
  chat-direct: { url: https://chat-direct.example.com/health, public: true }
tcp:
${private20.map((name, index) => `  ${name}: { host: 10.1.0.${index + 1}, port: 8080 }`).join('\n')}
journey:
  order:
    steps:
      - { name: list, http: { url: https://api.example.com/orders } }
      - { name: talk, websocket: { url: wss://chat.example.com/ws } }
      - { name: compare, assert: marker == marker }
platform:
  vpc: { vpcConnector: { name: backend-connector } }
  database: { cloudSql: { instance: orders } }
  store: { memorystore: { instance: cache, matches: cache } }
  backend-service: { cloudRun: { service: backend, connector: backend-connector } }
  balancer: { backendService: { name: front } }
`;

let config: Config;
beforeAll(() => {
  config = loaded(folder, bare);
});

const all = (names: readonly string[], sight: Sight): Record<string, Sight> => Object.fromEntries(names.map((name) => [name, sight]));

describe('a configuration without declared dependencies', () => {
  testScenarios(
    () => config,
    [
      {
        title: '22 of 22 private targets time out, 7 of 7 public ones answer: the network of the VPC',
        seen: { ...all([...private20, 'cache'], 'connect_timeout'), 'orders-db-tcp': 'unreachable' },
        causes: {
          'vpc-network': {
            owner: 'infrastructure',
            reason: 'connect_timeout',
            blocks: ['cache', 'orders-db-tcp', ...private20],
            confidence: 'high',
            says: /22 of 22 private targets can't be reached \(21 connect_timeout, 1 unreachable\)\n7 of 7 public targets answer/,
          },
        },
      },
      {
        title: 'most of the private targets time out, as by a connector that is overloaded',
        seen: all(private20, 'connect_timeout'),
        causes: {
          'vpc-network': { owner: 'infrastructure', reason: 'connect_timeout', blocks: private20, confidence: 'medium' },
        },
      },
      {
        title: 'half of them time out: each is its own cause',
        seen: all(private20.slice(0, 2), 'connect_timeout'),
        causes: Object.fromEntries(
          private20.slice(0, 2).map((name) => [`target/${name}`, { owner: 'infrastructure', reason: 'connect_timeout', is: [name] }]),
        ),
      },
      {
        title: 'the socket tells the instance, and the sole instance is that of the other database, too',
        seen: { database: 'resource_not_ready', 'orders-db': 'unreachable', 'orders-db-tcp': 'connect_timeout' },
        causes: {
          'cloud-sql/orders': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['database'],
            blocks: ['orders-db', 'orders-db-tcp'],
          },
        },
      },
      {
        title: 'Memorystore is gone: the redis target that it has to match is blocked',
        seen: { store: 'resource_missing', cache: 'connect_timeout' },
        causes: { 'memorystore/cache': { owner: 'infrastructure', reason: 'resource_missing', is: ['store'], blocks: ['cache'] } },
      },
      {
        title: 'the Cloud Run service is known by its usual host',
        seen: { 'backend-service': 'resource_not_ready', backend: 'overloaded' },
        causes: {
          'target/backend-service': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['backend-service'], blocks: ['backend'] },
        },
      },
      {
        title: 'the connector of a service is down: the service stays ready, its health endpoint does not',
        seen: { vpc: 'resource_not_ready', backend: 'unexpected_status' },
        causes: { 'target/vpc': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['vpc'], blocks: ['backend'] } },
      },
      {
        title: 'only the balanced address fails, the direct one works: the load balancer',
        seen: { chat: 'bad_gateway', 'chat-page': 'bad_gateway' },
        unseen: ['order'],
        causes: {
          'load-balancer/chat.example.com': {
            owner: 'infrastructure',
            reason: 'bad_gateway',
            blocks: ['chat', 'chat-page'],
            says: /called directly, chat-direct\.example\.com:443 works/,
          },
        },
      },
      {
        title: 'the sole load balancer has no healthy backend: it is the gateway that fails',
        seen: { balancer: 'resource_not_ready', orders: 'bad_gateway', users: 'bad_gateway', backend: 'timeout' },
        causes: {
          'target/balancer': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['balancer'], blocks: ['orders', 'users'] },
          'target/backend': { owner: 'application', reason: 'timeout', is: ['backend'] },
        },
      },
      {
        title: 'both the balanced and the direct address fail: not the load balancer',
        seen: { chat: 'timeout', 'chat-page': 'timeout', 'chat-direct': 'timeout' },
        unseen: ['order'],
        causes: {
          'endpoint/chat.example.com:443': { owner: 'application', reason: 'timeout', is: ['chat', 'chat-page'] },
          'target/chat-direct': { owner: 'application', reason: 'timeout', is: ['chat-direct'] },
        },
      },
      {
        title: 'nothing works at one address: the address, once',
        seen: {
          orders: 'connect_refused',
          users: 'connect_refused',
          order: { reason: 'connect_refused', findings: { list: 'connect_refused' } },
        },
        causes: {
          'endpoint/api.example.com:443': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['orders', 'users'],
            blocks: ['order'],
            confidence: 'high',
          },
        },
      },
      {
        title: 'a journey is blocked by what leads to the address of the step that failed',
        seen: { orders: 'unexpected_status', order: { reason: 'unexpected_status', findings: { list: 'unexpected_status' } } },
        causes: { 'target/orders': { owner: 'application', reason: 'unexpected_status', is: ['orders'], blocks: ['order'] } },
      },
      {
        title: 'a journey that fails at another step is not',
        seen: { orders: 'unexpected_status', order: { reason: 'timeout', findings: { list: null, talk: 'timeout' } } },
        causes: {
          'target/order': { owner: 'application', reason: 'timeout', is: ['order'] },
          'target/orders': { owner: 'application', reason: 'unexpected_status', is: ['orders'] },
        },
      },
      {
        title: 'of a journey by its metrics alone nobody knows the step: any of its addresses will do that fails in the same way',
        seen: { orders: 'unexpected_status', order: 'unexpected_status' },
        causes: { 'target/orders': { owner: 'application', reason: 'unexpected_status', is: ['orders'], blocks: ['order'] } },
      },
      {
        title: 'one that fails in another way will not: it may as well be another step',
        seen: { orders: 'unexpected_status', order: 'timeout' },
        causes: {
          'target/order': { owner: 'application', reason: 'timeout', is: ['order'] },
          'target/orders': { owner: 'application', reason: 'unexpected_status', is: ['orders'] },
        },
      },
      {
        title: 'the answers of a journey do not match, by its metrics alone: whatever else says so at its addresses',
        seen: { orders: 'assertion_failed', chat: 'assertion_failed', order: 'assertion_failed' },
        causes: {
          'target/chat': { owner: 'application', reason: 'assertion_failed', is: ['chat'] },
          'target/order': { owner: 'application', reason: 'assertion_failed', is: ['order'] },
          'target/orders': { owner: 'application', reason: 'assertion_failed', is: ['orders'] },
        },
      },
      {
        title: 'the last step of a journey compares what it has: it asks nobody, so nobody makes it fail',
        seen: {
          orders: 'timeout',
          order: { reason: 'assertion_failed', findings: { list: null, talk: null, compare: 'assertion_failed' } },
        },
        causes: {
          'target/order': { owner: 'application', reason: 'assertion_failed', is: ['order'] },
          'target/orders': { owner: 'application', reason: 'timeout', is: ['orders'] },
        },
      },
      {
        title: 'what is wrong with a WebSocket is no excuse for a page at the same address, nor the other way round',
        seen: {
          'chat-page': 'unexpected_status',
          order: { reason: 'unexpected_close', findings: { list: null, talk: 'unexpected_close' } },
        },
        unseen: ['chat-direct'],
        causes: {
          'target/chat-page': { owner: 'application', reason: 'unexpected_status', is: ['chat-page'] },
          'target/order': { owner: 'application', reason: 'unexpected_close', is: ['order'] },
        },
      },
      {
        title: 'an address that does not answer is, whatever was to be spoken',
        seen: { 'chat-page': 'connect_refused', order: { reason: 'connect_refused', findings: { list: null, talk: 'connect_refused' } } },
        unseen: ['chat-direct'],
        causes: {
          'target/chat-page': { owner: 'infrastructure', reason: 'connect_refused', is: ['chat-page'], blocks: ['order'] },
        },
      },
      {
        title: 'Redis at a private address refuses its password since the secret changed',
        seen: { cache: { reason: 'credentials_rejected', observed: { 'secret.versions': { 'redis-password': '12' } } } },
        circumstances: { lastSuccesses: [{ target: 'cache', secretVersions: { 'redis-password': '11' } }] },
        causes: {
          'secret/redis-password': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['cache'],
            says: /cache worked with version 11; now version 12 is used/,
          },
        },
      },
    ],
  );
});
