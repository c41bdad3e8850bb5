/** Probes servers that speak, or don't speak, PostgreSQL's protocol as a test says, and ends them. */
import { kind, probe } from '../../functions/postgres';
import type { Result } from '../../shared/result';
import { watchLeaks } from './leaks';
import { probeOne } from './probing';
import type { RawServer } from './raw-server';

/** The password of every such login. */
export const password = 'secret-password';

/** Probes the server without TLS unless the target says otherwise. */
export async function probeServer(start: () => Promise<RawServer>, more: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  const server = await start();
  try {
    const login = { host: server.host, port: server.port, user: 'app', database: 'app', password };
    return await probeOne({ kind, probe }, { ...login, tls: { mode: 'disable' }, timeout: '10s', ...more });
  } finally {
    await server.close();
  }
}

/** Probes the server, and looks whether anything stays open. */
export async function probeForLeaks(...from: Parameters<typeof probeServer>): Promise<Result> {
  const leaks = await watchLeaks();
  const result = await probeServer(...from);
  await leaks.assertNothingLeft();
  return result;
}
