/** Starts real Redis servers on loopback and breaks them on demand. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code';
import { freePort } from './free-port';
import { freezeProcesses, thawProcesses } from './frozen-processes';
import { type Guard, startGuard } from './guard';
import { openRedisControl, type RedisControl } from './redis-control';
import { type ServerProcess, startServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';

/** What can change when a server starts anew. */
export interface RedisSettings {
  /** Of the default user; without it nobody needs one. */
  readonly password?: string;
  /** Further users as ACL rules, e.g. `probe on >secret ~* +ping` (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/). */
  readonly users?: readonly string[];
  /** PEM. The port then speaks TLS only; with `ca`, clients have to present a certificate that it vouches for. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Lines of redis.conf, e.g. `maxclients: '10'`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** How a server is made. */
export interface RedisOptions extends RedisSettings {
  /** Default: a free one. */
  readonly port?: number;
}

/** A running server, without persistence. */
export interface RedisServer {
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** Changes with `restart`. */
  readonly pid: number;
  /** Runs a command with all rights, over a connection that is counted among the server's clients; throws while frozen. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
  /** Stops the process where it is: the kernel goes on accepting connections, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends all connections and starts on the same port, empty, with other settings where given. */
  restart(changes?: RedisSettings): Promise<void>;
  /** Ends the server and removes its files; a second call does nothing. */
  stop(): Promise<void>;
}

const startLimitMs = 30_000;
const programs = ['redis-server', '/usr/bin/redis-server', '/opt/homebrew/bin/redis-server', '/usr/local/bin/redis-server'];

/**
 * Starts a server.
 * @throws when redis-server is missing (the message says how to get it), or does not start (the message ends with what it said)
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = await temporaryFolder('vpc-synthetics-redis-');
  const guard = await startGuard([folder], 'TERM');
  try {
    return await serve(folder, guard, options);
  } catch (error) {
    await guard.enforce();
    throw error;
  }
}

interface Running {
  readonly server: ServerProcess;
  readonly control: RedisControl;
}

async function serve(folder: string, guard: Guard, options: RedisOptions): Promise<RedisServer> {
  let settings: RedisSettings = options;
  let frozen: number[] = [];
  let stopped = false;
  const launch = async (onPort: number): Promise<Running> => {
    const controlPassword = randomBytes(16).toString('hex');
    const configuration = await writeConfiguration(folder, settings, onPort, controlPassword);
    const server = await spawnRedis(configuration, folder);
    guard.protect([server.pid]);
    const control = await server.ready(() => openRedisControl(join(folder, 'control.sock'), controlPassword), startLimitMs);
    return { server, control };
  };
  const { port, ...started } = await launchOnPort(options.port, launch);
  let running: Running = started;

  const thaw = (): void => {
    thawProcesses(frozen);
    frozen = [];
  };
  const end = async (): Promise<void> => {
    thaw();
    running.control.close();
    await running.server.end('SIGTERM', 5000);
  };
  return {
    host: '127.0.0.1',
    port,
    get pid() {
      return running.server.pid;
    },
    async command(name, ...args) {
      if (frozen.length > 0) throw new Error(`this Redis is frozen and would not answer ${name}`);
      return running.control.command(name, args);
    },
    async freeze() {
      if (frozen.length === 0) frozen = await freezeProcesses(running.server.pid);
    },
    thaw,
    async restart(changes = {}) {
      await end();
      settings = { ...settings, ...changes };
      running = await launch(port);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await end();
      await guard.release();
    },
  };
}

async function launchOnPort(fixed: number | undefined, launch: (port: number) => Promise<Running>): Promise<Running & { port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = fixed ?? (await freePort());
    try {
      return { ...(await launch(port)), port };
    } catch (error) {
      // Somebody may have taken the free port in between.
      const taken = String(error).includes('Address already in use');
      if (!taken || fixed !== undefined || attempt === 5) throw error;
    }
  }
}

async function writeConfiguration(
  folder: string,
  { password, users, tls, config }: RedisSettings,
  port: number,
  controlPassword: string,
): Promise<string> {
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const lines = [
    'bind 127.0.0.1',
    `port ${tls ? 0 : port}`,
    `dir ${folder}`,
    'save ""',
    'appendonly no',
    // A socket of our own: reachable whatever the port demands, and with all rights.
    `unixsocket ${join(folder, 'control.sock')}`,
    'unixsocketperm 700',
    `user control on >${controlPassword} ~* &* +@all`,
    ...(users ?? []).map((rules) => `user ${rules}`),
    ...(password === undefined ? [] : [`requirepass ${JSON.stringify(password)}`]),
  ];
  if (tls) {
    lines.push(
      `tls-port ${port}`,
      `tls-cert-file ${await write('server.crt', tls.cert)}`,
      `tls-key-file ${await write('server.key', tls.key)}`,
    );
    lines.push(tls.ca ? `tls-ca-cert-file ${await write('clients.crt', tls.ca)}` : 'tls-auth-clients no');
  }
  lines.push(...Object.entries(config ?? {}).map(([name, value]) => `${name} ${value}`));
  return write('redis.conf', `${lines.join('\n')}\n`);
}

async function spawnRedis(configuration: string, folder: string): Promise<ServerProcess> {
  for (const command of programs) {
    try {
      return await startServerProcess({ command, args: [configuration], cwd: folder });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  throw new Error('redis-server is not installed; Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis');
}
