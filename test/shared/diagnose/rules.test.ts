/** Which failure can be the consequence of which: one question of the diagnosis at a time. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { graphOf } from '../../../shared/diagnose/graph';
import { canComeFrom, isLost, wasReached } from '../../../shared/diagnose/rules';
import { sceneOf, type Seen } from '../../../shared/diagnose/scene';
import { loaded, ownFolder } from '../../config/written';
import { observationOf, type Sight } from './outage';

const folder = ownFolder();
const file = `
network: { connector: ours, egress: private-ranges-only }
secrets:
  app: { require: [{ secret: db-password }] }
postgres:
  db: { host: 10.0.0.2, database: app, user: probe, password: { secret: db-password } }
redis:
  cache: { host: 10.0.0.3 }
tcp:
  port: { host: 10.0.0.9, port: 443 }
  queue: { host: 10.0.0.5, port: 5672 }
http:
  inner: { url: https://10.0.0.9/ready }
  shop: { url: https://shop.example.com/, public: true }
  cart: { url: https://shop.example.com/cart, public: true }
  pay: { url: https://pay.example.com/, public: true }
websocket:
  chat: { url: wss://chat.example.com/ws, public: true }
journey:
  order:
    steps:
      - { name: cart, http: { url: https://shop.example.com/cart } }
      - { name: talk, websocket: { url: wss://chat.example.com/ws } }
  versions:
    steps:
      - { name: one, http: { url: https://shop.example.com/version }, capture: { v: version } }
      - { name: same, assert: v == v }
platform:
  vpc: { vpcConnector: { name: ours } }
  theirs: { vpcConnector: { name: theirs } }
  sql: { cloudSql: { instance: orders } }
  store: { memorystore: { instance: store, matches: cache } }
  service: { cloudRun: { service: backend } }
  certificate: { certificate: { name: cert, domains: [shop.example.com] } }
  balancer: { backendService: { name: front } }
  job: { schedulerJob: { name: job } }
  no-errors: { logs: { filter: x, within: 15m, atMost: 0 } }
`;

let config: Config;
beforeAll(() => {
  config = loaded(folder, file);
});

function seen(name: string, sight: Sight): Seen {
  const target = config.targets.find((each) => each.name === name);
  if (!target) throw new Error(`there is no target ${name}`);
  const found = sceneOf(graphOf(config, kinds), [observationOf(target, sight)], {}).seen.get(name);
  if (!found) throw new Error(`nothing is seen of ${name}`);
  return found;
}

type Row = readonly [target: string, sight: Sight, needed: string, sight: Sight];
const misconfigured = (...settings: readonly string[]): Sight => ({
  reason: 'resource_misconfigured',
  findings: Object.fromEntries(settings.map((setting) => [setting, 'resource_misconfigured'])),
});
const inTls = (reason: 'connection_reset' | 'timeout' | 'tls_handshake'): Sight => ({ reason, phase: 'tls' });
const notReady = 'resource_not_ready';

const yes: readonly Row[] = [
  ['sql', notReady, 'vpc', notReady],
  ['sql', notReady, 'app', 'secret_missing'],
  ['no-errors', 'assertion_failed', 'shop', 'timeout'],
  ['job', 'assertion_failed', 'cart', 'certificate_expired'],
  ['shop', 'timeout', 'cart', { reason: 'too_slow', outcome: 'failure' }],
  ['shop', { reason: 'too_slow', outcome: 'failure' }, 'db', { reason: 'too_slow', outcome: 'failure' }],
  ['db', 'secret_unavailable', 'app', 'secret_missing'],
  ['db', 'config_invalid', 'app', 'secret_malformed'],
  ['chat', 'headers_stripped', 'balancer', notReady],
  // By way of a connector.
  ['queue', 'connect_timeout', 'vpc', notReady],
  ['queue', 'unreachable', 'vpc', notReady],
  ['queue', 'dns_unavailable', 'theirs', notReady],
  ['shop', 'unexpected_status', 'vpc', notReady],
  ['inner', 'assertion_failed', 'theirs', notReady],
  // A cache that is set up in another way than its user.
  ['cache', 'credentials_rejected', 'store', misconfigured('authEnabled')],
  ['cache', 'tls_handshake', 'store', misconfigured('transitEncryptionMode')],
  ['cache', 'tls_not_offered', 'store', misconfigured('host', 'transitEncryptionMode')],
  ['cache', 'credentials_rejected', 'store', 'resource_misconfigured'],
  // The same certificate.
  ['shop', 'certificate_expired', 'certificate', 'certificate_expired'],
  ['shop', 'certificate_expired', 'cart', 'certificate_expired'],
  // The same point of the same host.
  ['shop', inTls('connection_reset'), 'balancer', notReady],
  ['shop', inTls('connection_reset'), 'cart', 'connect_refused'],
  ['shop', inTls('connection_reset'), 'cart', inTls('timeout')],
  ['shop', inTls('connection_reset'), 'cart', 'connection_reset'],
  ['shop', 'connect_refused', 'balancer', notReady],
  ['shop', 'connect_refused', 'cart', 'connect_timeout'],
  ['inner', 'connect_timeout', 'port', 'connect_refused'],
  // Whoever hands out what is refused.
  ['shop', 'credentials_rejected', 'db', 'credentials_rejected'],
  ['shop', 'permission_denied', 'pay', 'timeout'],
  ['shop', 'credentials_rejected', 'chat', 'unexpected_close'],
  ['shop', 'credentials_rejected', 'order', 'timeout'],
  ['shop', 'credentials_rejected', 'app', 'secret_missing'],
  ['shop', 'credentials_rejected', 'service', notReady],
  // A service suffers from whatever it needs.
  ['shop', 'unexpected_status', 'db', 'query_failed'],
  ['shop', 'timeout', 'queue', 'connect_refused'],
  ['shop', 'assertion_failed', 'sql', notReady],
  // Settings without which nothing gets through.
  ...['network', 'ipCidrRange', 'privateNetwork', 'connector', 'egress'].map((setting): Row => [
    'shop',
    'assertion_failed',
    'sql',
    misconfigured(setting),
  ]),
  ...['host', 'port', 'transitEncryptionMode', 'authEnabled'].map((setting): Row => [
    'shop',
    'assertion_failed',
    'store',
    misconfigured(setting),
  ]),
  ['shop', 'assertion_failed', 'sql', misconfigured('version', 'privateNetwork')],
  ['shop', 'assertion_failed', 'sql', { reason: 'resource_misconfigured', findings: { version: 'untold', tier: 'untold' } }],
  ['shop', 'assertion_failed', 'sql', { reason: notReady, findings: { version: 'untold' } }],
  ['shop', 'assertion_failed', 'store', 'resource_misconfigured'],
  // A journey that is there to compare.
  ['shop', 'assertion_failed', 'versions', { reason: 'assertion_failed', findings: { one: null, same: 'assertion_failed' } }],
];

const no: readonly Row[] = [
  ['app', 'secret_missing', 'vpc', notReady],
  ['app', 'secret_missing', 'db', 'timeout'],
  ['sql', notReady, 'shop', 'timeout'],
  ['shop', 'assertion_failed', 'cart', { reason: 'too_slow', outcome: 'failure' }],
  ['shop', 'connect_timeout', 'cart', { reason: 'too_slow', outcome: 'failure' }],
  ...(['certificate_expiring', 'secret_stale', 'secret_expiring', 'replication_lagging'] as const).map((reason): Row => [
    'shop',
    'unexpected_status',
    'db',
    { reason, outcome: 'failure' },
  ]),
  ['shop', 'timeout', 'no-errors', 'assertion_failed'],
  ['shop', 'timeout', 'job', 'assertion_failed'],
  ['db', 'secret_unavailable', 'queue', 'timeout'],
  ['db', 'internal', 'app', 'secret_missing'],
  ['no-errors', 'api_denied', 'shop', 'timeout'],
  ['chat', 'headers_stripped', 'service', notReady],
  ['chat', 'headers_stripped', 'shop', 'timeout'],
  ['queue', 'connect_refused', 'vpc', notReady],
  ['queue', 'dns_not_found', 'vpc', notReady],
  ['shop', 'connect_timeout', 'vpc', notReady],
  ['inner', 'assertion_failed', 'vpc', notReady],
  ['db', 'query_failed', 'theirs', notReady],
  ['cache', 'timeout', 'theirs', notReady],
  ['queue', 'timeout', 'theirs', notReady],
  ['shop', 'credentials_rejected', 'vpc', notReady],
  ['shop', 'certificate_expired', 'vpc', notReady],
  ['cache', 'credentials_rejected', 'store', misconfigured('transitEncryptionMode')],
  ['cache', 'tls_handshake', 'store', misconfigured('authEnabled')],
  ['cache', 'credentials_rejected', 'store', notReady],
  ['shop', 'certificate_expired', 'pay', 'certificate_expired'],
  ['shop', 'certificate_expired', 'cart', 'timeout'],
  ['shop', 'certificate_expired', 'sql', notReady],
  ['shop', 'timeout', 'certificate', 'certificate_expired'],
  ['shop', 'connect_timeout', 'certificate', 'certificate_expired'],
  ['shop', inTls('connection_reset'), 'cart', 'unexpected_status'],
  ['shop', inTls('connection_reset'), 'pay', inTls('connection_reset')],
  ['shop', inTls('connection_reset'), 'cart', 'certificate_expired'],
  ['shop', 'connect_refused', 'cart', 'timeout'],
  ['shop', 'connect_refused', 'pay', 'connect_refused'],
  ['shop', 'credentials_rejected', 'queue', 'timeout'],
  ['shop', 'credentials_rejected', 'db', 'timeout'],
  ['shop', 'credentials_rejected', 'cache', 'out_of_memory'],
  ['shop', 'credentials_rejected', 'sql', notReady],
  ...['version', 'requireSsl', 'minInstances'].map((setting): Row => ['shop', 'assertion_failed', 'sql', misconfigured(setting)]),
  ['shop', 'assertion_failed', 'sql', 'resource_misconfigured'],
  ['shop', 'assertion_failed', 'sql', { reason: 'resource_misconfigured', findings: { version: 'untold' } }],
  ['shop', 'assertion_failed', 'versions', { reason: 'timeout', findings: { one: 'timeout', same: null } }],
  ['shop', 'assertion_failed', 'versions', 'timeout'],
];

const titled = (rows: readonly Row[]): readonly (readonly [string, Row])[] =>
  rows.map((row) => [`${row[0]}: ${JSON.stringify(row[1])} from ${row[2]}: ${JSON.stringify(row[3])}`, row]);
const answer = ([target, sight, needed, other]: Row): boolean => canComeFrom(seen(target, sight), seen(needed, other), 'ours');

test.each(titled(yes))('can come: %s', (_, row) => expect(answer(row)).toBe(true));
test.each(titled(no))('can not come: %s', (_, row) => expect(answer(row)).toBe(false));

test.each([
  ['success', true],
  [{ reason: 'too_slow', outcome: 'degraded' }, true],
  ['timeout', true],
  ['certificate_expired', true],
  ['connect_refused', true],
  ['connect_timeout', false],
  ['unreachable', false],
  ['dns_not_found', false],
  ['dns_unavailable', false],
  ['prober_exhausted', false],
] as const)('%j: packets went there and back: %s', (sight, was) => {
  expect(wasReached(seen('shop', sight === 'success' ? {} : sight))).toBe(was);
});

test.each([
  ['connect_timeout', true],
  ['unreachable', true],
  ['dns_unavailable', true],
  ['dns_not_found', false],
  ['connect_refused', false],
  ['timeout', false],
  [{ reason: 'connect_timeout', outcome: 'degraded' }, false],
] as const)('%j: nothing came back: %s', (sight, is) => expect(isLost(seen('shop', sight))).toBe(is));
