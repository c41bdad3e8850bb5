import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

describe('caches of the staging environment', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'Redis is down: the health endpoints that report it are blocked',
        seen: { cache: 'connect_refused', 'backend-ready': 'assertion_failed', 'backend-infrastructure': 'assertion_failed' },
        causes: {
          'target/cache': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['cache'],
            blocks: ['backend-infrastructure', 'backend-ready'],
            says: /2 that need it fail, too/,
          },
        },
      },
      {
        title: 'Memorystore is repairing: the cache on it is blocked',
        seen: { memorystore: 'resource_not_ready', cache: 'connect_timeout', 'backend-ready': 'assertion_failed' },
        causes: {
          'memorystore/staging-redis': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['memorystore'],
            blocks: ['backend-ready', 'cache'],
          },
        },
      },
      {
        title: 'Memorystore asks for a password that our target does not send: the instance, which refuses it for that',
        seen: {
          memorystore: { reason: 'resource_misconfigured', findings: { state: null, authEnabled: 'resource_misconfigured' } },
          cache: { reason: 'credentials_rejected', phase: 'command' },
          'backend-ready': 'assertion_failed',
        },
        causes: {
          'memorystore/staging-redis': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['memorystore'],
            blocks: ['backend-ready', 'cache'],
          },
        },
      },
      ...(['tls_handshake', 'tls_not_offered'] as const).map((reason) => ({
        title: `Memorystore encrypts where our target does not, or the other way round: the instance, which shows as ${reason}`,
        seen: {
          memorystore: { reason: 'resource_misconfigured', findings: { transitEncryptionMode: 'resource_misconfigured' } },
          cache: { reason, phase: 'tls' },
          'backend-ready': 'assertion_failed',
        } as const,
        causes: {
          'memorystore/staging-redis': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['memorystore'],
            blocks: ['backend-ready', 'cache'],
          },
        } as const,
      })),
      {
        title: 'the same by the metrics alone',
        seen: { memorystore: 'resource_misconfigured', cache: 'credentials_rejected', 'backend-ready': 'assertion_failed' },
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
        title: 'that Memorystore encrypts is no reason to refuse a password',
        seen: {
          memorystore: { reason: 'resource_misconfigured', findings: { transitEncryptionMode: 'resource_misconfigured' } },
          cache: 'credentials_rejected',
        },
        causes: {
          'memorystore/staging-redis': { owner: 'infrastructure', reason: 'resource_misconfigured', is: ['memorystore'] },
          'target/cache': { owner: 'operator', reason: 'credentials_rejected', is: ['cache'] },
        },
      },
      {
        title: 'Redis is full, which is the reason why a health endpoint fails',
        seen: { cache: 'out_of_memory', 'backend-infrastructure': 'assertion_failed' },
        causes: {
          'target/cache': { owner: 'infrastructure', reason: 'out_of_memory', is: ['cache'], blocks: ['backend-infrastructure'] },
        },
      },
    ],
  );
});
