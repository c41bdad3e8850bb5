import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

/** All that is reached by way of the internet. */
const publicNames = staging.targets
  .filter(({ kind }) => ['websocket', 'http', 'tcp', 'journey'].includes(kind))
  .map(({ name }) => name)
  .filter((name) => name !== 'clickhouse')
  .toSorted();

describe('the way to what is public', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'no public target can be reached, private ones can: the way out, or in to all of them',
        seen: Object.fromEntries(publicNames.map((name) => [name, 'connect_timeout'] as const)),
        causes: {
          internet: {
            owner: 'infrastructure',
            reason: 'connect_timeout',
            blocks: publicNames,
            confidence: 'high',
            says: /17 of 17 public targets on 3 hosts can't be reached \(17 connect_timeout\)\n3 of 3 private targets answer/,
          },
        },
      },
      {
        title: 'the sole load balancer is not ready: that is why no public target can be reached',
        seen: {
          'load-balancer': 'resource_not_ready',
          ...Object.fromEntries(publicNames.map((name) => [name, 'connect_timeout'] as const)),
        },
        unseen: publicNames.filter((name) => !['backend-health', 'auth-health', 'frontend-health'].includes(name)),
        causes: {
          'target/load-balancer': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['load-balancer'],
            blocks: ['auth-health', 'backend-health', 'frontend-health'],
          },
        },
      },
      {
        title: 'two public hosts are lost, and nothing is known of the third: by chance',
        seen: { 'auth-health': 'connect_timeout', 'frontend-health': 'connect_timeout' },
        unseen: publicNames.filter((name) => !['auth-health', 'frontend-health'].includes(name)),
        causes: {
          'target/auth-health': { owner: 'infrastructure', reason: 'connect_timeout', is: ['auth-health'] },
          'target/frontend-health': { owner: 'infrastructure', reason: 'connect_timeout', is: ['frontend-health'] },
        },
      },
      {
        title: 'no public name can be looked up, private ones can: the public zone',
        seen: Object.fromEntries(publicNames.map((name) => [name, 'dns_not_found'] as const)),
        causes: {
          dns: {
            owner: 'infrastructure',
            reason: 'dns_not_found',
            blocks: publicNames,
            confidence: 'high',
            says: /look at the public zone/,
          },
        },
      },
    ],
  );
});
