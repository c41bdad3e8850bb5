import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios, type Scenario } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

const at = '2026-03-02T10:00:00.000Z';
describe('secrets and their rotation', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'a secret is missing: its users could not even be tried',
        seen: {
          'app-secrets': { reason: 'secret_missing', findings: { 'redis-url': 'secret_missing', 'database-url': null } },
          cache: 'secret_unavailable',
          memorystore: 'secret_unavailable',
        },
        causes: {
          'secret/redis-url': {
            owner: 'operator',
            reason: 'secret_missing',
            is: ['app-secrets'],
            blocks: ['cache', 'memorystore'],
            confidence: 'high',
          },
        },
      },
      {
        title: 'a secret of the application is disabled: its health endpoints that need the secrets are blocked',
        seen: {
          'app-secrets': { reason: 'secret_disabled', findings: { 'jwt-secret-staging': 'secret_disabled' } },
          'auth-ready': 'unexpected_status',
        },
        causes: {
          'secret/jwt-secret-staging': { owner: 'operator', reason: 'secret_disabled', is: ['app-secrets'], blocks: ['auth-ready'] },
        },
      },
      {
        title: 'two secrets are wrong at once: both are named',
        seen: {
          'app-secrets': {
            reason: 'secret_malformed',
            findings: { 'redis-url': 'secret_malformed', 'smtp-password': 'secret_empty' },
          },
          cache: 'config_invalid',
        },
        causes: {
          'secret/redis-url': { owner: 'operator', reason: 'secret_malformed', is: ['app-secrets'], blocks: ['cache'] },
          'secret/smtp-password': { owner: 'operator', reason: 'secret_empty', is: ['app-secrets'] },
        },
      },
      {
        title: 'only the metrics are known, and two secrets break rules: neither borrows the reason of the check',
        seen: {
          'app-secrets': {
            reason: 'secret_stale',
            findings: { 'database-url': 'untold', 'redis-url': 'untold', 'smtp-password': null, 'jwt-secret-staging': null },
          },
          cache: 'secret_unavailable',
        },
        causes: {
          'secret/redis-url': {
            owner: 'operator',
            reason: 'secret_malformed',
            is: ['app-secrets'],
            blocks: ['cache'],
            says: /app-secrets finds that it breaks a rule/,
          },
          'secret/database-url': { owner: 'operator', reason: 'secret_malformed', is: ['app-secrets'] },
        },
      },
      {
        title: 'only the metrics are known, and one secret breaks a rule: the reason of the check is its own',
        seen: {
          'app-secrets': { reason: 'secret_disabled', findings: { 'redis-url': 'untold', 'smtp-password': null } },
          cache: 'secret_unavailable',
        },
        causes: {
          'secret/redis-url': { owner: 'operator', reason: 'secret_disabled', is: ['app-secrets'], blocks: ['cache'] },
        },
      },
      {
        title: 'a user of a secret that is good can not read it: not the secret, whatever else the check finds',
        seen: {
          'app-secrets': { reason: 'secret_empty', findings: { 'smtp-password': 'untold', 'redis-url': null } },
          cache: 'secret_unavailable',
        },
        unseen: ['memorystore'],
        causes: {
          'prober/secret_unavailable': { owner: 'monitor', reason: 'secret_unavailable', blocks: ['cache'] },
          'secret/smtp-password': { owner: 'operator', reason: 'secret_empty', is: ['app-secrets'] },
        },
      },
      {
        title: 'its user still read it after that check: it was lost since then, and is named',
        seen: {
          'app-secrets': { outcome: 'success', startedAt: '2026-03-02T09:00:00.000Z' },
          cache: 'secret_unavailable',
        },
        unseen: ['memorystore'],
        circumstances: { at, lastSuccesses: [{ target: 'cache', at: '2026-03-02T09:40:00.000Z' }] },
        causes: {
          'secret/redis-url': { owner: 'operator', reason: 'secret_unavailable', blocks: ['cache'], confidence: 'medium' },
        },
      },
      {
        title: 'a check that does not tell which secrets are missing lends its reason to none of two',
        seen: { 'probe-secrets': 'secret_missing', 'chat-by-header': 'secret_unavailable', 'database-socket': 'secret_unavailable' },
        unseen: ['chat-by-subprotocol'],
        causes: {
          'secret/probe-database-password': {
            owner: 'operator',
            reason: 'secret_unavailable',
            is: ['probe-secrets'],
            blocks: ['database-socket'],
          },
          'secret/probe-token': {
            owner: 'operator',
            reason: 'secret_unavailable',
            is: ['probe-secrets'],
            blocks: ['chat-by-header'],
          },
        },
      },
      {
        title: 'the secret names a deprecated host: the cache, and what is compared with the secret, fail for that',
        seen: {
          'app-secrets': { reason: 'secret_malformed', findings: { 'redis-url': 'secret_malformed', 'database-url': null } },
          cache: 'certificate_untrusted',
          memorystore: 'resource_misconfigured',
        },
        causes: {
          'secret/redis-url': { owner: 'operator', reason: 'secret_malformed', is: ['app-secrets'], blocks: ['cache', 'memorystore'] },
        },
      },
      ...(['unexpected_close', 'credentials_rejected'] as const).map((reason) => ({
        title: `a secret of the probes is empty that the chats do not use: no reason for their ${reason}`,
        seen: {
          'probe-secrets': { reason: 'secret_empty', findings: { 'probe-user-2-password': 'secret_empty', 'probe-token': null } },
          'chat-by-header': reason,
          'chat-by-subprotocol': { reason: 'unexpected_close', phase: 'message' },
          'no-1011': 'assertion_failed',
        } as const,
        causes: (reason === 'unexpected_close'
          ? {
              'endpoint/api-staging.example.com:443': {
                owner: 'application',
                reason: 'unexpected_close',
                is: ['chat-by-header', 'chat-by-subprotocol'],
                blocks: ['no-1011'],
              },
              'secret/probe-user-2-password': { owner: 'operator', reason: 'secret_empty', is: ['probe-secrets'] },
            }
          : {
              'target/chat-by-header': { owner: 'operator', reason, is: ['chat-by-header'], blocks: ['no-1011'] },
              'target/chat-by-subprotocol': {
                owner: 'application',
                reason: 'unexpected_close',
                is: ['chat-by-subprotocol'],
                blocks: ['no-1011'],
              },
              'secret/probe-user-2-password': { owner: 'operator', reason: 'secret_empty', is: ['probe-secrets'] },
            }) as Scenario['causes'],
      })),
      {
        title: 'only the metrics are known, and nothing tells which secret of the probes is bad: nobody closes for that',
        seen: { 'probe-secrets': 'secret_empty', 'chat-by-header': 'unexpected_close' },
        causes: {
          'target/chat-by-header': { owner: 'application', reason: 'unexpected_close', is: ['chat-by-header'] },
          'target/probe-secrets': { owner: 'operator', reason: 'secret_empty', is: ['probe-secrets'] },
        },
      },
      {
        title: 'a secret that is merely old blocks nothing',
        seen: {
          'app-secrets': { reason: 'secret_stale', findings: { 'database-url': 'secret_stale' } },
          'backend-ready': 'assertion_failed',
        },
        causes: {
          'secret/database-url': { owner: 'operator', reason: 'secret_stale', is: ['app-secrets'] },
          'target/backend-ready': { owner: 'application', reason: 'assertion_failed', is: ['backend-ready'] },
        },
      },
      {
        title: 'only the metrics are known, not which secret is missing: the one that its users could not read',
        seen: { 'app-secrets': 'secret_missing', cache: 'secret_unavailable', memorystore: 'secret_unavailable' },
        causes: {
          'secret/redis-url': { owner: 'operator', reason: 'secret_missing', is: ['app-secrets'], blocks: ['cache', 'memorystore'] },
        },
      },
      {
        title: 'only the metrics are known, not which secret is malformed: the check is the cause, its users are blocked',
        seen: { 'app-secrets': 'secret_malformed', cache: 'config_invalid' },
        causes: { 'target/app-secrets': { owner: 'operator', reason: 'secret_malformed', is: ['app-secrets'], blocks: ['cache'] } },
      },
      {
        title: 'nobody looked after the secret yet, but its users could not read it',
        seen: { cache: 'secret_unavailable', memorystore: 'secret_unavailable' },
        unseen: ['app-secrets'],
        causes: {
          'secret/redis-url': {
            owner: 'operator',
            reason: 'secret_unavailable',
            blocks: ['cache', 'memorystore'],
            confidence: 'medium',
          },
        },
      },
    ],
  );
});
