/** Resource names of Secret Manager: global and regional secrets, their versions, and the project number that answers carry. */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';

/** A secret's or version's name, taken apart. */
export interface ParsedName {
  /** The secret with the project's number: `projects/N/secrets/S` or `projects/N/locations/L/secrets/S`. */
  readonly secret: string;
  readonly id: string;
  /** A number, an alias or `latest`; absent in the name of a secret. */
  readonly version?: string;
}

/** Reads and writes names; projects are numbered as they turn up. */
export interface Names {
  /** Takes `projects/P[/locations/L]/secrets/S[/versions/V]` apart; other names are INVALID_ARGUMENT. */
  readonly parse: (name: string) => ParsedName;
  /** `projects/N[/locations/L]` of a parent; others are INVALID_ARGUMENT. */
  readonly parent: (name: string) => string;
}

const firstNumber = 123_456_789_012;

/** Makes a reader that knows the numbers of some projects. */
export function createNames(known: Readonly<Record<string, string>>): Names {
  const numbers = new Map(Object.entries(known));
  const numberOf = (project: string): string => {
    if (/^[0-9]+$/.test(project)) return project;
    const number = numbers.get(project) ?? String(firstNumber + numbers.size);
    numbers.set(project, number);
    return number;
  };

  const parent = (name: string): string => {
    const [, project, location = ''] = /^projects\/([^/]+)(\/locations\/[^/]+)?$/.exec(name) ?? [];
    if (project === undefined) throw invalidName(name);
    return `projects/${numberOf(project)}${location}`;
  };

  return {
    parent,
    parse(name) {
      const [, above, id, version] =
        /^(projects\/[^/]+(?:\/locations\/[^/]+)?)\/secrets\/([A-Za-z0-9_-]{1,255})(?:\/versions\/([^/]+))?$/.exec(name) ?? [];
      if (above === undefined || id === undefined) throw invalidName(name);
      return { secret: `${parent(above)}/secrets/${id}`, id, version };
    },
  };
}

function invalidName(name: string): StatusError {
  return new StatusError(
    status.INVALID_ARGUMENT,
    `The provided Secret Manager resource name [${name}] does not match the expected format.`,
  );
}
