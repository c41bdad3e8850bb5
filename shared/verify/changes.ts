/** What changed between an earlier verification and this one. */
import * as z from 'zod';
import { groupBy } from '../group';
import { excerptOf } from '../report/text';
import { outcomes, type Outcome } from '../result';
import { passed } from './tally';
import type { TargetTold, Verification } from './verification';

/** An earlier answer, as far as it is compared; what else it holds does not matter. */
export const baselineSchema = z.looseObject({
  verdict: z.string(),
  targets: z.array(
    z.looseObject({
      kind: z.string(),
      target: z.string(),
      outcomes: z.array(z.enum(outcomes)),
      latencyMs: z.looseObject({ min: z.number(), median: z.number(), max: z.number() }).nullish(),
      secretVersions: z.record(z.string(), z.string()).optional(),
      functionVersion: z.string().optional(),
    }),
  ),
  version: z.string(),
  configHash: z.string(),
  startedAt: z.string().optional(),
});
export type Baseline = z.output<typeof baselineSchema>;
type Before = Baseline['targets'][number];

/** A median counts as changed from this factor on, by this many milliseconds, and only if the spreads don't meet: less is noise. */
const factor = 2;
const leastMs = 50;

const told = (verdict: string): string => verdict.replaceAll('_', ' ');
/** Which outcomes there were, always in the same order: in which round each came says nothing. */
const toldOutcomes = (list: readonly Outcome[]): string => outcomes.filter((each) => list.includes(each)).join(', ') || 'not verified';
const keyOf = ({ kind, target }: Pick<Before, 'kind' | 'target'>): string => `${kind}/${target}`;
const namesOf = (targets: readonly { readonly target: string }[]): string => targets.map(({ target }) => excerptOf(target, 80)).join(', ');

/**
 * @param isPart true where only some of the targets were asked for: then none is called gone.
 * @returns sentences, the verdict first.
 */
export function changesSince(before: Baseline, now: Verification, isPart: boolean): readonly string[] {
  const earlier = new Map(before.targets.map((target) => [keyOf(target), target]));
  const later = new Set(now.targets.map(keyOf));
  const pairs = now.targets.flatMap((target) => {
    const other = earlier.get(keyOf(target));
    return other ? [[other, target] as const] : [];
  });
  const added = now.targets.filter((target) => !earlier.has(keyOf(target)));
  const gone = isPart ? [] : before.targets.filter((target) => !later.has(keyOf(target)));
  return [
    ...changed('verdict', told(excerptOf(before.verdict, 40)), told(now.verdict)),
    ...pairs.flatMap(([one, other]) => changed(excerptOf(other.target, 80), toldOutcomes(one.outcomes), toldOutcomes(other.outcomes))),
    ...pairs.flatMap(([one, other]) => latencyChange(one, other)),
    ...secretChanges(pairs),
    ...versionChanges(before, now, pairs),
    ...changed('configuration', excerptOf(before.configHash, 40), now.configHash),
    ...(added.length > 0 ? [`new: ${namesOf(added)}`] : []),
    ...(gone.length > 0 ? [`gone: ${namesOf(gone)}`] : []),
  ];
}

function changed(what: string, before: string, now: string): readonly string[] {
  return before === now ? [] : [`${what}: ${before} → ${now}`];
}

/** Of what passed both times: how long a failure takes is up to its deadline. */
function latencyChange(
  { latencyMs: before, outcomes: earlier }: Before,
  { target, latencyMs: now, outcomes: later }: TargetTold,
): readonly string[] {
  if (!before || !now || ![...earlier, ...later].every(passed)) return [];
  const [faster, slower] = before.median < now.median ? [before, now] : [now, before];
  const isClear = slower.median - faster.median >= leastMs && slower.median >= faster.median * factor && faster.max < slower.min;
  return isClear ? [`${excerptOf(target, 80)}: median ${Math.round(before.median)} ms → ${Math.round(now.median)} ms`] : [];
}

type Pair = readonly [Before, TargetTold];

/** One sentence a change, whoever uses the secret. */
function secretChanges(pairs: readonly Pair[]): readonly string[] {
  const found = pairs.flatMap(([{ secretVersions: before = {} }, { target, secretVersions: now = {} }]) =>
    Object.entries(now).flatMap(([secret, version]) =>
      Object.hasOwn(before, secret) && before[secret] !== version
        ? [{ target, text: `secret ${secret}: version ${excerptOf(before[secret] ?? '', 20)} → ${version}` }]
        : [],
    ),
  );
  return [...groupBy(found, ({ text }) => text)].map(([text, users]) => `${text} (${namesOf(users)})`);
}

/** Of each function the version that its targets tell; functions that changed alike in one sentence. */
function versionChanges(before: Baseline, now: Verification, pairs: readonly Pair[]): readonly string[] {
  const found = pairs.flatMap(([one, { kind, functionVersion = now.version }]) => {
    const earlier = excerptOf(one.functionVersion ?? before.version, 40);
    return earlier === functionVersion ? [] : [{ kind, text: `${earlier} → ${excerptOf(functionVersion, 40)}` }];
  });
  return [...groupBy(found, ({ text }) => text)].map(
    ([text, functions]) => `version of ${[...new Set(functions.map(({ kind }) => kind))].join(', ')}: ${text}`,
  );
}
