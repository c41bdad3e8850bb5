/** The one spelling of a JSON value: keys in order, so that the order in a file does not matter. */

/** @returns the value with the keys of every object in ascending order. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

/** @returns the canonical JSON of a value, without blanks. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}
