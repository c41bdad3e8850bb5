import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

/** What the application says of itself when it can reach neither its database nor its cache. */
const application = {
  'backend-ready': 'assertion_failed',
  'backend-infrastructure': 'assertion_failed',
  'backend-startup': 'timeout',
} as const;
const ofApplication = ['backend-infrastructure', 'backend-ready', 'backend-startup'];

describe('the network of the staging environment', () => {
  testScenarios(
    () => staging,
    [
      { title: 'all is well: no cause', seen: {}, causes: {} },
      {
        title: 'all private targets time out while public ones answer: the way into the VPC',
        seen: { 'database-tcp': 'connect_timeout', cache: 'connect_timeout', clickhouse: 'connect_timeout' },
        causes: {
          'vpc-connector': {
            owner: 'infrastructure',
            reason: 'connect_timeout',
            blocks: ['cache', 'clickhouse', 'database-tcp'],
            confidence: 'high',
            says: /3 of 3 private targets can't be reached.*\n.*public targets answer/,
          },
        },
      },
      {
        title: 'the connector is not READY either: it is named, and everything behind it is blocked',
        seen: {
          'vpc-connector': { reason: 'resource_not_ready', message: 'state is ERROR, expected READY' },
          'database-tcp': 'connect_timeout',
          cache: 'unreachable',
          clickhouse: 'dns_unavailable',
          ...application,
        },
        causes: {
          'vpc-connector': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['vpc-connector'],
            blocks: [...ofApplication, 'cache', 'clickhouse', 'database-tcp'],
            confidence: 'high',
            says: /state is ERROR/,
          },
        },
      },
      {
        title: 'the connector is down, and health endpoints fail that are two steps away from what it carries: still one cause',
        seen: {
          'vpc-connector': 'resource_not_ready',
          'database-tcp': 'connect_timeout',
          cache: 'connect_timeout',
          clickhouse: 'connect_timeout',
          'auth-ready': 'unexpected_status',
          'backend-schema': 'assertion_failed',
          'backend-golden-path': 'timeout',
          'chat-by-header': 'unexpected_close',
        },
        causes: {
          'vpc-connector': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['vpc-connector'],
            blocks: ['auth-ready', 'backend-golden-path', 'backend-schema', 'cache', 'chat-by-header', 'clickhouse', 'database-tcp'],
          },
        },
      },
      {
        title: 'the connector is no excuse for what failed before any service was asked, nor for who can not be reached from outside',
        seen: {
          'vpc-connector': 'resource_not_ready',
          'backend-health': { reason: 'timeout', phase: 'tls' },
          'auth-health': { reason: 'connect_timeout', phase: 'connect' },
          'frontend-health': { reason: 'connection_reset', phase: 'tls' },
          'backend-ready': { reason: 'timeout', phase: 'request' },
        },
        causes: {
          'target/backend-health': { owner: 'application', reason: 'timeout', is: ['backend-health'], blocks: ['backend-ready'] },
          'vpc-connector': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['vpc-connector'], blocks: ['backend-ready'] },
          'target/auth-health': { owner: 'infrastructure', reason: 'connect_timeout', is: ['auth-health'] },
          'target/frontend-health': { owner: 'infrastructure', reason: 'connection_reset', is: ['frontend-health'] },
        },
      },
      {
        title: 'a literal address that answers "error -3" counts as the same lost way as a time-out',
        seen: { 'database-tcp': 'connect_timeout', cache: 'dns_unavailable', clickhouse: 'dns_unavailable' },
        causes: {
          'vpc-connector': { owner: 'infrastructure', reason: 'dns_unavailable', blocks: ['cache', 'clickhouse', 'database-tcp'] },
        },
      },
      {
        title: 'the connector is not READY, but traffic still flows: it is named alone',
        seen: { 'vpc-connector': 'resource_not_ready' },
        causes: { 'vpc-connector': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['vpc-connector'] } },
      },
      {
        title: 'the connector has too few instances: a wrong setting that blocks nothing, and is no excuse for a database that is down',
        seen: {
          'vpc-connector': { reason: 'resource_misconfigured', findings: { state: null, minInstances: 'resource_misconfigured' } },
          'database-tcp': 'connect_timeout',
        },
        causes: {
          'target/database-tcp': { owner: 'infrastructure', reason: 'connect_timeout', is: ['database-tcp'] },
          'target/vpc-connector': { owner: 'infrastructure', reason: 'resource_misconfigured', is: ['vpc-connector'] },
        },
      },
      {
        title: 'the connector lies in another network: whoever is lost is lost because of it',
        seen: {
          'vpc-connector': { reason: 'resource_misconfigured', findings: { state: null, network: 'resource_misconfigured' } },
          cache: 'connect_timeout',
        },
        unseen: ['database-tcp', 'clickhouse'],
        causes: {
          'vpc-connector': { owner: 'infrastructure', reason: 'resource_misconfigured', is: ['vpc-connector'], blocks: ['cache'] },
        },
      },
      {
        title: 'one private target times out alone: it is its own cause',
        seen: { clickhouse: 'connect_timeout' },
        causes: { 'target/clickhouse': { owner: 'infrastructure', reason: 'connect_timeout', is: ['clickhouse'], confidence: 'high' } },
      },
      {
        title: 'a host that refuses was reached: two that are down are two causes, not the network',
        seen: { clickhouse: 'connect_refused', cache: 'connect_refused' },
        unseen: ['database-tcp'],
        causes: {
          'target/cache': { owner: 'infrastructure', reason: 'connect_refused', is: ['cache'] },
          'target/clickhouse': { owner: 'infrastructure', reason: 'connect_refused', is: ['clickhouse'] },
        },
      },
      {
        title: 'two of three private targets are lost, the third answers: not the way into the VPC',
        seen: { 'database-tcp': 'connect_timeout', cache: 'connect_timeout' },
        causes: {
          'target/cache': { owner: 'infrastructure', reason: 'connect_timeout', is: ['cache'] },
          'target/database-tcp': { owner: 'infrastructure', reason: 'connect_timeout', is: ['database-tcp'] },
        },
      },
      {
        title: 'nothing can be reached, public or private: not the connector alone',
        seen: Object.fromEntries(
          staging.targets
            .filter(({ kind }) => ['postgres', 'redis', 'websocket', 'http', 'tcp', 'journey'].includes(kind))
            .filter(({ name }) => name !== 'database-socket')
            .map(({ name }) => [name, 'connect_timeout'] as const),
        ),
        causes: {
          network: {
            owner: 'infrastructure',
            reason: 'connect_timeout',
            confidence: 'medium',
            blocks: staging.targets
              .filter(({ kind }) => ['postgres', 'redis', 'websocket', 'http', 'tcp', 'journey'].includes(kind))
              .map(({ name }) => name)
              .filter((name) => name !== 'database-socket')
              .toSorted(),
          },
        },
      },
      {
        title: 'no name can be looked up, by nobody: the resolver',
        seen: Object.fromEntries(
          staging.targets
            .filter(({ kind }) => ['websocket', 'http', 'tcp', 'journey'].includes(kind))
            .map(({ name }) => [name, 'dns_unavailable'] as const),
        ),
        causes: {
          dns: {
            owner: 'infrastructure',
            reason: 'dns_unavailable',
            blocks: staging.targets
              .filter(({ kind }) => ['websocket', 'http', 'tcp', 'journey'].includes(kind))
              .map(({ name }) => name)
              .toSorted(),
            confidence: 'medium',
          },
        },
      },
      {
        title: 'private names are not found, public ones are: the private zone',
        seen: { 'database-tcp': 'dns_not_found', cache: 'dns_not_found', clickhouse: 'dns_not_found' },
        causes: {
          dns: {
            owner: 'infrastructure',
            reason: 'dns_not_found',
            blocks: ['cache', 'clickhouse', 'database-tcp'],
            confidence: 'high',
            says: /private zone/,
          },
        },
      },
      {
        title: 'one name is not found: its own cause, not the resolver',
        seen: { clickhouse: 'dns_not_found' },
        causes: { 'target/clickhouse': { owner: 'infrastructure', reason: 'dns_not_found', is: ['clickhouse'] } },
      },
      {
        title: 'nothing is known of the private targets: nothing is said of the connector',
        seen: { 'backend-ready': 'assertion_failed' },
        unseen: ['database-tcp', 'cache', 'clickhouse', 'database-socket', 'vpc-connector'],
        causes: {
          'target/backend-ready': {
            owner: 'application',
            reason: 'assertion_failed',
            is: ['backend-ready'],
            confidence: 'medium',
            says: /nothing is known of database-socket, cache/,
          },
        },
      },
    ],
  );
});
