import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios, type Sight } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

const at = '2026-03-02T10:00:00.000Z';
const refused = (version: string, secret = 'database-direct-url'): Sight => ({
  reason: 'credentials_rejected',
  observed: { 'secret.versions': { [secret]: version } },
});

describe('rotations of secrets', () => {
  testScenarios(
    () => staging,
    [
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
        title: 'the user was let in some seconds after the secret was made: it was not rotated since',
        seen: {
          'app-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'redis-url': 0.003 } } },
          cache: 'credentials_rejected',
        },
        circumstances: { at, lastSuccesses: [{ target: 'cache', at: '2026-03-02T09:56:00.000Z' }] },
        causes: { 'target/cache': { owner: 'operator', reason: 'credentials_rejected', is: ['cache'] } },
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
