/** Keeps requests out of Node's domains, in which the functions framework runs each of them. */

/** As much of a domain as the framework uses. */
interface Domain {
  readonly on: () => Domain;
  readonly run: <T>(work: () => T) => T;
}

const none: Domain = { on: () => none, run: (work) => work() };

/**
 * The first domain that is made switches on hooks that Node calls for every promise, timer and socket from then on
 * (nodejs.org/api/domain.html, async_hooks.html): more than a third of what a run of a thousand HTTP targets costs. All that a domain is
 * for is to catch what nobody else catches; the framework's own handler of `uncaughtException` answers 500 then, and ends the instance.
 */
export function avoidDomains(): void {
  const domains = require('node:domain') as { create: () => Domain };
  domains.create = () => none;
}
