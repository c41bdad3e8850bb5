import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios, type Sight } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

const refusedChats = {
  'chat-by-header': { reason: 'credentials_rejected', phase: 'upgrade' },
  'chat-by-subprotocol': { reason: 'credentials_rejected', phase: 'upgrade' },
} as const;
const refusedAfterLogin: Sight = { reason: 'credentials_rejected', findings: { login: null, chat: 'credentials_rejected' } };
const bothChats = ['chat-by-header', 'chat-by-subprotocol'];
/** What a login broken for everyone is told as. */
const forEveryone = {
  'endpoint/api-staging.example.com:443': {
    owner: 'application',
    reason: 'credentials_rejected',
    is: bothChats,
    blocks: ['golden-path'],
  },
} as const;

describe('logins that are refused', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'somebody is refused, too, who logged in freshly: the service, and not the token of ours',
        seen: { ...refusedChats, 'golden-path': refusedAfterLogin },
        causes: forEveryone,
      },
      {
        title: 'the same by the metrics alone',
        seen: { ...refusedChats, 'golden-path': 'credentials_rejected' },
        causes: forEveryone,
      },
      {
        title: 'the same although the token is newer than the last success: who does not use it is refused all the same',
        seen: {
          ...refusedChats,
          'golden-path': refusedAfterLogin,
          'probe-secrets': { outcome: 'success', observed: { 'secret.ageDays': { 'probe-token': 0.5 } } },
        },
        circumstances: {
          at: '2026-03-02T10:00:00.000Z',
          lastSuccesses: [{ target: 'chat-by-header', at: '2026-03-01T21:55:00.000Z' }],
        },
        causes: forEveryone,
      },
      {
        title: 'frontend and backend differ in version, which broke the login once: that alone',
        seen: {
          ...refusedChats,
          'golden-path': refusedAfterLogin,
          versions: { reason: 'assertion_failed', findings: { frontend: null, backend: null, 'same-version': 'assertion_failed' } },
        },
        causes: {
          'target/versions': { owner: 'application', reason: 'assertion_failed', is: ['versions'], blocks: [...bothChats, 'golden-path'] },
        },
      },
      {
        title: 'the versions could not be compared: no reason for a refused login, nor for a chat that is closed',
        seen: {
          'frontend-health': 'timeout',
          versions: { reason: 'timeout', findings: { frontend: 'timeout' } },
          'chat-by-header': 'credentials_rejected',
          'golden-path': { reason: 'unexpected_close', findings: { login: null, chat: 'unexpected_close' } },
        },
        causes: {
          'target/frontend-health': { owner: 'application', reason: 'timeout', is: ['frontend-health'], blocks: ['versions'] },
          'target/chat-by-header': { owner: 'operator', reason: 'credentials_rejected', is: ['chat-by-header'] },
          'target/golden-path': { owner: 'application', reason: 'unexpected_close', is: ['golden-path'] },
        },
      },
      {
        title: 'both chats are refused with the token, and another user at the login: two causes, the token blocks no login',
        seen: {
          ...refusedChats,
          'golden-path': { reason: 'credentials_rejected', findings: { login: 'credentials_rejected' } },
        },
        causes: {
          'secret/probe-token': { owner: 'operator', reason: 'credentials_rejected', blocks: bothChats },
          'target/golden-path': { owner: 'operator', reason: 'credentials_rejected', is: ['golden-path'] },
        },
      },
      {
        title: 'the password of our own database user is refused: the services log in with others',
        seen: { 'database-socket': { reason: 'credentials_rejected', phase: 'auth' }, 'backend-schema': 'assertion_failed' },
        causes: {
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
          'target/database-socket': { owner: 'operator', reason: 'credentials_rejected', is: ['database-socket'] },
        },
      },
      {
        title: 'the same where the check of the secrets finds the password bad',
        seen: {
          'probe-secrets': { reason: 'secret_malformed', findings: { 'probe-database-password': 'secret_malformed' } },
          'database-socket': 'credentials_rejected',
          'auth-ready': 'unexpected_status',
        },
        causes: {
          'secret/probe-database-password': {
            owner: 'operator',
            reason: 'secret_malformed',
            is: ['probe-secrets'],
            blocks: ['database-socket'],
          },
          'target/auth-ready': { owner: 'application', reason: 'unexpected_status', is: ['auth-ready'] },
        },
      },
      {
        title: 'what the application logs in with as well is refused: its pages are blocked, those that do not name the secrets, too',
        seen: { cache: 'credentials_rejected', 'backend-ready': 'assertion_failed', 'backend-infrastructure': 'assertion_failed' },
        causes: {
          'target/cache': {
            owner: 'operator',
            reason: 'credentials_rejected',
            is: ['cache'],
            blocks: ['backend-infrastructure', 'backend-ready'],
          },
        },
      },
    ],
  );
});
