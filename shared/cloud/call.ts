/** Calls of Google's gRPC APIs: a limit of our own on each, quick retries of what is transient, faults instead of codes. */
import { monotonic, pause } from '../clock';
import { describe, Fault, isError } from '../fault';

/** gRPC status codes in use (google.rpc.Code). */
export const code = {
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const transient: ReadonlySet<number> = new Set([
  code.deadlineExceeded,
  code.resourceExhausted,
  code.aborted,
  code.internal,
  code.unavailable,
]);

/** @returns the gRPC status code of an error, or undefined. */
export function codeOf(error: unknown): number | undefined {
  return isError(error) && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** What one call may take. */
export interface CallLimits {
  /** Milliseconds for all tries together. */
  readonly totalMs: number;
  /** Milliseconds for one try. */
  readonly tryMs: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
  /** Whether an error may be tried again; default: every transient one. */
  readonly mayRetry?: (error: unknown) => boolean;
}

const timeOver = 'no answer before the time was over';

function late(message: string): Error {
  return Object.assign(new Error(message), { code: code.deadlineExceeded });
}

/** Rejects after the time, since a client that waits for credentials does not look at its own deadline. */
async function within<T>(ms: number, signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  let reject: ((error: Error) => void) | undefined;
  const limit = new Promise<never>((_, refuse) => (reject = refuse));
  const timer = setTimeout(() => reject?.(late(`no answer within ${Math.round(ms)} ms`)), ms);
  const give = (): void => reject?.(late(timeOver));
  signal?.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', give);
  }
}

/**
 * Calls until an answer comes, the error is not transient, or the time is over; waits 100 ms, doubled each time, with jitter.
 * @param attempt makes one call; its argument is the time for it in milliseconds.
 * @throws the last error.
 */
export async function call<T>(limits: CallLimits, attempt: (timeoutMs: number) => Promise<T>): Promise<T> {
  const endsAt = monotonic() + limits.totalMs;
  let last: unknown;
  for (let wait = 100; ; wait *= 2) {
    if (limits.signal?.aborted) throw last ?? late(timeOver);
    const left = endsAt - monotonic();
    // Whole, since some timers take nothing else.
    const timeoutMs = Math.max(1, Math.ceil(Math.min(limits.tryMs, left)));
    try {
      return await within(timeoutMs, limits.signal, attempt(timeoutMs));
    } catch (error) {
      last = error;
      const again = transient.has(codeOf(error) ?? -1) && (limits.mayRetry?.(error) ?? true);
      const jittered = wait * (0.5 + Math.random());
      if (!again || limits.signal?.aborted || monotonic() + jittered >= endsAt) throw error;
      await pause(jittered, limits.signal);
    }
  }
}

/** How long a client may take to find its credentials before the run begins all the same. */
const readyMs = 3000;

/** Waits until a client is initialised; one that can't be is told by its calls. */
export async function initialized(client: { initialize(): Promise<unknown> }): Promise<void> {
  await within(readyMs, undefined, client.initialize()).catch(() => {});
}

/** @returns the fault of an error that says nothing of the resource: refused to us, or no answer. */
export function apiFault(error: unknown, api: string): Fault {
  if (error instanceof Fault) return error;
  const grpc = codeOf(error);
  const { message } = describe(error);
  const denied = grpc === code.permissionDenied || grpc === code.unauthenticated || /could not load the default credentials/i.test(message);
  return new Fault(denied ? 'api_denied' : 'api_unavailable', `${api}: ${message}`, {
    code: grpc === undefined ? undefined : String(grpc),
    cause: error,
  });
}

/** Client options for a plaintext emulator at `host:port`, without credentials. */
export function emulatorAddress(hostAndPort: string) {
  const colon = hostAndPort.lastIndexOf(':');
  return {
    apiEndpoint: hostAndPort.slice(0, colon),
    port: Number(hostAndPort.slice(colon + 1)),
    // Without a universe the client would look for the metadata server.
    universeDomain: 'googleapis.com',
    // Nobody's proxy leads to this machine (grpc-js takes https_proxy and its like for plaintext, too).
    'grpc.enable_http_proxy': 0,
  } as const;
}
