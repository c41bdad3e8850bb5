/** Whom an alert goes to, by the routes of the configuration. */
import type { Owner } from '../reasons';
import type { Severity } from '../result';
import type { Route } from './config';

/** @returns the channels of the first route whose severity and owner, where it has them, are the alert's; none without such a route. */
export function channelsOf(routes: readonly Route[], severity: Severity, owner?: Owner): readonly string[] {
  const fits = (route: Route): boolean =>
    (route.severity === undefined || route.severity === severity) && (route.owner === undefined || route.owner === owner);
  return routes.find(fits)?.channels ?? [];
}
