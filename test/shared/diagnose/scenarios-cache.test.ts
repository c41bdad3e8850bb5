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
        title: 'Redis is full, which is the reason why a health endpoint fails',
        seen: { cache: 'out_of_memory', 'backend-infrastructure': 'assertion_failed' },
        causes: {
          'target/cache': { owner: 'infrastructure', reason: 'out_of_memory', is: ['cache'], blocks: ['backend-infrastructure'] },
        },
      },
    ],
  );
});
