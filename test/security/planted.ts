/** Every kind's function with targets that say a secret wherever one can be said, to servers that say it back. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as http from '../../functions/http';
import * as journey from '../../functions/journey';
import { kinds } from '../../functions/kinds';
import * as postgres from '../../functions/postgres';
import * as redis from '../../functions/redis';
import * as secretsKind from '../../functions/secrets';
import * as tcp from '../../functions/tcp';
import * as websocket from '../../functions/websocket';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { temporaryFolder } from '../../local/services/temporary-folder';
import type { HandlerMaker } from '../../shared/serve/handler';
import { serve } from '../../shared/serve/serve';
import { host, type Hosted } from '../support/framework';
import { encodingNames } from './echoes';
import { startEchoingServers, type EchoingServers } from './echoing-servers';

const runnables = { http, websocket, tcp, redis, postgres, journey, secrets: secretsKind } as const;

type Targets = Readonly<Record<string, object>>;

const secret = '${secret:planted}';

/** What stands in the URLs of drivers. */
export const urlSecrets: Readonly<Record<string, string>> = {
  'planted-http': 'http',
  'planted-redis': 'redis',
  'planted-postgres': 'postgresql',
};

function httpTargets(port: number): Targets {
  const base = `http://127.0.0.1:${port}`;
  const body = { json: { text: secret, nested: [{ deep: `Bearer ${secret}` }] } };
  const sent = encodingNames.map((by) => [`refuse-${by}`, { url: `${base}/refuse/${by}/${secret}?q=${secret}`, ...body }] as const);
  const login = encodingNames.map((by) => [`login-${by}`, { url: `http://user:${secret}@127.0.0.1:${port}/unauthorized/${by}` }] as const);
  const shape = (name: string, more: object = {}): readonly [string, object] => [
    `as-${name}`,
    { url: `${base}/${name}/plain/${secret}`, ...body, ...more },
  ];
  return Object.fromEntries([
    ...sent,
    ...login,
    ['as-header', { url: `${base}/refuse/plain/`, headers: { Authorization: `Bearer ${secret}`, 'X-Key': { secret: 'planted' } } }],
    ['as-encoded', { url: `${base}/refuse/plain/`, headers: { Authorization: 'Bearer ${secret:planted|base64url}' } }],
    ['as-url', { url: { secret: 'planted-http' } }],
    ...['json', 'page', 'reason', 'away', 'coding', 'server'].map((name) => shape(name)),
    shape('location', { redirects: 0 }),
    ['as-far-location', { url: `${base}/location/plain/${secret}`, redirects: 1, ...body }],
    shape('answer', { expect: { json: ["said == 'no'"] } }),
    ['as-body', { url: `${base}/answer/json/${secret}`, expect: { body: ['never'], notBody: [secret] } }],
    ['as-fields', { url: `${base}/server/component/${secret}`, expect: { headers: { server: '^never$' }, notHeaders: { server: '.' } } }],
  ]);
}

function websocketTargets(port: number): Targets {
  const at = (path: string): string => `ws://127.0.0.1:${port}/${path}`;
  const steps = [{ send: { token: secret } }, { expect: "type == 'never'", within: '500ms' }];
  return Object.fromEntries([
    ...encodingNames.map((by) => [`refused-${by}`, { url: at(`no/${by}/${secret}`) }] as const),
    ['reasoned', { url: at(`reason/plain/${secret}`) }],
    ['with-header', { url: at('no/plain'), headers: { Authorization: `Bearer ${secret}` }, origin: 'http://localhost' }],
    ['with-protocol', { url: at('no/plain'), subprotocols: ['jwt', 'jwt.${secret:planted|base64url}'] }],
    ['opened', { url: at(`open/plain/${secret}`), ping: false, subprotocols: ['jwt.${secret:planted|base64url}'], steps }],
    ['unfit', { url: at('open/hex/'), ping: false, subprotocols: ['a', 'b.${secret:planted|base64url}'], expect: { subprotocol: 'a' } }],
  ]);
}

function journeyTargets(port: number): Targets {
  const base = `http://127.0.0.1:${port}`;
  const login = { name: 'login', http: { url: `${base}/login`, json: { password: secret } }, capture: { token: 'access_token' } };
  const step = (name: string, more: object): readonly [string, object] => [
    name,
    { steps: [login, { name: 'next', ...more }], timeout: '5s' },
  ];
  return Object.fromEntries([
    ...encodingNames.map((by) => step(`then-${by}`, { http: { url: `${base}/refuse/${by}`, json: { text: '${token}' } } })),
    step('then-url', { http: { url: `${base}/location/plain/\${token}`, redirects: 1 } }),
    step('then-upgrade', { websocket: { url: `ws://127.0.0.1:${port}/no/plain`, subprotocols: ['jwt.${token|base64url}'] } }),
    step('then-assert', { assert: "token == 'never'" }),
    step('then-answer', { http: { url: `${base}/answer/plain`, json: { t: '${token}' }, expect: { json: ["said == 'no'"] } } }),
  ]);
}

/** Everything around the functions. */
export interface Planted {
  readonly servers: EchoingServers;
  readonly secrets: SecretManagerEmulator;
  readonly monitoring: MonitoringEmulator;
  readonly platform: PlatformStandIn;
  /** The names of targets by their kind. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** What the functions logged since it was last asked. */
  logged(): string;
  /** The configuration as it is written. */
  readonly configuration: string;
  readonly hosted: Readonly<Record<string, Hosted>>;
  /** Serves another function beside them. */
  serveOther(name: string, handlerOf: HandlerMaker): Promise<Hosted>;
  close(): Promise<void>;
}

/** Starts the servers, the emulators and the functions. */
export async function startPlanted(): Promise<Planted> {
  const [servers, secrets, monitoring, platform, folder] = await Promise.all([
    startEchoingServers(),
    startSecretManagerEmulator(),
    startMonitoringEmulator(),
    startPlatformStandIn(),
    temporaryFolder('vpc-synthetics-planted-'),
  ]);
  const login = { host: '127.0.0.1', user: 'app', database: secret, password: { secret: 'planted' }, tls: { mode: 'disable' } };
  const steps = (sent: string): object => ({
    host: '127.0.0.1',
    port: servers.tcp,
    steps: [{ send: sent }, { expect: '^200', within: '150ms' }],
  });
  const named: Readonly<Record<string, Targets>> = {
    http: httpTargets(servers.http),
    websocket: websocketTargets(servers.http),
    tcp: {
      told: steps(`AUTH ${secret}\r\n`),
      unfinished: steps(secret),
      matched: { ...steps('x\r\n'), steps: [{ send: `${secret}\r\n` }, { expect: `^${secret}never`, within: '150ms' }] },
    },
    redis: {
      login: { host: '127.0.0.1', port: servers.redis, password: { secret: 'planted' } },
      named: { host: '127.0.0.1', port: servers.redis, username: 'app', password: { secret: 'planted' } },
      addressed: { url: { secret: 'planted-redis' } },
    },
    postgres: { login: { ...login, port: servers.postgres }, addressed: { url: { secret: 'planted-postgres' }, tls: { mode: 'disable' } } },
    journey: journeyTargets(servers.http),
    secrets: {
      rules: {
        require: [
          { secret: 'planted', matches: '^never$', minLength: 100_000 },
          { secret: 'planted-http', format: 'json' },
        ],
      },
    },
  };
  // A name stands once in a file.
  const sections = Object.fromEntries(
    Object.entries(named).map(([kind, targets]) => [
      kind,
      Object.fromEntries(Object.entries(targets).map(([name, target]) => [`${kind}-${name}`, target])),
    ]),
  );
  const configuration = JSON.stringify({
    environment: 'test',
    project: 'test-project',
    region: 'us-central1',
    defaults: { confirm: { attempts: 1 }, timeout: '3s' },
    status: { operators: ['user:ann@example.com'] },
    ...sections,
  });
  writeFileSync(join(folder, 'config.json'), configuration);
  const lines: string[] = [];
  const options = (name: string): Parameters<HandlerMaker>[2] => ({
    write: (line: string) => void lines.push(line),
    environment: {
      logLevel: 'debug',
      monitoringEmulator: monitoring.address,
      secretManagerEmulator: secrets.address,
      platformEmulator: platform.address,
      service: `synthetics-test-${name}`,
    },
  });
  const hosted: Record<string, Hosted> = {};
  for (const [name, runnable] of Object.entries(runnables)) {
    const handler = serve(runnable, kinds, folder, options(name));
    const served = (hosted[name] = await host(`planted-${name}`, handler));
    platform.put(`/run/v2/projects/test-project/locations/us-central1/services/synthetics-test-${name}`, { uri: served.url });
  }
  return {
    servers,
    secrets,
    monitoring,
    platform,
    configuration,
    hosted,
    targets: Object.fromEntries(Object.entries(sections).map(([kind, targets]) => [kind, Object.keys(targets)])),
    logged: () => lines.splice(0).join('\n'),
    async serveOther(name, handlerOf) {
      return (hosted[name] = await host(`planted-${name}`, handlerOf(kinds, folder, options(name))));
    },
    async close() {
      await Promise.all(Object.values(hosted).map((served) => served.close()));
      await Promise.all([servers.close(), secrets.close(), monitoring.close(), platform.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
