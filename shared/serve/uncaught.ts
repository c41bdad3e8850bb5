/** Keeps what nobody catches to the request that it belongs to, and requests out of Node's domains, which cost too much for that. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** As much of a domain as the framework uses. */
interface Domain {
  readonly on: () => Domain;
  readonly run: <T>(work: () => T) => T;
}

const none: Domain = { on: () => none, run: (work) => work() };

/**
 * The functions framework runs each request in a domain. The first one that is made switches on hooks that Node calls for every promise,
 * timer and socket from then on (nodejs.org/api/domain.html, async_hooks.html): more than a third of what a run of a thousand HTTP targets
 * costs.
 */
export function avoidDomains(): void {
  const domains = require('node:domain') as { create: () => Domain };
  domains.create = () => none;
}

type Fail = (error: unknown) => void;

/** Of the request in which something happens. */
const failing = new AsyncLocalStorage<Fail>();
const intercepted = new Set<string>();

/**
 * Whoever listened before is told of errors outside of requests alone: the framework would answer whatever request came last, and end the
 * process with all runs that are under way.
 */
function intercept(event: 'uncaughtException' | 'unhandledRejection'): void {
  if (intercepted.has(event)) return;
  intercepted.add(event);
  const others = process.listeners(event as 'uncaughtException');
  process.removeAllListeners(event);
  process.on(event, (error: unknown, origin: unknown) => {
    const fail = failing.getStore();
    if (fail) return fail(error);
    if (others.length === 0) throw error;
    for (const other of others) other.call(process, error as Error, origin as NodeJS.UncaughtExceptionOrigin);
  });
}

/**
 * Handles a request. Called first when the framework listens already, which it does before it listens to the network.
 * @param fail told of what is thrown in a timer or by an event of this request, and of its rejections that nobody handles.
 */
export function withinRequest<T>(fail: Fail, work: () => T): T {
  intercept('uncaughtException');
  intercept('unhandledRejection');
  return failing.run(fail, work);
}
