/** Snoozes: silence for one target of one environment, for a while (google.monitoring.v3.Snooze). */
import type { Target } from '../../shared/config/config';
import { timestamp } from '../../shared/clock';

/** `projects.snoozes`, as it is created. */
export interface Snooze {
  readonly displayName: string;
  readonly criteria: { readonly policies: readonly string[]; readonly filter: string };
  readonly interval: { readonly startTime: string; readonly endTime: string };
}

/** What is to be silent. */
export interface Silence {
  readonly environment: string;
  readonly target: Pick<Target, 'kind' | 'name'>;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Why, for people. */
  readonly reason: string;
}

/** The longest display name, Unicode characters. */
const longestName = 512;

/**
 * A filter may stand beside exactly one policy ("Exactly 1 alert policy is required if filter is specified"), and knows resource
 * labels only: hence a snooze a policy, and series whose resource names the target.
 * @param policies full names.
 * @returns a snooze a policy.
 */
export function snoozesOf({ environment, target, from, until, reason }: Silence, policies: readonly string[]): readonly Snooze[] {
  const labels = { namespace: environment, job: target.kind, task_id: target.name };
  const filter = Object.entries(labels)
    .map(([key, value]) => `resource.labels.${key}="${value}"`)
    .join(' AND ');
  const displayName = Array.from(`${target.name} in ${environment}: ${reason}`).slice(0, longestName).join('');
  return policies.map((policy) => ({
    displayName,
    criteria: { policies: [policy], filter },
    interval: { startTime: timestamp(from), endTime: timestamp(until) },
  }));
}
