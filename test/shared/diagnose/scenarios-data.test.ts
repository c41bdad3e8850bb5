import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

/** What fails in the application when its database is gone, and what that fails in turn. */
const withoutDatabase = {
  'backend-ready': 'assertion_failed',
  'backend-schema': 'assertion_failed',
  'auth-ready': 'unexpected_status',
  'backend-golden-path': 'assertion_failed',
  'golden-path': { reason: 'unexpected_status', findings: { login: 'unexpected_status' } },
} as const;
const ofApplication = ['auth-ready', 'backend-golden-path', 'backend-ready', 'backend-schema', 'golden-path'];

describe('databases and caches of the staging environment', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'Cloud SQL is suspended: its databases and every health endpoint that needs them are blocked',
        seen: {
          'cloud-sql': { reason: 'resource_not_ready', message: 'state is SUSPENDED, expected RUNNABLE' },
          'database-tcp': 'connect_timeout',
          'database-socket': 'unreachable',
          ...withoutDatabase,
        },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['cloud-sql'],
            blocks: [...ofApplication, 'database-socket', 'database-tcp'].toSorted(),
            confidence: 'high',
            says: /SUSPENDED/,
          },
        },
      },
      {
        title: 'the connections of the database run out, both ways to it: the instance, although it is RUNNABLE',
        seen: { 'database-tcp': 'too_many_connections', 'database-socket': 'too_many_connections', ...withoutDatabase },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'too_many_connections',
            is: ['database-socket', 'database-tcp'],
            blocks: ofApplication,
            says: /cloud-sql: the control plane says that it is well/,
          },
        },
      },
      {
        title: 'the database hangs: accepted, and no answer',
        seen: { 'database-tcp': 'timeout', 'database-socket': 'timeout', 'backend-ready': 'timeout' },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'timeout',
            is: ['database-socket', 'database-tcp'],
            blocks: ['backend-ready'],
          },
        },
      },
      {
        title: 'one database is lost in two ways: once',
        seen: { 'database-tcp': 'connect_timeout', 'database-socket': 'connect_refused', 'backend-ready': 'assertion_failed' },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['database-socket', 'database-tcp'],
            blocks: ['backend-ready'],
            says: /2 of 2 targets on it fail \(1 connect_refused, 1 connect_timeout\)/,
          },
        },
      },
      {
        title: 'one way to a database is lost, the other refuses its password: two causes',
        seen: { 'database-tcp': 'connect_timeout', 'database-socket': 'credentials_rejected' },
        causes: {
          'target/database-socket': { owner: 'operator', reason: 'credentials_rejected', is: ['database-socket'] },
          'target/database-tcp': { owner: 'infrastructure', reason: 'connect_timeout', is: ['database-tcp'] },
        },
      },
      {
        title: 'the connections run out, which only one way to the database tells: whoever needs it by the other way is blocked, too',
        seen: {
          'database-tcp': 'too_many_connections',
          'database-socket': { outcome: 'degraded', reason: 'too_many_connections' },
          'backend-ready': 'timeout',
          'backend-database-env': 'assertion_failed',
        },
        causes: {
          'target/database-tcp': {
            owner: 'infrastructure',
            reason: 'too_many_connections',
            is: ['database-tcp'],
            blocks: ['backend-ready'],
          },
          'target/backend-database-env': { owner: 'application', reason: 'assertion_failed', is: ['backend-database-env'] },
        },
      },
      {
        title: 'the secret holds another address than the instance has, by the metrics alone: the cache is lost for that',
        seen: { memorystore: 'resource_misconfigured', cache: 'connect_timeout', 'backend-ready': 'assertion_failed' },
        causes: {
          'memorystore/staging-redis': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['memorystore'],
            blocks: ['backend-ready', 'cache'],
          },
        },
      },
      {
        title: 'the socket alone is lost: what needs it is blocked, what needs the other way is not',
        seen: { 'database-socket': 'unreachable', 'backend-ready': 'assertion_failed' },
        causes: {
          'target/database-socket': {
            owner: 'infrastructure',
            reason: 'unreachable',
            is: ['database-socket'],
            blocks: ['backend-ready'],
          },
        },
      },
      {
        title: 'Cloud SQL does not ask for TLS: a wrong setting that explains no outage',
        seen: {
          'cloud-sql': { reason: 'resource_misconfigured', findings: { state: null, requireSsl: 'resource_misconfigured' } },
          'database-socket': 'timeout',
        },
        causes: {
          'target/cloud-sql': { owner: 'infrastructure', reason: 'resource_misconfigured', is: ['cloud-sql'] },
          'target/database-socket': { owner: 'infrastructure', reason: 'timeout', is: ['database-socket'] },
        },
      },
      {
        title: 'Cloud SQL lost its private network: whoever came by it is blocked',
        seen: {
          'cloud-sql': { reason: 'resource_misconfigured', findings: { state: null, privateNetwork: 'resource_misconfigured' } },
          'database-tcp': 'connect_timeout',
        },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['cloud-sql'],
            blocks: ['database-tcp'],
          },
        },
      },
      {
        title: 'a database that is merely degraded is no cause, but it is told',
        seen: {
          'database-socket': { outcome: 'degraded', reason: 'too_many_connections', message: 'utilization is 0.84' },
          'backend-ready': 'timeout',
        },
        causes: {
          'target/backend-ready': {
            owner: 'application',
            reason: 'timeout',
            is: ['backend-ready'],
            says: /database-socket \(postgres\) is degraded.*0\.84; backend-ready needs it/,
          },
        },
      },
      {
        title: 'the application is at fault when all that it needs is well',
        seen: { 'backend-ready': 'assertion_failed', 'chat-by-header': 'unexpected_close', 'chat-by-subprotocol': 'unexpected_close' },
        causes: {
          'target/backend-ready': {
            owner: 'application',
            reason: 'assertion_failed',
            is: ['backend-ready'],
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
          },
        },
      },
      {
        title: 'database and cache down at once: both are named, and what needs both is blocked by both',
        seen: {
          cache: 'connect_refused',
          'database-socket': 'connect_refused',
          'backend-ready': 'assertion_failed',
          'backend-schema': 'timeout',
        },
        causes: {
          'target/database-socket': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['database-socket'],
            blocks: ['backend-ready', 'backend-schema'],
          },
          'target/cache': { owner: 'infrastructure', reason: 'connect_refused', is: ['cache'], blocks: ['backend-ready'] },
        },
      },
      {
        title: 'connector and database broken at once: both are named, the database is blocked by neither, the backend by both',
        seen: {
          'vpc-connector': 'resource_not_ready',
          'database-tcp': 'timeout',
          'database-socket': 'timeout',
          'backend-ready': 'assertion_failed',
        },
        causes: {
          'cloud-sql/staging-db': {
            owner: 'infrastructure',
            reason: 'timeout',
            is: ['database-socket', 'database-tcp'],
            blocks: ['backend-ready'],
          },
          'vpc-connector': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['vpc-connector'], blocks: ['backend-ready'] },
        },
      },
      {
        title: 'connector broken and Cloud SQL suspended: the database is blocked by both',
        seen: {
          'vpc-connector': 'resource_not_ready',
          'cloud-sql': 'resource_not_ready',
          'database-tcp': 'connect_timeout',
          cache: 'connect_timeout',
          clickhouse: 'connect_timeout',
        },
        causes: {
          'vpc-connector': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['vpc-connector'],
            blocks: ['cache', 'clickhouse', 'database-tcp'],
          },
          'cloud-sql/staging-db': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['cloud-sql'], blocks: ['database-tcp'] },
        },
      },
    ],
  );
});
