/** Everything that the functions probe and everything they report to: real servers, and emulators in place of Google's APIs. */
import { type MonitoringEmulator, startMonitoringEmulator } from '../emulators/monitoring';
import { type PlatformStandIn, startPlatformStandIn } from '../emulators/platform';
import { type SecretManagerEmulator, startSecretManagerEmulator } from '../emulators/secret-manager';
import { type CertificatePair, createAuthority, createSelfSigned } from '../services/certificates';
import { type ChatProcess, startChatProcess } from '../services/chat-process';
import { type ClickHouse, startClickHouse } from '../services/clickhouse';
import { type PostgresServer, startPostgres } from '../services/postgres';
import { type Proxy, startProxy } from '../services/proxy';
import { type BreakChat, createChatBreaker } from './chat-breaker';
import { allResources, type Surroundings } from './control-plane';
import { createEndings, together } from './endings';
import { createPrivateNetwork, type PrivateNetwork } from './private-network';
import { type RestartableRedis, startRestartableRedis } from './restartable-redis';
import { inventSecrets, probeUsers, putSecrets, randomSecret, type SecretValues } from './secrets';

/** The project that everything belongs to. */
export const project = 'local-project';
export const projectNumber = '123456789012';

/** Certificates for what is probed. */
export interface Certificates {
  readonly good: CertificatePair;
  /** Since yesterday. */
  readonly expired: CertificatePair;
  /** In ten days. */
  readonly expiring: CertificatePair;
  readonly forAnotherName: CertificatePair;
  readonly selfSigned: CertificatePair;
}

/** What runs. */
export interface Services extends Surroundings {
  readonly postgres: PostgresServer;
  readonly redis: RestartableRedis;
  readonly chat: ChatProcess;
  /** What stands before the chat application. */
  readonly loadBalancer: Proxy;
  readonly clickHouse: ClickHouse;
  /** Leads to PostgreSQL, Redis and ClickHouse; the load balancer is reached from outside. */
  readonly privateNetwork: PrivateNetwork;
  readonly breakChat: BreakChat;
  readonly monitoring: MonitoringEmulator;
  readonly secretManager: SecretManagerEmulator;
  readonly platform: PlatformStandIn;
  /** What Secret Manager holds when nothing is broken. */
  readonly secrets: SecretValues;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

const memoryLimit = '64mb';
const dayMs = 86_400_000;

/** Starts everything at once; where something does not start, what did is ended again. */
export async function startServices(now: number): Promise<Services> {
  const endings = createEndings();
  const [databasePassword, redisPassword, chatToken] = [randomSecret(), randomSecret(), randomSecret()];
  const [databaseAuthority, chatAuthority] = await Promise.all([
    createAuthority('Local Database Authority'),
    createAuthority('Local Chat Authority'),
  ]);
  const [databaseCertificate, good, expired, expiring, forAnotherName, selfSigned] = await Promise.all([
    databaseAuthority.issue(),
    chatAuthority.issue(),
    chatAuthority.issue({ notAfter: new Date(now - dayMs) }),
    chatAuthority.issue({ notAfter: new Date(now + 10 * dayMs) }),
    chatAuthority.issue({ dns: ['another.example.com'] }),
    createSelfSigned(),
  ]);
  const invented = inventSecrets();
  const users = Object.fromEntries(
    probeUsers.map((user) => [invented[`probe-user-${user}-email`], invented[`probe-user-${user}-password`]]),
  );
  const stop = endings.endAll;
  try {
    const [postgres, redis, chat, clickHouse, monitoring, secretManager, platform] = await together([
      endings.after(startPostgres({ password: databasePassword, tls: databaseCertificate }), (server) => server.stop()),
      endings.after(startRestartableRedis({ password: redisPassword, config: { maxmemory: memoryLimit } }), (server) => server.stop()),
      endings.after(startChatProcess({ token: chatToken, tls: good, users }), (server) => server.stop()),
      endings.after(startClickHouse(good), (server) => server.stop()),
      endings.after(startMonitoringEmulator(), (server) => server.close()),
      endings.after(startSecretManagerEmulator({ project }), (server) => server.close()),
      endings.after(startPlatformStandIn(), (server) => server.close()),
    ]);
    const loadBalancer = await endings.after(startProxy({ tls: good, to: chat, ca: chatAuthority.certificate }), (server) => server.stop());
    const privateNetwork = createPrivateNetwork([postgres.port, redis.port, clickHouse.port]);
    endings.add(() => privateNetwork.stop());
    platform.iamPolicy(project, { bindings: [] });
    platform.put(`/cloudresourcemanager/v3/projects/${project}`, {
      name: `projects/${projectNumber}`,
      projectId: project,
      state: 'ACTIVE',
      displayName: 'The embedded stack',
    });
    for (const { path, body } of allResources({ redis, startedAt: now })) platform.put(path, body);
    const login = `${postgres.user}:${databasePassword}`;
    const secrets: SecretValues = {
      ...invented,
      'database-url': `postgresql://${login}@127.0.0.1:${postgres.port}/${postgres.database}`,
      'database-direct-url': `postgresql+asyncpg://${login}@127.0.0.1:${postgres.port}/${postgres.database}`,
      'redis-url': `redis://:${redisPassword}@127.0.0.1:${redis.port}/0`,
      'db-ca': databaseAuthority.certificate,
      'db-password': databasePassword,
      'chat-ca': chatAuthority.certificate,
      'chat-token': chatToken,
    };
    putSecrets(secretManager, secrets);
    return {
      postgres,
      redis,
      chat,
      loadBalancer,
      clickHouse,
      privateNetwork,
      breakChat: createChatBreaker(chat),
      monitoring,
      secretManager,
      platform,
      secrets,
      certificates: { good, expired, expiring, forAnotherName, selfSigned },
      startedAt: now,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
