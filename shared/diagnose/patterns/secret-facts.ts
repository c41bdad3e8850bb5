/** What is known of the versions of the secrets: their numbers, and when the newest were made. */
import type { FactValue } from '../../result';
import { secretName } from '../leads';
import type { Scene, Seen } from '../scene';

const dayMs = 86_400_000;

/** A version as a check of secrets saw it. */
export interface Checked {
  readonly version?: string;
  readonly ageDays: number;
  /** Milliseconds since 1970; absent where nobody knows when the check was. */
  readonly checkedAt?: number;
  readonly madeAt?: number;
}

export interface SecretFacts {
  /** The newest number that anybody used. */
  readonly newest: (secret: string) => string | undefined;
  /** The youngest version that a check saw. */
  readonly checked: (secret: string) => Checked | undefined;
}

/** Versions are numbers that count up (Secret Manager, "Versions"). */
export function isNewer(version: string, than: string | undefined): boolean {
  return than === undefined || Number(version) > Number(than);
}

function entriesOf(fact: FactValue | undefined): readonly (readonly [string, string | number])[] {
  return typeof fact === 'object' && fact !== null ? Object.entries(fact) : [];
}

/** @returns the number of the version of a secret in a fact such as `secret.versions`. */
export function versionIn(fact: FactValue | undefined, secret: string, project: string): string | undefined {
  const found = entriesOf(fact).find(([spelled]) => secretName(spelled, project) === secret);
  return found === undefined ? undefined : String(found[1]);
}

/** @returns milliseconds since 1970 at which a target was looked at; without a time of its own, that of all observations. */
export function seenAt({ observation }: Seen, { at }: Scene): number | undefined {
  const own = observation.startedAt === undefined ? NaN : Date.parse(observation.startedAt);
  return Number.isFinite(own) ? own : at;
}

/** Gathers what all observations say of the secrets. */
export function factsOf(scene: Scene): SecretFacts {
  const { project } = scene.graph;
  const newest = new Map<string, string>();
  const checked = new Map<string, Checked>();
  for (const seen of scene.seen.values()) {
    const { 'secret.versions': versions, 'secret.ageDays': ages } = seen.observation.observed ?? {};
    const numbers = new Map(entriesOf(versions).map(([spelled, version]) => [secretName(spelled, project), String(version)]));
    for (const [name, version] of numbers) if (isNewer(version, newest.get(name))) newest.set(name, version);
    for (const [spelled, ageDays] of entriesOf(ages)) {
      const name = secretName(spelled, project);
      if (typeof ageDays !== 'number' || ageDays >= (checked.get(name)?.ageDays ?? Infinity)) continue;
      const checkedAt = seenAt(seen, scene);
      const version = numbers.get(name);
      checked.set(name, {
        ageDays,
        ...(version === undefined ? {} : { version }),
        ...(checkedAt === undefined ? {} : { checkedAt, madeAt: checkedAt - ageDays * dayMs }),
      });
    }
  }
  return { newest: (secret) => newest.get(secret), checked: (secret) => checked.get(secret) };
}
