/** Every built function as a process of its own, as it is deployed, with one target that works and the emulators. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startMonitoringEmulator } from '../../local/emulators/monitoring';
import { startPlatformStandIn } from '../../local/emulators/platform';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startFunction, type FunctionProcess } from '../../local/stack/function-process';
import { serveRaw } from '../support/raw-server';

/** A request that everybody sends, and what it is answered. */
interface Normal {
  readonly path: string;
  readonly init: RequestInit;
  readonly statuses: readonly number[];
}

/** A function. */
export interface BuiltFunction {
  readonly url: string;
  /** Changes when it had to be started again. */
  readonly pid: string;
  readonly normal: Normal;
}

/** All of them. */
export interface Built {
  of(name: string): BuiltFunction;
  /** What died. */
  changes(): readonly string[];
  /** Lines that are no JSON: warnings of Node, stacks. */
  oddLines(): readonly string[];
  close(): Promise<void>;
}

const get = (path: string, ...statuses: readonly number[]): Normal => ({ path, init: {}, statuses });
const normal: Readonly<Record<string, Normal>> = {
  status: get('/api/targets', 200),
  verify: { path: '/', init: { method: 'POST', body: '{"rounds":1,"targets":["tcp-a"]}' }, statuses: [200] },
};

/** The framework says where it listens, and in the many lines of a stack which body it could not read. */
const ofFramework =
  /^(Serving function|Function:|Signature type:|URL:|\w*Error: |\s+at .*node_modules|\s+at JSON\.parse \(<anonymous>\)|\s+at .*\bnode:|\s+[\w']+: |\}|.*is not valid JSON$)/;

/** Starts them all. */
export async function startBuilt(): Promise<Built> {
  const names = ['http', 'websocket', 'tcp', 'redis', 'postgres', 'journey', 'platform', 'secrets', 'diagnose', 'verify', 'status'];
  const server = await serveRaw((socket) => socket.end('HTTP/1.1 204 No\r\n\r\n'));
  const [monitoring, secrets, platform, folder] = await Promise.all([
    startMonitoringEmulator(),
    startSecretManagerEmulator(),
    startPlatformStandIn(),
    temporaryFolder('vpc-synthetics-built-'),
  ]);
  const at = `127.0.0.1:${server.port}`;
  const place = { host: '127.0.0.1', port: server.port };
  secrets.put('app', { value: 'the-value-of-the-secret' });
  const sections = {
    defaults: { confirm: { attempts: 1 }, timeout: '2s' },
    http: { 'http-a': { url: `http://${at}/` } },
    websocket: { 'websocket-a': { url: `ws://${at}/` } },
    tcp: { 'tcp-a': place },
    redis: { 'redis-a': { ...place, password: { secret: 'app' } } },
    postgres: { 'postgres-a': { ...place, user: 'u', database: 'd', password: { secret: 'app' }, tls: { mode: 'disable' } } },
    journey: { 'journey-a': { steps: [{ name: 's', http: { url: `http://${at}/` } }] } },
    platform: { 'platform-a': { vpcConnector: { name: 'c' } } },
    secrets: { 'secrets-a': { require: [{ secret: 'app' }] } },
    status: { operators: ['user:ann@example.com'] },
  };
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', ...sections }));
  const changes: string[] = [];
  const odd: string[] = [];
  const started = new Map<string, FunctionProcess>();
  const start = async (kind: string): Promise<void> => {
    const served = await startFunction({
      kind,
      source: resolve(__dirname, '../../../dist/functions', kind),
      environment: {
        PATH: process.env['PATH'] ?? '',
        SYNTHETICS_CONFIG: path,
        MONITORING_EMULATOR_HOST: monitoring.address,
        SECRET_MANAGER_EMULATOR_HOST: secrets.address,
        PLATFORM_EMULATOR_HOST: platform.address,
        K_SERVICE: `synthetics-test-${kind}`,
      },
      logFile: join(folder, kind),
      onLine(line) {
        if (!line.startsWith('{') && line.trim() !== '' && !ofFramework.test(line)) odd.push(`${kind}: ${line}`);
        if (line.includes('the-value-of-the-secret')) odd.push(`${kind}: the secret in ${line}`);
      },
      onChange: (sentence) => changes.push(sentence),
    });
    started.set(kind, served);
    platform.put(`/run/v2/projects/test-project/locations/us-central1/services/synthetics-test-${kind}`, { uri: served.url() });
  };
  // Two at a time: each start takes a second of the processor.
  for (let index = 0; index < names.length; index += 3) await Promise.all(names.slice(index, index + 3).map(start));
  return {
    of(name) {
      const url = started.get(name)?.url();
      if (url === undefined) throw new Error(`${name} was not started`);
      return { url, pid: url, normal: normal[name] ?? get('/', 200, 500) };
    },
    changes: () => changes,
    oddLines: () => odd,
    async close() {
      await Promise.all([...started.values()].map((served) => served.stop()));
      await Promise.all([server.close(), monitoring.close(), secrets.close(), platform.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
