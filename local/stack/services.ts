/** Everything that the functions probe and everything they report to: real servers, and emulators in place of Google's APIs. */
import { randomBytes } from 'node:crypto';
import { type MonitoringEmulator, startMonitoringEmulator } from '../emulators/monitoring';
import { type PlatformStandIn, startPlatformStandIn } from '../emulators/platform';
import { type SecretManagerEmulator, startSecretManagerEmulator } from '../emulators/secret-manager';
import { type CertificatePair, createAuthority } from '../services/certificates';
import { type ChatProcess, startChatProcess } from '../services/chat-process';
import { type PostgresServer, startPostgres } from '../services/postgres';
import { type Proxy, startProxy } from '../services/proxy';
import { type BreakChat, createChatBreaker } from './chat-breaker';
import { createEndings, together } from './endings';
import { type RestartableRedis, startRestartableRedis } from './restartable-redis';
import { putSecrets, type SecretValues } from './secrets';

/** The project that everything belongs to. */
export const project = 'local-project';

/** What runs. */
export interface Services {
  readonly postgres: PostgresServer;
  readonly redis: RestartableRedis;
  readonly chat: ChatProcess;
  /** What stands before the chat application. */
  readonly loadBalancer: Proxy;
  readonly breakChat: BreakChat;
  readonly monitoring: MonitoringEmulator;
  readonly secretManager: SecretManagerEmulator;
  readonly platform: PlatformStandIn;
  /** What Secret Manager holds when nothing is broken. */
  readonly secrets: SecretValues;
  /** The certificate that the load balancer shows, and one that has expired. */
  readonly certificates: { readonly good: CertificatePair; readonly expired: CertificatePair };
  stop(): Promise<void>;
}

const memoryLimit = '64mb';
const dayMs = 86_400_000;

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Starts everything at once; where something does not start, what did is ended again. */
export async function startServices(now: number): Promise<Services> {
  const endings = createEndings();
  const [databasePassword, redisPassword, chatToken] = [secret(), secret(), secret()];
  const [databaseAuthority, chatAuthority] = await Promise.all([
    createAuthority('Local Database Authority'),
    createAuthority('Local Chat Authority'),
  ]);
  const [databaseCertificate, good, expired] = await Promise.all([
    databaseAuthority.issue(),
    chatAuthority.issue(),
    chatAuthority.issue({ notAfter: new Date(now - dayMs) }),
  ]);
  const stop = endings.endAll;
  try {
    const [postgres, redis, chat, monitoring, secretManager, platform] = await together([
      endings.after(startPostgres({ password: databasePassword, tls: databaseCertificate }), (server) => server.stop()),
      endings.after(startRestartableRedis({ password: redisPassword, config: { maxmemory: memoryLimit } }), (server) => server.stop()),
      endings.after(startChatProcess({ token: chatToken, tls: good }), (server) => server.stop()),
      endings.after(startMonitoringEmulator(), (server) => server.close()),
      endings.after(startSecretManagerEmulator({ project }), (server) => server.close()),
      endings.after(startPlatformStandIn(), (server) => server.close()),
    ]);
    const loadBalancer = await endings.after(startProxy({ tls: good, to: chat, ca: chatAuthority.certificate }), (server) => server.stop());
    platform.iamPolicy(project, { bindings: [] });
    const secrets: SecretValues = {
      'database-url': `postgresql://${postgres.user}:${databasePassword}@127.0.0.1:${postgres.port}/${postgres.database}`,
      'db-ca': databaseAuthority.certificate,
      'redis-url': `redis://:${redisPassword}@127.0.0.1:${redis.port}/0`,
      'chat-ca': chatAuthority.certificate,
      'chat-token': chatToken,
      'jwt-secret': secret(),
      'smtp-password': secret(),
      'oauth-client-secret': secret(),
      'api-key': `sk_live_${randomBytes(12).toString('hex')}`,
    };
    putSecrets(secretManager, secrets);
    return {
      postgres,
      redis,
      chat,
      loadBalancer,
      breakChat: createChatBreaker(chat),
      monitoring,
      secretManager,
      platform,
      secrets,
      certificates: { good, expired },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
