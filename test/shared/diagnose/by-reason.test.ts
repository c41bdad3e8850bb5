/** For which reasons several failures are one: every reason there is, in each of the places where it decides. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import { graphOf } from '../../../shared/diagnose/graph';
import { isMonitors, reasons, type Reason } from '../../../shared/reasons';
import { loaded, ownFolder } from '../../config/written';
import { observationsOf, type Scenario } from './outage';

const folder = ownFolder();
const file = `
secrets:
  app: { require: [{ secret: redis-password }] }
postgres:
  orders-db: { host: 10.0.0.2, database: app, user: probe, password: { secret: db-password } }
  reports-db: { host: 10.0.0.2, database: reports, user: probe, password: { secret: reports-password } }
redis:
  cache: { host: 10.0.0.3, password: { secret: redis-password } }
http:
  shop: { url: https://shop.example.com/, public: true }
  cart: { url: https://shop.example.com/cart, public: true }
  chat-direct: { url: https://direct.example.com/health, public: true }
  mail: { url: https://mail.example.com/, public: true }
  backend: { url: https://10.0.0.9/ready }
websocket:
  chat: { url: wss://chat.example.com/ws, public: true, compareWith: { url: wss://direct.example.com/ws } }
platform:
  sql: { cloudSql: { instance: orders } }
dependencies: { backend: [orders-db] }
`;

let config: Config;
beforeAll(() => {
  config = loaded(folder, file);
});

/** @returns the names of the causes, each with what it blocks. */
function causesOf(seen: Scenario['seen']): readonly string[] {
  const { causes } = diagnose(graphOf(config, kinds), observationsOf(config, { seen }));
  return causes.map(({ cause, blocks }) => [cause, ...blocks].join(' ')).toSorted();
}

const failures = (Object.keys(reasons) as Reason[]).filter((reason) => !isMonitors(reason));
const others = (some: readonly Reason[]): readonly Reason[] => failures.filter((reason) => !some.includes(reason));

const ofWays: readonly Reason[] = ['dns_not_found', 'dns_unavailable', 'connect_refused', 'connect_timeout', 'unreachable'];
const ofCertificates: readonly Reason[] = [
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_untrusted',
  'certificate_name_mismatch',
  'certificate_expiring',
];

describe('two that fail at one endpoint', () => {
  const together: readonly Reason[] = [
    ...ofWays,
    'connection_reset',
    'tls_handshake',
    'tls_not_offered',
    'bad_gateway',
    'overloaded',
    'shutting_down',
    'starting_up',
    'timeout',
    'unexpected_status',
    'unexpected_close',
    'protocol_error',
    'upgrade_rejected',
  ];

  test.each(together)('with %s have one cause', (reason) => {
    expect(causesOf({ shop: reason, cart: reason })).toEqual(['endpoint/shop.example.com:443']);
  });

  test.each(ofCertificates)('with %s have its certificate', (reason) => {
    expect(causesOf({ shop: reason, cart: reason })).toEqual(['certificate/shop.example.com cart shop']);
  });

  test.each(others([...together, ...ofCertificates, 'headers_stripped', 'credentials_rejected']))(
    'with %s fail each by itself',
    (reason) => {
      expect(causesOf({ shop: reason, cart: reason })).toEqual(['target/cart', 'target/shop']);
    },
  );
});

describe('one that fails where another one works', () => {
  test.each(['certificate_expired', 'certificate_not_yet_valid', 'certificate_expiring'] as const)(
    'with %s tells of the certificate: the other one was there before',
    (reason) => expect(causesOf({ shop: reason })).toEqual(['certificate/shop.example.com shop']),
  );

  test.each(['certificate_untrusted', 'certificate_name_mismatch', 'tls_handshake', 'timeout'] as const)(
    'with %s is its own cause',
    (reason) => {
      expect(causesOf({ shop: reason })).toEqual(['target/shop']);
    },
  );
});

describe('one that fails by way of the load balancer, and is let in without it', () => {
  const inFront: readonly Reason[] = [
    'connect_refused',
    'connect_timeout',
    'unreachable',
    'connection_reset',
    'tls_handshake',
    'tls_not_offered',
    'bad_gateway',
    'overloaded',
    'timeout',
    'unexpected_status',
    'upgrade_rejected',
    'headers_stripped',
  ];

  test.each(inFront)('with %s shows that the load balancer fails', (reason) => {
    expect(causesOf({ chat: reason })).toEqual(['load-balancer/chat.example.com chat']);
  });

  test.each(others([...inFront, ...ofCertificates]))('with %s is its own cause', (reason) => {
    expect(causesOf({ chat: reason })).toEqual(['target/chat']);
  });

  test.each(inFront.filter((reason) => reason !== 'headers_stripped'))(
    'with %s is its own cause where nothing works behind it',
    (reason) => {
      expect(causesOf({ chat: reason, 'chat-direct': 'assertion_failed' })).toEqual(['target/chat', 'target/chat-direct']);
    },
  );
});

describe('two databases of one instance', () => {
  const ofServers: readonly Reason[] = [
    ...ofWays.filter((reason) => !['dns_not_found', 'dns_unavailable'].includes(reason)),
    'connection_reset',
    'out_of_memory',
    'overloaded',
    'shutting_down',
    'starting_up',
    'timeout',
    'too_many_connections',
    'unexpected_close',
  ];

  test.each(ofServers)('of which one fails with %s and the other is being stopped are one server', (reason) => {
    expect(causesOf({ 'orders-db': reason, 'reports-db': 'shutting_down' })).toEqual(['cloud-sql/orders']);
  });

  test.each(['read_only', 'query_failed', 'database_missing', 'assertion_failed', 'not_primary'] as const)(
    'of which one fails with %s and the other is being stopped have each its own',
    (reason) => expect(causesOf({ 'orders-db': reason, 'reports-db': 'shutting_down' })).toEqual(['target/orders-db', 'target/reports-db']),
  );
});

describe('a service that needs a server of which only another database shows that it is ill', () => {
  const whole: readonly Reason[] = [
    'not_primary',
    'out_of_memory',
    'overloaded',
    'read_only',
    'shutting_down',
    'starting_up',
    'too_many_connections',
  ];

  test.each(whole)('with %s suffers from it', (reason) => {
    expect(causesOf({ 'reports-db': reason, backend: 'assertion_failed' })).toEqual(['target/reports-db backend']);
  });

  test.each(['query_failed', 'database_missing', 'timeout', 'replication_lagging', 'credentials_rejected'] as const)(
    'with %s does not',
    (reason) => expect(causesOf({ 'reports-db': reason, backend: 'assertion_failed' })).toEqual(['target/backend', 'target/reports-db']),
  );
});

describe('a secret of which its check says', () => {
  const finding = (reason: Reason): Scenario['seen'][string] => ({ reason, findings: { 'redis-password': reason } });
  const usable: readonly Reason[] = ['secret_stale', 'secret_expiring', 'secret_denied'];
  const useless = (Object.keys(reasons) as Reason[]).filter((reason) => reason.startsWith('secret_') && !usable.includes(reason));

  test.each(useless.filter((reason) => reason !== 'secret_unavailable'))('%s is why its user is refused, or can not be tried', (reason) => {
    expect(causesOf({ app: finding(reason), cache: 'credentials_rejected' })).toEqual(['secret/redis-password cache']);
    expect(causesOf({ app: finding(reason), cache: 'secret_unavailable' })).toEqual(['secret/redis-password cache']);
    expect(causesOf({ app: finding(reason), cache: 'timeout' })).toEqual(['secret/redis-password', 'target/cache']);
  });

  test.each(usable)('%s is not why: its value is good', (reason) => {
    expect(causesOf({ app: finding(reason), cache: 'credentials_rejected' })).toEqual(['secret/redis-password', 'target/cache']);
  });
});
