/** The postgres kind with what stands in secrets: URLs, certificates, and Cloud SQL's logins by IAM. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { kind, probe } from '../../functions/postgres';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { createAuthority, type Authority } from '../../local/services/certificates';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import type { Result } from '../../shared/result';
import { authentication, failure, servePostgres } from '../support/postgres-server';
import { probeOne } from '../support/probing';

const password = 'p${w}-%/word';

jest.setTimeout(60_000);

describe('a URL in a secret', () => {
  let authority: Authority;
  let server: PostgresServer;
  let secrets: SecretManagerEmulator;
  beforeAll(async () => {
    authority = await createAuthority();
    server = await startPostgres({ password, tls: await authority.issue() });
    secrets = await startSecretManagerEmulator();
    secrets.put('db-ca', { versions: [{ value: authority.certificate }] });
    secrets.put('db-password', { versions: [{ value: password }] });
  });
  afterAll(async () => {
    await server.stop();
    await secrets.close();
  });

  const probeUrl = (url: string, more: Record<string, unknown> = {}, config: Record<string, unknown> = {}): Promise<Result> => {
    secrets.put('db-url', { versions: [{ value: url }] });
    return probeOne({ kind, probe }, { url: { secret: 'db-url' }, ...more }, { secretManager: secrets.address, config });
  };
  const at = (rest = ''): string => `${server.host}:${server.port}/app${rest}`;
  const encoded = encodeURIComponent(password);

  test('leads to the server, as it stands', async () => {
    const tls = { ca: { secret: 'db-ca' } };
    const result = await probeUrl(`postgresql+asyncpg://app:${encoded}@${at('?sslmode=disable')}`, { tls });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'secret.versions': { 'db-url': '1', 'db-ca': '1' } } });
    expect(result.phases.tls).toBeGreaterThan(0);
    expect(await probeUrl(`postgres://app:${encoded}@${at('?sslmode=require')}`)).toMatchObject({ outcome: 'success' });
    // Typed by hand, and not quite as a URL has to be.
    expect(await probeUrl(`postgres://app:p\${w}-%%2Fword@${at('?sslmode=require')}`)).toMatchObject({ outcome: 'success' });
    const template = { url: `postgres://app:\${secret:db-password}@${at('?sslmode=require')}` };
    expect(await probeUrl('', template)).toMatchObject({ outcome: 'success' });
  });

  const several = 'the URL names several hosts; allowed: one host';
  test.each([
    ['is empty', '', "none of PostgreSQL's"],
    ['is no URL', 'not-a-url-at-all', "none of PostgreSQL's"],
    ['is of another scheme', 'mysql://app:secret-word@db.example.com/app', "none of PostgreSQL's"],
    ['names no host', 'postgresql://app:secret-word@/app', 'no host'],
    ['prefers TLS only', 'postgresql://app:secret-word@db.example.com/app?sslmode=prefer', 'sslmode=prefer'],
    ['names several hosts', 'postgresql://app:secret-word@h1.example.com,h2.example.com/app', several],
    ['names several hosts and ports', 'postgresql://app:secret-word@h1.example.com:5432,h2.example.com:5433/app', several],
    [
      'names several hosts as a parameter',
      'postgresql://app:secret-word@/app?host=h1.example.com,h2.example.com',
      'several hosts are named; allowed: one host',
    ],
  ])('that %s is nothing that the target is to blame for', async (_what, url, message) => {
    const result = await probeUrl(url);
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor', phase: null });
    expect(result.message).toContain(message);
    expect(JSON.stringify(result)).not.toContain('secret-word');
  });

  test('leads to a host that stands in a secret, too, and to one alone', async () => {
    secrets.put('db-host', { versions: [{ value: 'h1.example.com,h2.example.com' }] });
    const result = await probeOne({ kind, probe }, { host: { secret: 'db-host' } }, { secretManager: secrets.address });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', message: 'several hosts are named; allowed: one host' });
  });

  test('does not show its password in what the server says', async () => {
    const talker = await servePostgres({
      startup: (socket) => void socket.write(authentication(3)),
      message: (_type, body, socket) => void socket.end(failure('28P01', `wrong password ${body.toString('utf8', 0, body.length - 1)}`)),
    });
    const result = await probeUrl(`postgresql://app:${encoded}@${talker.host}:${talker.port}/app?sslmode=disable`);
    await talker.close();
    expect(result).toMatchObject({ reason: 'credentials_rejected', message: 'wrong password [redacted]' });
    expect(JSON.stringify(result)).not.toContain(password);
  });
});

/** Runs the one target by the command line, in a process whose metadata server is ours: Google's library fetches tokens in no sandbox. */
async function runByCommand(target: Record<string, unknown>, metadata: string): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-test-'));
  try {
    const path = join(folder, 'config.json');
    const defaults = { confirm: { attempts: 1 } };
    const project = { environment: 'test', project: 'test-project', region: 'us-central1' };
    writeFileSync(path, JSON.stringify({ ...project, defaults, postgres: { target } }));
    const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
    const env = { ...process.env, GCE_METADATA_HOST: metadata, METADATA_SERVER_DETECTION: 'assume-present' };
    const child = spawn(process.execPath, [program, 'run', '--json', '--config', path], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    const { results } = JSON.parse(output) as { results: readonly [Result] };
    return results[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a login by IAM', () => {
  test('sends an access token for Cloud SQL as the password, and never shows it', async () => {
    const token = 'ya29.an-access-token';
    const scopes: (string | null)[] = [];
    const metadata = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata');
      if (pathname.endsWith('/token')) scopes.push(searchParams.get('scopes'));
      response.setHeader('Metadata-Flavor', 'Google').setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }));
    });
    metadata.listen(0, '127.0.0.1');
    await once(metadata, 'listening');
    const authority = await createAuthority();
    const server = await servePostgres({
      ssl: 'S',
      certificate: await authority.issue(),
      startup: (socket) => void socket.write(authentication(3)),
      message: (_type, body, socket) => void socket.end(failure('28000', `login failed with ${body.toString('utf8', 0, body.length - 1)}`)),
    });
    const login = { host: server.host, port: server.port, user: 'probe@my-project.iam', database: 'app', password: { iam: true } };
    const { port } = metadata.address() as AddressInfo;
    let result: Result;
    try {
      result = await runByCommand({ ...login, tls: { ca: authority.certificate } }, `127.0.0.1:${port}`);
    } finally {
      metadata.closeAllConnections();
      metadata.close();
      await server.close();
    }
    expect(server.received()).toContain(`p${token}\0`);
    expect(scopes).toEqual(['https://www.googleapis.com/auth/sqlservice.login']);
    expect(result).toMatchObject({ reason: 'credentials_rejected', phase: 'auth', message: 'login failed with [redacted]' });
  });
});
