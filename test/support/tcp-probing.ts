/** Probes servers on loopback with the tcp kind. */
import { kind, probe } from '../../functions/tcp';
import type { Result } from '../../shared/result';
import { watchLeaks } from './leaks';
import { probeOne, type ProbingOptions } from './probing';
import type { RawServer } from './raw-server';

/** The kind with its code. */
export const tcp = { kind, probe };

/** Probes a server that is ended afterwards, and looks whether anything stays open. */
export async function probedTcp(
  starting: Promise<RawServer>,
  target: Readonly<Record<string, unknown>> = {},
  options?: ProbingOptions,
): Promise<Result> {
  const server = await starting;
  const leaks = await watchLeaks();
  try {
    return await probeOne(tcp, { host: server.host, port: server.port, timeout: '2s', ...target }, options);
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}
