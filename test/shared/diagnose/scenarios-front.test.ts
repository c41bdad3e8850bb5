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
        title: 'nothing works behind the load balancer, on all its hosts, although the control plane says that it is well: once',
        seen: {
          ...all(['backend-health', 'backend-ready', 'auth-health', 'auth-ready', 'frontend-health'], 'bad_gateway'),
          'chat-by-header': 'bad_gateway',
          versions: 'bad_gateway',
        },
        unseen: api.filter((name) => !['backend-health', 'backend-ready', 'chat-by-header', 'versions', 'api-staging-tls'].includes(name)),
        causes: {
          'load-balancer/staging-backend': {
            owner: 'infrastructure',
            reason: 'bad_gateway',
            is: ['auth-health', 'backend-health', 'frontend-health'],
            blocks: ['auth-ready', 'backend-ready', 'chat-by-header', 'versions'],
            confidence: 'medium',
            says: /on 3 hosts.*\nload-balancer: the control plane says that it is well/,
          },
        },
      },
      {
        title: 'the certificate is expired, and clients see it while they shake hands with both hosts: once',
        seen: { certificate: 'certificate_expired', 'staging-tls': 'certificate_expired', 'api-staging-tls': 'certificate_expired' },
        causes: {
          'certificate/staging-certificate': {
            owner: 'infrastructure',
            reason: 'certificate_expired',
            is: ['certificate'],
            blocks: ['api-staging-tls', 'staging-tls'],
          },
        },
      },
      {
        title: 'the load balancer is not ready, and shakes hands with nobody: once',
        seen: { 'load-balancer': 'resource_not_ready', 'staging-tls': 'connection_reset', 'api-staging-tls': 'connect_refused' },
        causes: {
          'target/load-balancer': {
            owner: 'infrastructure',
            reason: 'resource_not_ready',
            is: ['load-balancer'],
            blocks: ['api-staging-tls', 'staging-tls'],
          },
        },
      },
      ...(['unexpected_close', 'bad_gateway'] as const).flatMap((reason) =>
        [[], ['golden-path']].map((unseen) => ({
          title: `no WebSocket target works at a host whose pages do: once, for ${reason}${unseen.length > 0 ? ', whatever the journey would say' : ''}`,
          seen: { 'chat-by-header': reason, 'chat-by-subprotocol': reason },
          unseen,
          causes: {
            'endpoint/api-staging.example.com:443': {
              owner: reason === 'bad_gateway' ? ('infrastructure' as const) : ('application' as const),
              reason,
              is: ['chat-by-header', 'chat-by-subprotocol'],
              says: /2 targets that speak WebSocket there fail/,
            },
          },
        })),
      ),
      {
        title: 'they fail in two ways, and a journey that speaks WebSocket there works: two causes',
        seen: { 'chat-by-header': 'unexpected_close', 'chat-by-subprotocol': 'upgrade_rejected' },
        causes: {
          'target/chat-by-header': { owner: 'application', reason: 'unexpected_close', is: ['chat-by-header'] },
          'target/chat-by-subprotocol': { owner: 'application', reason: 'upgrade_rejected', is: ['chat-by-subprotocol'] },
        },
      },
      {
        title: 'they fail in two ways, and the journey fails, too: what speaks so there',
        seen: {
          'chat-by-header': 'unexpected_close',
          'chat-by-subprotocol': 'upgrade_rejected',
          'golden-path': { reason: 'upgrade_rejected', findings: { login: null, chat: 'upgrade_rejected' } },
        },
        causes: {
          'endpoint/api-staging.example.com:443': {
            owner: 'application',
            reason: 'unexpected_close',
            is: ['chat-by-header', 'chat-by-subprotocol'],
            blocks: ['golden-path'],
          },
        },
      },
      {
        title: 'two services behind it answer wrong, each in its own way: not the load balancer',
        seen: { 'backend-health': 'unexpected_status', 'auth-health': 'timeout' },
        unseen: ['frontend-health'],
        causes: {
          'target/auth-health': { owner: 'application', reason: 'timeout', is: ['auth-health'] },
          'target/backend-health': { owner: 'application', reason: 'unexpected_status', is: ['backend-health'] },
        },
      },
    ],
  );
});
