/** Commands of the runbooks do what their sentences promise, on real servers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commands } from '../../deploy/runbooks/runbook';
import { runbooks } from '../../deploy/runbooks/runbooks';
import { createAuthority, type CertificatePair } from '../../local/services/certificates';
import { servePostgres } from '../support/postgres-server';
import { serveSmtp } from '../support/smtp-server';

const run = promisify(execFile);
const all = Object.values(runbooks).flatMap(({ looks }) => looks.map(({ command }) => command));

async function inShell(command: string, names: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run('bash', ['-euc', command], { env: { PATH: process.env['PATH'], ...names }, timeout: 30_000 });
  return stdout;
}

describe('the certificate is shown', () => {
  let pair: CertificatePair;
  beforeAll(async () => {
    pair = await (await createAuthority()).issue({ dns: ['db.internal', 'localhost'] });
  });

  const servers: readonly [string, string, () => Promise<{ readonly port: number; close(): Promise<void> }>][] = [
    ['PostgreSQL', 'postgres', async () => servePostgres({ ssl: 'S', certificate: pair })],
    ['SMTP', 'smtp', async () => serveSmtp({ pair })],
  ];
  test.each(servers)('of %s, where TLS begins midway', async (_name, STARTTLS, serve) => {
    const server = await serve();
    try {
      const names = { HOST: 'localhost', PORT: String(server.port), STARTTLS };
      expect(await inShell(commands.names, names)).toContain('DNS:db.internal');
      expect(await inShell(commands.dates, names)).toMatch(/notAfter=/);
      expect(await inShell(commands.handshake, names)).toContain('BEGIN CERTIFICATE');
    } finally {
      await server.close();
    }
  });
});

test('psql asks the port that the target has', () => {
  const asking = all.filter((command) => command.includes('psql '));
  expect(asking.length).toBeGreaterThan(0);
  for (const command of asking) expect(command).toContain('psql "host=$HOST port=$PORT dbname=$DATABASE"');
});

test('what broke a secret is looked for over longer than the hour between two looks', () => {
  expect(commands.secretAudit).toContain('--freshness=1d');
  expect(commands.proberLog).toContain('--freshness=3h');
});
