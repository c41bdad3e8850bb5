/** The postgres kind with what stands in secrets: URLs, certificates, and Cloud SQL's logins by IAM. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kind, probe } from '../../functions/postgres';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { createAuthority, type Authority } from '../../local/services/certificates';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import type { Result } from '../../shared/result';
import { authentication, failure, servePostgres, welcome } from '../support/postgres-server';
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

  test.each([
    ['is empty', ''],
    ['is no URL', 'not-a-url-at-all'],
    ['is of another scheme', 'mysql://app:secret-word@db.example.com/app'],
    ['names no host', 'postgresql://app:secret-word@/app'],
    ['prefers TLS only', 'postgresql://app:secret-word@db.example.com/app?sslmode=prefer'],
  ])('that %s is nothing that the target is to blame for', async (_what, url) => {
    const result = await probeUrl(url);
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
    expect(JSON.stringify(result)).not.toContain('secret-word');
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

describe('a login by IAM', () => {
  const token = 'ya29.an-access-token';
  let metadata: Server;
  let scopes: string[];
  beforeAll(async () => {
    scopes = [];
    metadata = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata');
      if (pathname.endsWith('/token')) scopes.push(searchParams.get('scopes') ?? '');
      response.setHeader('Metadata-Flavor', 'Google').setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }));
    });
    metadata.listen(0, '127.0.0.1');
    await once(metadata, 'listening');
    const { port } = metadata.address() as AddressInfo;
    Object.assign(process.env, { GCE_METADATA_HOST: `127.0.0.1:${port}`, METADATA_SERVER_DETECTION: 'assume-present' });
  });
  afterAll(async () => {
    for (const name of ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION']) Reflect.deleteProperty(process.env, name);
    metadata.closeAllConnections();
    metadata.close();
    await once(metadata, 'close');
  });

  test('sends an access token for Cloud SQL as the password, and never shows it', async () => {
    const authority = await createAuthority();
    const server = await servePostgres({
      ssl: 'S',
      certificate: await authority.issue(),
      startup: (socket) => void socket.write(authentication(3)),
      message: (type, body, socket) =>
        void socket.write(type === 'p' ? failure('28000', `login failed with ${body.toString('utf8', 0, body.length - 1)}`) : welcome),
    });
    const login = { host: server.host, port: server.port, user: 'probe@my-project.iam', database: 'app', password: { iam: true } };
    const result = await probeOne({ kind, probe }, { ...login, tls: { ca: authority.certificate } });
    await server.close();
    expect(server.received()).toContain(`p${token}\0`);
    expect(scopes).toEqual(['https://www.googleapis.com/auth/sqlservice.login']);
    expect(result).toMatchObject({ reason: 'credentials_rejected', phase: 'auth', message: 'login failed with [redacted]' });
  });
});
