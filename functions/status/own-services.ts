/** The functions that were deployed along with this one, by the names of their services in Cloud Run. */
import type { Config } from '../../shared/config/config';
import { functionName } from '../../shared/config/own-labels';
import type { Kind } from '../../shared/probe';
import { serviceNames } from '../../shared/serve/service';
import { namesBeside } from '../../shared/verify/callers';

/** Functions and their services. */
export interface OwnServices {
  /** The names of all functions that there may be: those of the kinds, and those that serve people. */
  readonly functions: readonly string[];
  readonly serviceOf: (name: string) => string;
  /** @returns the function of a service; undefined where it is none of ours. */
  readonly functionOf: (service: string | undefined) => string | undefined;
}

const self = 'status';

/** @param service the name of our own service (`K_SERVICE`); where it says nothing, the names are those that a deployment gives. */
export function ownServices(
  service: string | undefined,
  { environment }: Pick<Config, 'environment'>,
  kinds: readonly Kind[],
): OwnServices {
  const functions = [...kinds.map(({ name }) => name), ...serviceNames];
  const isTold = service?.endsWith(self) === true;
  const serviceOf = isTold ? namesBeside(service, self) : (name: string): string => functionName(environment, name);
  const byService = new Map(functions.map((name) => [serviceOf(name), name]));
  return { functions, serviceOf, functionOf: (name) => (name === undefined ? undefined : byService.get(name)) };
}
