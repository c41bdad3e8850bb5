/** Decides what becomes of a resource: planned against found, with the fingerprint between them as the witness. */
import { canonicalJson } from '../../shared/config/canonical';
import { digest, type Fingerprint } from './fingerprint';
import type { Document } from './google';

/** What exists under a planned name. */
export interface Found {
  /** The fields that we manage, in the same spelling as the planned ones. */
  readonly fields: Document;
  readonly fingerprint?: Fingerprint;
}

/** A field that is not as planned. */
export interface Difference {
  /** E.g. `serviceConfig.timeout`. */
  readonly path: string;
  readonly planned: unknown;
  readonly found: unknown;
}

/**
 * - `keep`: as planned.
 * - `update`: the plan changed since, and nobody touched it.
 * - `changed`: somebody changed it by hand.
 */
export type Decision =
  | { readonly action: 'create' }
  | { readonly action: 'keep' }
  | { readonly action: 'update' | 'changed'; readonly differences: readonly Difference[] };

/** @returns what becomes of a resource. */
export function decide(planned: Document, found: Found | undefined): Decision {
  if (!found) return { action: 'create' };
  const now = { planned: digest(planned), stored: digest(found.fields) };
  const differences = differencesOf(planned, found.fields);
  const { fingerprint } = found;
  const isPlanNew = fingerprint?.planned !== now.planned;
  const isTouched = fingerprint?.stored !== now.stored;
  if (!isPlanNew && !isTouched) return { action: 'keep' };
  // The plan changed, or by hand somebody did just what the plan now wants: all that is left is to note it.
  if (!isTouched || now.planned === now.stored) return { action: 'update', differences };
  return { action: 'changed', differences };
}

/** @returns the fields of the first level that differ, for a title. */
export function areasOf(decision: Decision): readonly string[] {
  if (decision.action === 'create' || decision.action === 'keep') return [];
  return [...new Set(decision.differences.map(({ path }) => path.replace(/\..*$/, '')))];
}

/** @returns every field that differs, by its path; lists are compared item by item where they are as long as each other. */
export function differencesOf(planned: unknown, found: unknown, path = ''): readonly Difference[] {
  if (canonicalText(planned) === canonicalText(found)) return [];
  const children = childrenOf(planned, found);
  if (!children) return [{ path, planned, found }];
  return children.flatMap(([key, mine, theirs]) => differencesOf(mine, theirs, path === '' ? key : `${path}.${key}`));
}

function canonicalText(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function childrenOf(planned: unknown, found: unknown): readonly (readonly [string, unknown, unknown])[] | undefined {
  if (Array.isArray(planned) && Array.isArray(found) && planned.length === found.length) {
    return planned.map((item: unknown, index): [string, unknown, unknown] => [String(index), item, found[index]]);
  }
  if (!isObject(planned) || !isObject(found)) return undefined;
  const keys = [...new Set([...Object.keys(planned), ...Object.keys(found)])].toSorted();
  return keys.map((key): [string, unknown, unknown] => [key, planned[key], found[key]]);
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const longest = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text || '""';
}

/** @returns a line a difference, aligned, for somebody who has to decide. */
export function tell(differences: readonly Difference[]): readonly string[] {
  const width = Math.max(0, ...differences.map(({ path }) => path.length));
  return differences.map(({ path, planned, found }) => `${path.padEnd(width)}  planned ${shown(planned)}, found ${shown(found)}`);
}
