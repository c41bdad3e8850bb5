/** Templates whose secrets are in place and whose variables are filled in when they are known: printing one shows neither. */
import { inspect } from 'node:util';

/** Values by the names of variables. */
export type Variables = Readonly<Record<string, string>>;

/** A text that is no template although it holds `${`. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A text whose secrets are bound and whose variables are not yet known. Printing it shows neither. */
export class Template {
  readonly #render: (variables: Variables) => string;

  /** @param names the variables that it needs */
  constructor(
    fill: (variables: Variables) => string,
    readonly names: readonly string[],
  ) {
    this.#render = fill;
  }

  /** Fills in the variables; throws where one is unknown. What is filled in is never expanded again. */
  render(variables: Variables): string {
    return this.#render(variables);
  }

  toString(): string {
    return '[template]';
  }

  toJSON(): string {
    return '[template]';
  }

  [inspect.custom](): string {
    return '[template]';
  }
}

/** @returns the variables that the templates inside a resolved value need. */
export function namesIn(value: unknown): readonly string[] {
  if (value instanceof Template) return value.names;
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** Replaces every Template inside a resolved value; everything else stays as it is. @throws TemplateError where a variable is unknown */
export function render<T>(value: T, variables: Variables): T {
  return renderDeep(value, variables) as T;
}

function renderDeep(value: unknown, variables: Variables): unknown {
  if (value instanceof Template) return value.render(variables);
  if (Array.isArray(value)) return value.map((item: unknown) => renderDeep(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderDeep(item, variables)]));
}
