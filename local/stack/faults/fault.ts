/** What a fault of the embedded stack is, and which can't be on at the same time. */
import type { Target } from '../../../shared/config/config';
import type { Owner, Reason } from '../../../shared/reasons';
import type { Outcome } from '../../../shared/result';
import type { Services } from '../services';

/** What becomes of a target. */
export interface Symptom {
  readonly kind: string;
  readonly target: string;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly owner: Owner;
}

/** Makes it whole again; resolves when that is in effect. One that throws can be called again. */
export type Heal = () => Promise<void>;

/** One thing that can break. */
export interface Fault {
  readonly name: string;
  readonly title: string;
  /** What it breaks: a service, e.g. `redis`, or a part of one, e.g. `redis/maxmemory`. Faults of the same, or of a whole and its part, exclude each other. */
  readonly breaks: string;
  /** Everything that it turns from success. */
  readonly expects: readonly Symptom[] | ((targets: readonly Target[]) => readonly Symptom[]);
  /** Breaks it; resolves when that is in effect. */
  readonly strike: (services: Services) => Promise<Heal>;
}

/** @returns what a failure of this target looks like, by reason and owner. */
export function failing(kind: string, target: string): (reason: Reason, owner: Owner) => Symptom[] {
  return (reason, owner) => [{ kind, target, outcome: 'failure', reason, owner }];
}

/** @returns why a fault can't be on beside those that are, and the way out; `undefined` where it can. */
export function conflict(fault: Fault, on: Iterable<Fault>): string | undefined {
  for (const other of on) {
    if (other === fault) continue;
    const [whole, part] = [fault.breaks, other.breaks].toSorted((a, b) => a.length - b.length);
    if (whole !== part && !part?.startsWith(`${whole}/`)) continue;
    return `${fault.name} can't be on together with ${other.name}: both break ${whole}; switch ${other.name} off first`;
  }
  return undefined;
}
