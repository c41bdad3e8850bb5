/** Turns whatever was thrown inside a phase into a fault: the driver's codes first, then the system's, then the position. */
import { causesOf, describe, Fault, isFault } from '../fault';
import type { AnyProbe } from '../probe';
import type { Reason } from '../reasons';
import type { Phase } from '../result';
import { reasonOfCode } from '../system-errors';

type Explain = NonNullable<AnyProbe['explain']>;

/** @returns the first code in an error and its causes that the system's table knows. */
function systemReason(error: unknown): { reason: Reason; code: string } | undefined {
  for (const next of causesOf(error)) {
    const { code } = describe(next);
    const reason = code === undefined ? undefined : reasonOfCode(code);
    if (code !== undefined && reason) return { reason, code };
  }
  return undefined;
}

/** Applies what the driver's own codes say, also to a fault that came from the engine, whose hint it may better. */
function explained(error: unknown, explain: Explain | undefined): Fault | undefined {
  const known = explain?.(error);
  if (!known) return undefined;
  const { message, code } = describe(error);
  return new Fault(known.reason, known.message ?? message, { code: known.code ?? code, hint: known.hint, cause: error });
}

/**
 * @param lost the fault of a connection that was lost, if one was.
 * @returns the fault of an error thrown inside a phase, which is the target's unless a code says otherwise.
 */
export function classify(error: unknown, explain: Explain | undefined, lost: () => Fault | undefined): Fault {
  const byDriver = explained(error, explain);
  if (byDriver) return byDriver;
  if (isFault(error)) return error;
  const { message, code } = describe(error);
  const known = systemReason(error);
  if (known) return new Fault(known.reason, message, { code: known.code, cause: error });
  return lost() ?? new Fault('protocol_error', message, { code, cause: error });
}

/** What silence means; in any other phase a service that accepted the connection is too slow. */
const lateReasons: Partial<Record<Phase, Reason>> = { dns: 'dns_unavailable', connect: 'connect_timeout', api: 'api_unavailable' };

/** @returns the fault of an attempt whose time ran out in this phase. */
export function deadlineFault(phase: Phase, timeoutMs: number, blockedMs: number): Fault {
  return lateFault(`no answer within ${timeoutMs} ms (in phase ${phase})`, timeoutMs, blockedMs, lateReasons[phase]);
}

/** @returns the fault of something that took longer than its limit: ours, where our own event loop was blocked for much of it. */
export function lateFault(message: string, limitMs: number, blockedMs: number, reason: Reason = 'timeout'): Fault {
  return blockedMs > limitMs / 5
    ? new Fault('prober_exhausted', `${message}, but the monitor's own event loop was blocked for ${Math.round(blockedMs)} ms of it`)
    : new Fault(reason, message);
}
