/** The golden path: two users log in and chat at once; frontend and backend are of the same version. */
import { chatEvents } from '../../services/chat';
import { probeUsers } from '../secrets';
import { schedule, secret, type Section } from './section';

export const journey: Section = ({ loadBalancer: { port } }) => {
  const tls = { ca: secret('chat-ca') };
  const version = (name: string, path: string, capture: string): object => ({
    name,
    http: { url: `https://127.0.0.1:${port}${path}`, tls },
    capture: { [capture]: 'version' },
  });
  return {
    'golden-path': {
      schedule,
      users: probeUsers.length,
      timeout: '10s',
      steps: [
        {
          name: 'login',
          http: {
            method: 'POST',
            url: `https://127.0.0.1:${port}/auth/login`,
            tls,
            json: { email: '${secret:probe-user-${user}-email}', password: '${secret:probe-user-${user}-password}' },
          },
          capture: { token: 'access_token' },
        },
        {
          name: 'chat',
          websocket: {
            url: `wss://127.0.0.1:${port}/ws`,
            tls,
            subprotocols: ['jwt-auth', 'jwt.${token|base64url}'],
            steps: [
              { send: { type: 'chat', text: 'say ${marker}', marker: '${marker}' } },
              ...chatEvents.map((event) => ({ expect: `type == '${event}' && marker == '\${marker}'`, within: '2s', name: event })),
            ],
          },
        },
        version('backend-version', '/version', 'backendVersion'),
        version('frontend-version', '/frontend/version', 'frontendVersion'),
        { name: 'versions', assert: 'frontendVersion == backendVersion' },
      ],
      warn: { minCertificateValidity: '21d' },
    },
  };
};
