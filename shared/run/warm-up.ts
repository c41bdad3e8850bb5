/** Waits, once an instance, until a new network answers: behind Direct VPC egress the first connections may hang for a minute. */
import { createConnection } from 'node:net';
import { monotonic, pause } from '../clock';
import type { Endpoint } from '../probe';

const tryMs = 1000;
const betweenMs = 250;
/** So many targets are asked at most; one that answers is enough. */
const asked = 5;

/** An answer of any kind means that there is a way: a refusal as much as a connection. */
const answers = new Set(['ECONNREFUSED', 'ECONNRESET']);

function isAnswering(endpoint: Endpoint, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(endpoint);
    const timer = setTimeout(() => done(false), limitMs);
    const done = (is: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => done(true));
    socket.once('error', (error) => done('code' in error && answers.has(String(error.code))));
  });
}

/** Waits for a new instance's network. */
export interface WarmUp {
  /** Until Google's API accepts a connection. */
  api(): Promise<void>;
  /** Until one of the endpoints answers in any way; nothing to wait for where there are none. */
  network(endpoints: readonly Endpoint[]): Promise<void>;
}

/**
 * @param limitMs for both together, from the first wait on; afterwards, and once an answer came, nothing waits any more.
 * @param api where Google's APIs are reached.
 */
export function createWarmUp(limitMs: number, api: Endpoint): WarmUp {
  let endsAt: number | undefined;
  const warm = { api: false, network: false };
  const until = async (part: keyof typeof warm, endpoints: readonly Endpoint[]): Promise<void> => {
    endsAt ??= monotonic() + limitMs;
    while (!warm[part] && endpoints.length > 0 && monotonic() < endsAt) {
      const waitMs = Math.min(tryMs, endsAt - monotonic());
      const found = await Promise.all(endpoints.map((endpoint) => isAnswering(endpoint, waitMs)));
      warm[part] = found.includes(true);
      if (!warm[part]) await pause(Math.min(betweenMs, Math.max(0, endsAt - monotonic())));
    }
  };
  return {
    api: () => until('api', [api]),
    network: (endpoints) => until('network', endpoints.slice(0, asked)),
  };
}
