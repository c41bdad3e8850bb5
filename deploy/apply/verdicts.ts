/** The first verdicts, as a table for people: a line a function, and one for each target that is not well. */
import { verdictOf } from '../../shared/result';
import { some } from '../plan/columns';
import type { JobPlan } from '../plan/plan';
import type { TargetState } from './heartbeats';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** @returns what is wrong with a target, for people. */
function complaint({ outcome, reason, owner }: TargetState): string {
  return [outcome.padEnd(8), reason, owner && `(${owner})`].filter(Boolean).join('  ');
}

/**
 * A target of which nothing was heard counts as one that could not be told; of a function without targets it is only known that it ran.
 * @param silent `kind shard` of the jobs that have not written their heartbeat.
 */
export function verdictLines(jobs: readonly JobPlan[], states: readonly TargetState[], silent: ReadonlySet<string>): readonly string[] {
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  const kindWidth = Math.max(0, ...kinds.map((kind) => kind.length));
  const nameWidth = Math.max(0, ...states.map(({ target }) => target.length));
  return kinds.flatMap((kind) => {
    const ofKind = jobs.filter((job) => job.kind === kind);
    const names = new Set(ofKind.flatMap(({ targets }) => targets));
    const seen = states.filter((state) => state.kind === kind && names.has(state.target));
    const bad = seen.filter(({ outcome }) => outcome !== 'success');
    const heard = new Set(seen.map(({ target }) => target));
    const missing = [...names].filter((name) => !heard.has(name));
    const mute = ofKind.filter(({ shard }) => silent.has(`${kind} ${shard}`));
    const untold = missing.map(() => ({ severity: 'critical', outcome: 'unknown' }) as const);
    const hasTargets = names.size > 0;
    const verdict = mute.length > 0 ? 'unknown' : hasTargets ? verdictOf([...seen, ...untold]) : 'has run';
    const parts = [
      ...(hasTargets ? [counted(names.size, 'target')] : []),
      ...(bad.length > 0 ? [`${bad.length} not well`] : []),
      ...(mute.length === 0 && missing.length > 0 ? [`nothing heard of ${some(missing, 3)}`] : []),
      ...(mute.length > 0 ? [`no heartbeat of ${counted(mute.length, 'job')}`] : []),
    ];
    return [
      `  ${kind.padEnd(kindWidth)}  ${verdict.toUpperCase().padEnd(9)}  ${parts.join(', ')}`.trimEnd(),
      ...bad.map((state) => `  ${''.padEnd(kindWidth)}  ${''.padEnd(9)}  ${state.target.padEnd(nameWidth)}  ${complaint(state)}`),
    ];
  });
}
