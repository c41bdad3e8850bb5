import { kinds } from '../../../functions/kinds';
import { loadConfig } from '../../../shared/config/load';
import { testScenarios } from './outage';

const staging = loadConfig('examples/staging.yaml', kinds);

/** Everything that leads to a host by TLS. */
const at = (host: string): readonly string[] =>
  staging.targets
    .filter(({ kind, spec }) => kind !== 'platform' && JSON.stringify(spec).includes(host))
    .map(({ name }) => name)
    .toSorted();
const api = at('api-staging.example.com');
const all = (names: readonly string[], reason: 'certificate_expired' | 'bad_gateway' | 'connect_refused'): Record<string, typeof reason> =>
  Object.fromEntries(names.map((name) => [name, reason]));

describe('what stands in front of the services', () => {
  testScenarios(
    () => staging,
    [
      {
        title: 'the certificate of one host expired: all targets of that host are blocked by it',
        seen: all(api, 'certificate_expired'),
        causes: {
          'certificate/api-staging.example.com': {
            owner: 'infrastructure',
            reason: 'certificate_expired',
            blocks: api,
            confidence: 'high',
          },
        },
      },
      {
        title: 'the control plane sees it, too, and it covers both hosts: one cause',
        seen: { certificate: 'certificate_expired', ...all([...api, 'staging-tls', 'frontend-health'], 'certificate_expired') },
        causes: {
          'certificate/staging-certificate': {
            owner: 'infrastructure',
            reason: 'certificate_expired',
            is: ['certificate'],
            blocks: [...api, 'staging-tls', 'frontend-health'].toSorted(),
          },
        },
      },
      {
        title: 'the certificate expires soon: told, and it blocks nothing',
        seen: { certificate: 'certificate_expiring', 'backend-health': 'timeout' },
        causes: {
          'target/backend-health': { owner: 'application', reason: 'timeout', is: ['backend-health'] },
          'target/certificate': { owner: 'infrastructure', reason: 'certificate_expiring', is: ['certificate'] },
        },
      },
      {
        title: 'one target alone does not trust a certificate that all others trust: its own settings',
        seen: { 'backend-health': 'certificate_untrusted' },
        causes: { 'target/backend-health': { owner: 'infrastructure', reason: 'certificate_untrusted', is: ['backend-health'] } },
      },
      {
        title: 'an expired certificate of one host is no excuse for a service of another',
        seen: { 'staging-tls': 'certificate_expired', 'frontend-health': 'certificate_expired', 'auth-health': 'unexpected_status' },
        causes: {
          'certificate/staging.example.com': {
            owner: 'infrastructure',
            reason: 'certificate_expired',
            blocks: ['frontend-health', 'staging-tls'],
          },
          'target/auth-health': { owner: 'application', reason: 'unexpected_status', is: ['auth-health'] },
        },
      },
      {
        title: 'a host and its service fail at once, but an expired certificate is not blocked by a database',
        seen: { 'backend-ready': 'certificate_expired', 'database-socket': 'connect_refused' },
        causes: {
          'certificate/api-staging.example.com': { owner: 'infrastructure', reason: 'certificate_expired', blocks: ['backend-ready'] },
          'target/database-socket': { owner: 'infrastructure', reason: 'connect_refused', is: ['database-socket'] },
        },
      },
      {
        title: 'called directly the service lets us in: the load balancer strips headers',
        seen: {
          'chat-by-header': { reason: 'headers_stripped', message: 'called directly, the service lets the same handshake in' },
          'chat-by-subprotocol': 'headers_stripped',
          'golden-path': { reason: 'credentials_rejected', findings: { login: null, chat: 'credentials_rejected' } },
        },
        causes: {
          'load-balancer/api-staging.example.com': {
            owner: 'infrastructure',
            reason: 'headers_stripped',
            blocks: ['chat-by-header', 'chat-by-subprotocol', 'golden-path'],
            confidence: 'high',
            says: /called directly/,
          },
        },
      },
      {
        title: 'the load balancer reaches no backend: everything behind it, by way of the first thing that needs it',
        seen: { 'load-balancer': 'resource_not_ready', ...all(['backend-health', 'auth-health', 'frontend-health'], 'bad_gateway') },
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
        title: 'nothing works at one address, and nothing that it needs is down: the address',
        seen: {
          'backend-health': 'bad_gateway',
          'backend-agents': 'bad_gateway',
          'api-staging-tls': 'connection_reset',
          'backend-schema': 'bad_gateway',
        },
        unseen: api.filter((name) => !['backend-health', 'backend-agents', 'api-staging-tls', 'backend-schema'].includes(name)),
        causes: {
          'target/api-staging-tls': {
            owner: 'infrastructure',
            reason: 'connection_reset',
            is: ['api-staging-tls'],
            blocks: ['backend-agents', 'backend-health', 'backend-schema'],
          },
        },
      },
      {
        title: 'the Cloud Run service is not ready: its health endpoints and the golden path are blocked',
        seen: {
          'backend-service': 'resource_not_ready',
          'backend-health': 'overloaded',
          'backend-ready': 'overloaded',
          'backend-agents': 'overloaded',
          'chat-by-header': 'upgrade_rejected',
          'golden-path': { reason: 'upgrade_rejected', findings: { login: null, chat: 'upgrade_rejected' } },
        },
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['backend-service'],
            blocks: ['backend-agents', 'backend-health', 'backend-ready', 'chat-by-header', 'golden-path'],
          },
        },
      },
      {
        title: 'the backend lost its connector: a vital setting, and the reason why it is not ready',
        seen: {
          'backend-service': { reason: 'resource_misconfigured', findings: { state: null, connector: 'resource_misconfigured' } },
          'backend-health': 'timeout',
          'backend-ready': 'timeout',
        },
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_misconfigured',
            is: ['backend-service'],
            blocks: ['backend-health', 'backend-ready'],
          },
        },
      },
      {
        title: 'the backend is down although Cloud Run is well: the application, and the golden path behind it',
        seen: {
          'backend-health': 'timeout',
          'backend-ready': 'timeout',
          'backend-golden-path': 'timeout',
          'chat-by-subprotocol': 'timeout',
          'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } },
        },
        causes: {
          'target/backend-health': {
            owner: 'application',
            reason: 'timeout',
            is: ['backend-health'],
            blocks: ['backend-golden-path', 'backend-ready', 'chat-by-subprotocol', 'golden-path'],
            confidence: 'high',
          },
        },
      },
      {
        title: 'frontend and backend differ in version: the journey itself, whatever else leads to their hosts',
        seen: {
          versions: { reason: 'assertion_failed', findings: { frontend: null, backend: null, 'same-version': 'assertion_failed' } },
          'backend-schema': 'assertion_failed',
          'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } },
        },
        causes: {
          'target/versions': { owner: 'application', reason: 'assertion_failed', is: ['versions'], blocks: ['golden-path'] },
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
        },
      },
      {
        title: 'the same by the metrics alone, while a token of ours ran out and a page answers wrong: three causes, none for another',
        seen: {
          versions: 'assertion_failed',
          'backend-agents': 'assertion_failed',
          'chat-by-header': 'credentials_rejected',
          'chat-by-subprotocol': 'credentials_rejected',
          'probe-secrets': { reason: 'secret_stale', findings: { 'probe-token': 'untold' } },
        },
        causes: {
          'secret/probe-token': {
            owner: 'operator',
            reason: 'credentials_rejected',
            is: ['probe-secrets'],
            blocks: ['chat-by-header', 'chat-by-subprotocol'],
            says: /probe-secrets finds secret_stale/,
          },
          'target/backend-agents': { owner: 'application', reason: 'assertion_failed', is: ['backend-agents'] },
          'target/versions': { owner: 'application', reason: 'assertion_failed', is: ['versions'] },
        },
      },
      {
        title: 'the golden path fails alone: it is its own cause',
        seen: { 'golden-path': { reason: 'timeout', findings: { login: null, chat: 'timeout' } } },
        causes: { 'target/golden-path': { owner: 'application', reason: 'timeout', is: ['golden-path'], confidence: 'high' } },
      },
      {
        title: 'a chain that was not seen in the middle is followed all the same',
        seen: { 'backend-service': 'resource_not_ready', 'backend-ready': 'timeout' },
        unseen: ['backend-health'],
        causes: {
          'target/backend-service': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['backend-service'],
            blocks: ['backend-ready'],
          },
        },
      },
      {
        title: 'a chain whose middle works is not: what works hands nothing on',
        seen: { 'backend-service': 'resource_not_ready', 'backend-schema': 'assertion_failed' },
        causes: {
          'target/backend-schema': { owner: 'application', reason: 'assertion_failed', is: ['backend-schema'] },
          'target/backend-service': { owner: 'infrastructure', reason: 'resource_not_ready', is: ['backend-service'] },
        },
      },
      {
        title: 'what is slow makes late whoever waits for it, and is no excuse for a wrong answer',
        seen: { 'backend-health': 'too_slow', 'backend-ready': 'timeout', 'backend-agents': 'assertion_failed' },
        causes: {
          'target/backend-health': { owner: 'application', reason: 'too_slow', is: ['backend-health'], blocks: ['backend-ready'] },
          'target/backend-agents': { owner: 'application', reason: 'assertion_failed', is: ['backend-agents'] },
        },
      },
      {
        title: 'the logs hold what went wrong: told by itself, and it blocks nothing',
        seen: { 'no-1011': 'assertion_failed', 'chat-by-header': 'unexpected_close' },
        causes: {
          'target/chat-by-header': { owner: 'application', reason: 'unexpected_close', is: ['chat-by-header'] },
          'target/no-1011': { owner: 'application', reason: 'assertion_failed', is: ['no-1011'] },
        },
      },
    ],
  );
});
