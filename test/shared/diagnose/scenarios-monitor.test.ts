import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);
const names = staging.targets.map(({ name }) => name).toSorted();
const ofPlatform = staging.targets.filter(({ kind }) => kind === 'platform').map(({ name }) => name);

describe('the monitor itself', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'everything is unknown: the prober',
        seen: Object.fromEntries(names.map((name) => [name, 'api_unavailable'] as const)),
        causes: { prober: { owner: 'monitor', reason: 'api_unavailable', blocks: names, confidence: 'high' } },
      },
      {
        title: 'its account may not ask the control plane: nothing is said of the resources',
        seen: Object.fromEntries(ofPlatform.map((name) => [name, 'api_denied'] as const)),
        causes: {
          'prober/api_denied': {
            owner: 'monitor',
            reason: 'api_denied',
            blocks: ofPlatform.toSorted(),
            says: new RegExp(`${ofPlatform.length} of ${names.length} targets could not be told`),
          },
        },
      },
      {
        title: 'it ran out of time for two targets, while a third is down: two owners',
        seen: { cache: 'prober_exhausted', clickhouse: 'prober_exhausted', 'database-tcp': 'connect_refused' },
        causes: {
          'prober/prober_exhausted': { owner: 'monitor', reason: 'prober_exhausted', blocks: ['cache', 'clickhouse'] },
          'target/database-tcp': { owner: 'infrastructure', reason: 'connect_refused', is: ['database-tcp'] },
        },
      },
      {
        title: 'an unknown target is not blocked by the failure of what it needs',
        seen: { 'backend-ready': 'prober_exhausted', 'database-socket': 'connect_refused', 'chat-by-header': 'unexpected_close' },
        causes: {
          'target/database-socket': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['database-socket'],
            blocks: ['chat-by-header'],
          },
          'prober/prober_exhausted': { owner: 'monitor', reason: 'prober_exhausted', blocks: ['backend-ready'] },
        },
      },
      {
        title: 'the configuration of one target is wrong: the monitor, not the target',
        seen: { 'load-balancer': { reason: 'config_invalid', message: 'the backend is serverless' } },
        causes: {
          'prober/config_invalid': {
            owner: 'monitor',
            reason: 'config_invalid',
            blocks: ['load-balancer'],
            says: /the backend is serverless/,
          },
        },
      },
      {
        title: 'infrastructure, application, operator and monitor at once: four owners are told apart',
        seen: {
          clickhouse: 'connect_refused',
          'backend-schema': 'assertion_failed',
          'app-secrets': { reason: 'secret_empty', findings: { 'smtp-password': 'secret_empty' } },
          'no-1011': 'api_denied',
        },
        causes: {
          'secret/smtp-password': { owner: 'operator', reason: 'secret_empty', is: ['app-secrets'] },
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
          'target/clickhouse': { owner: 'infrastructure', reason: 'connect_refused', is: ['clickhouse'] },
          'prober/api_denied': { owner: 'monitor', reason: 'api_denied', blocks: ['no-1011'] },
        },
      },
      {
        title: 'degraded targets alone are no cause',
        seen: {
          cache: { outcome: 'degraded', reason: 'out_of_memory' },
          'backend-startup': { outcome: 'degraded', reason: 'too_slow' },
          'staging-tls': { outcome: 'degraded', reason: 'certificate_expiring' },
        },
        causes: {},
      },
      { title: 'nothing is known of anything: nothing is said', seen: {}, unseen: names, causes: {} },
    ],
  );
});
