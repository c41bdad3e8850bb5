/** Fetches the secrets of a run before its clock starts; they are dropped with the run. */
import { setMaxListeners } from 'node:events';
import { groupBy } from '../group';
import type { SecretManager } from '../cloud/cloud';
import { describe, Fault } from '../fault';
import type { SecretReference } from '../probe';
import type { Target } from '../config/config';
import type { Redactor } from './redactor';
import { resolveValue } from './template';

/** What fetching one secret gave: its value and the number of its version, or why not. */
export type Fetched = { readonly value: string; readonly version: string } | Fault;

/** The secrets of a run by reference. */
export type Vault = ReadonlyMap<string, Fetched>;

/** Secret Manager answers in well under a second; past this the targets that need the secret are unknown. */
const longestMs = 8000;
const atOnce = 20;

/** @returns the key of a reference in a vault. */
export function keyOf({ secret, version }: SecretReference): string {
  return `${secret}@${version}`;
}

async function fetchOne(reference: SecretReference, manager: SecretManager, signal: AbortSignal): Promise<Fetched> {
  try {
    const { data, version, intact } = await manager.access(reference.secret, reference.version, signal);
    if (!intact) return new Fault('secret_unavailable', `the value of secret ${reference.secret} does not match its checksum`);
    return { value: Buffer.from(data).toString('utf8'), version };
  } catch (error) {
    const { message } = describe(error);
    const isApi = error instanceof Fault && (error.reason === 'api_denied' || error.reason === 'api_unavailable');
    return new Fault(isApi ? error.reason : 'secret_unavailable', `secret ${reference.secret} could not be read: ${message}`, {
      cause: error,
    });
  }
}

/**
 * Fetches each distinct secret once, however it is named, some at a time.
 * @param limitMs after so many milliseconds, or after 8 s, what could not be fetched is a Fault `api_unavailable` in its place.
 */
export async function fetchSecrets(
  references: readonly SecretReference[],
  manager: () => SecretManager,
  redactor: Redactor,
  limitMs = longestMs,
): Promise<Vault> {
  const vault = new Map<string, Fetched>();
  if (references.length === 0) return vault;
  const api = manager();
  const same = groupBy(references, ({ secret, version }) => keyOf({ secret: api.resourceOf(secret), version }));
  const waiting = same.values();
  const signal = AbortSignal.timeout(Math.ceil(Math.min(limitMs, longestMs)));
  // As many listen as are fetched at once: Node would warn from the eleventh on.
  setMaxListeners(0, signal);
  const work = async (): Promise<void> => {
    for (const [first, ...others] of waiting) {
      if (!first) continue;
      const fetched = await fetchOne(first, api, signal);
      if (!(fetched instanceof Fault)) redactor.learn(fetched.value);
      for (const reference of [first, ...others]) vault.set(keyOf(reference), fetched);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, same.size) }, work));
  return vault;
}

/** What a target's configuration says once every secret is in its place. */
export interface Prepared {
  readonly spec: unknown;
  readonly expect: Target['expect'];
  readonly warn: Target['warn'];
  readonly referenced?: Target['referenced'];
}

/** @returns the target's fields with every secret in its place, or the fault of the first secret that could not be fetched. */
export function prepare(target: Target, vault: Vault): Prepared | Fault {
  for (const reference of target.secrets) {
    const fetched = vault.get(keyOf(reference));
    if (fetched === undefined) return new Fault('secret_unavailable', `secret ${reference.secret} was not fetched`);
    if (fetched instanceof Fault) return fetched;
  }
  const lookup = (reference: SecretReference): string => {
    const fetched = vault.get(keyOf(reference));
    return fetched === undefined || fetched instanceof Fault ? '' : fetched.value;
  };
  const { spec, expect, warn, referenced = {} } = target;
  return {
    spec: resolveValue(spec, lookup),
    expect: resolveValue(expect, lookup),
    warn: resolveValue(warn, lookup),
    referenced: resolveValue(referenced, lookup),
  };
}
