/** The one spelling of a JSON value: keys in order, so that the order in a file does not matter. */
import { createHash } from 'node:crypto';

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

/** @returns the hash of a configuration, of its canonical JSON: SHA-256, the first 16 hexadecimal digits. */
export function hashOf(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
