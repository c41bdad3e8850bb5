/** The row of the resolver in the fault matrix: every variant of every kind, by the command line, with a resolver of its own. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Result, RunReport } from '../../shared/result';
import { ownFolder } from '../config/written';
import { refusingPort } from '../support/raw-server';
import { faultNames, limits, type NetworkKind, type Row } from './cells';
import { rows } from './matrix';
import { hostFor } from './resolver';
import { expectCell, isExpected } from './trial';

const run = promisify(execFile);
const folder = ownFolder();
const root = resolve(__dirname, '../../..');

const dnsRows = rows.filter(({ phase }) => phase === 'dns');
const tried = dnsRows.flatMap((row, number) =>
  faultNames.flatMap((fault, column) => {
    const cell = row.cells[fault];
    return isExpected(cell) ? [{ row, fault, cell, number, name: `dns-${number}-${column}` }] : [];
  }),
);

/** @returns a target that leads to the host. */
function targetOf({ kind, variant }: Row, host: string, port: number): object {
  const isSecure = / with | over /.test(variant);
  const letter = isSecure ? 's' : '';
  const at = `${host}:${port}`;
  const http = { url: `http${letter}://${at}/` };
  const bare = { host, port, ...(isSecure && { tls: {} }) };
  const targets: Readonly<Record<NetworkKind, object>> = {
    http: { ...http, ...(variant.startsWith('http/2') && { version: 2 }) },
    websocket: { url: `ws${letter}://${at}/` },
    journey: {
      steps: [
        { name: 'login', http },
        { name: 'chat', websocket: { url: `ws${letter}://${at}/` } },
      ],
    },
    postgres: { password: 'x', tls: { mode: 'disable' }, ...bare },
    redis: bare,
    tcp: bare,
  };
  return targets[kind];
}

/** The system's resolver is what /etc/resolv.conf names: a file of our own, in namespaces of our own (unshare(1)). */
const inside = `
ip link set lo up && ip addr add 10.255.0.1/32 dev lo &&
mount --bind "$1/resolv.conf" /etc/resolv.conf &&
{ [ ! -e /etc/nsswitch.conf ] || mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf; } || exit 77
shift; exec "$@"`;
const cannot = 77;

async function runIn(config: string): Promise<readonly Result[]> {
  writeFileSync(join(folder.path, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(join(folder.path, 'nsswitch.conf'), 'hosts: files dns\n');
  const program = [process.execPath, join(root, 'cli', 'synthetics.js'), 'run', '--json', '--config', config];
  const resolver = [process.execPath, join(__dirname, 'resolver.js'), ...program];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '512' };
  const options = { env, maxBuffer: 16_777_216, timeout: 60_000, killSignal: 'SIGKILL' } as const;
  const attempt = async (command: string, args: readonly string[], more: object): Promise<{ code: number | string; stdout: string }> => {
    const ended = (await run(command, [...args], { ...options, ...more }).catch((error: unknown) => error)) as {
      code?: number | string;
      stdout?: string;
    };
    return { code: ended.code ?? 0, stdout: ended.stdout ?? '' };
  };
  let ended = await attempt('unshare', ['-Urmn', 'sh', '-c', inside, 'sh', folder.path, ...resolver], {});
  if (ended.code === cannot || !ended.stdout.startsWith('{')) {
    process.stdout.write(`no namespaces here (${ended.code}): the look-ups of this machine are stood in for\n`);
    const [command = '', ...args] = program;
    ended = await attempt(command, args, { env: { ...env, NODE_OPTIONS: `--require ${join(__dirname, 'stand-in-lookup.js')}` } });
  }
  return (JSON.parse(ended.stdout) as RunReport).results;
}

describe('a resolver', () => {
  jest.retryTimes(0);
  let results: readonly Result[] = [];
  beforeAll(async () => {
    const refusing = await refusingPort();
    const sections: Record<string, Record<string, object>> = {};
    for (const { row, fault, cell, number, name } of tried) {
      const target = targetOf(row, hostFor(fault, number), refusing.port);
      (sections[row.kind] ??= {})[name] = { ...target, timeout: `${limits[cell.limit].timeoutMs}ms`, confirm: { attempts: 1 } };
    }
    const config = join(folder.path, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({ environment: 'test', project: 'test-project', region: 'us-central1', concurrency: 200, ...sections }),
    );
    results = await runIn(config);
    await refusing.close();
  }, 120_000);

  test.each(tried.map((cell) => [`${cell.row.variant}: ${cell.fault}`, cell] as const))('%s', (_name, { name, cell }) => {
    expectCell(
      results.find(({ target }) => target === name),
      cell,
    );
  });
});
