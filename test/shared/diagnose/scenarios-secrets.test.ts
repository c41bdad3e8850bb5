import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios, type Sight } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

const at = '2026-03-02T10:00:00.000Z';
const refused = (version: string, secret = 'database-direct-url'): Sight => ({
  reason: 'credentials_rejected',
  observed: { 'secret.versions': { [secret]: version } },
});

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
      {
        title: 'a rotation: version 8 is refused where version 7 was accepted, with the time of the change',
        seen: {
          'app-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'database-direct-url': 0.25 } } },
          'database-tcp': refused('8'),
        },
        circumstances: {
          at,
          lastSuccesses: [{ target: 'database-tcp', at: '2026-03-02T03:00:00.000Z', secretVersions: { 'database-direct-url': '7' } }],
        },
        causes: {
          'secret/database-direct-url': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['database-tcp'],
            confidence: 'high',
            says: /worked with version 7; now version 8 is used, made at about 2026-03-02T04:00Z/,
            changedAt: '2026-03-02T04:00:00.000Z',
          },
        },
      },
      {
        title: 'the secrets are checked hourly: of a rotation since then it is only known after when it was',
        seen: {
          'app-secrets': {
            outcome: 'success',
            startedAt: '2026-03-02T09:00:00.000Z',
            observed: { 'secret.versions': { 'database-direct-url': '7' }, 'secret.ageDays': { 'database-direct-url': 30 } },
          },
          'database-tcp': refused('8'),
        },
        circumstances: { at, lastSuccesses: [{ target: 'database-tcp', secretVersions: { 'database-direct-url': '7' } }] },
        causes: {
          'secret/database-direct-url': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['database-tcp'],
            says: /version 8 is used, made after 2026-03-02T09:00Z, when version 7 was the newest/,
          },
        },
      },
      {
        title: 'a rotation by the metrics alone: the version is younger than the last success',
        seen: {
          'probe-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'probe-token': 0.5 } } },
          'chat-by-header': 'credentials_rejected',
          'chat-by-subprotocol': 'credentials_rejected',
        },
        circumstances: { at, lastSuccesses: [{ target: 'chat-by-header', at: '2026-03-01T21:55:00.000Z' }] },
        causes: {
          'secret/probe-token': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
            confidence: 'high',
            says: /younger than the last success of chat-by-header/,
            changedAt: '2026-03-01T22:00:00.000Z',
          },
        },
      },
      {
        title: 'the same version is refused that was accepted: changed on the server, so the target speaks for itself',
        seen: { 'database-tcp': refused('7') },
        circumstances: { at, lastSuccesses: [{ target: 'database-tcp', secretVersions: { 'database-direct-url': '7' } }] },
        causes: { 'target/database-tcp': { owner: 'operator', reason: 'credentials_rejected', is: ['database-tcp'] } },
      },
      {
        title: 'all users of one secret are refused, and nothing is known of its versions',
        seen: { 'chat-by-header': 'credentials_rejected', 'chat-by-subprotocol': 'credentials_rejected' },
        causes: {
          'secret/probe-token': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
            confidence: 'medium',
          },
        },
      },
      {
        title: 'one user of the secret is accepted: the secret is good, the other is its own cause',
        seen: { 'chat-by-subprotocol': refused('4', 'probe-token') },
        circumstances: { at, lastSuccesses: [{ target: 'chat-by-subprotocol', secretVersions: { 'probe-token': '3' } }] },
        causes: { 'target/chat-by-subprotocol': { owner: 'operator', reason: 'credentials_rejected', is: ['chat-by-subprotocol'] } },
      },
      {
        title: 'the other user was accepted before the secret changed: that says nothing of the new version',
        seen: {
          'probe-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'probe-token': 0.01 } } },
          'chat-by-header': { outcome: 'success', startedAt: '2026-03-02T09:30:00.000Z' },
          'chat-by-subprotocol': 'credentials_rejected',
        },
        circumstances: { at },
        causes: {
          'secret/probe-token': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['chat-by-subprotocol'],
            confidence: 'medium',
            says: /younger than a day/,
            changedAt: '2026-03-02T09:45:00.000Z',
          },
        },
      },
      {
        title: 'a rotation and a database that is down are two causes',
        seen: {
          'app-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'redis-url': 0.01 } } },
          cache: refused('3', 'redis-url'),
          'database-socket': 'connect_refused',
          'backend-ready': 'assertion_failed',
        },
        circumstances: { at, lastSuccesses: [{ target: 'cache', secretVersions: { 'redis-url': '2' } }] },
        causes: {
          'secret/redis-url': {
            owner: 'operator',
            reason: 'credentials_rejected',
            blocks: ['backend-ready', 'cache'],
            changedAt: '2026-03-02T09:45:00.000Z',
          },
          'target/database-socket': {
            owner: 'infrastructure',
            reason: 'connect_refused',
            is: ['database-socket'],
            blocks: ['backend-ready'],
          },
        },
      },
    ],
  );
});
