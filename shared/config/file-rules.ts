/** The rules between the parts of a file: unique names, references that lead somewhere, networks of one sort. */
import { nearest } from './nearest';
import type { Mistake } from './problems';
import { parsePartly, type Draft } from './draft';
import { general, type General } from './schema';

type Path = readonly (string | number)[];

function unknownName(name: string, path: Path, known: readonly string[], what: string, at?: 'key'): readonly Mistake[] {
  if (known.includes(name)) return [];
  const guess = nearest(name, known);
  const hint = guess === undefined ? '' : `, perhaps ${guess} is meant`;
  return [
    { path, at, message: `${JSON.stringify(name)} is not ${what}${hint}; allowed: ${known.join(', ') || 'none, there is no target'}` },
  ];
}

function uniqueNames(drafts: readonly Draft[]): readonly Mistake[] {
  const first = new Map<string, Draft>();
  return drafts.flatMap((draft): Mistake[] => {
    const other = first.get(draft.name);
    first.set(draft.name, other ?? draft);
    const message = `${JSON.stringify(draft.name)} is the name of ${other?.kind.name}.${draft.name}, too; allowed: each name once in the file`;
    return other ? [{ path: [draft.kind.name, draft.name], at: 'key', message }] : [];
  });
}

/** @returns a way from the name back to itself. */
function circleFrom(start: string, needs: Readonly<Record<string, readonly string[]>>): readonly string[] | undefined {
  const seen = new Set<string>();
  const search = (name: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of Object.hasOwn(needs, name) ? (needs[name] ?? []) : []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...way, next]);
      if (found) return found;
    }
    return undefined;
  };
  return search(start, [start]);
}

function dependencies(needs: Readonly<Record<string, readonly string[]>>, known: readonly string[]): readonly Mistake[] {
  const told = new Set<string>();
  return Object.entries(needs).flatMap(([name, others]): readonly Mistake[] => {
    const unknown = [
      ...unknownName(name, ['dependencies', name], known, 'a target', 'key'),
      ...others.flatMap((other, index) => unknownName(other, ['dependencies', name, index], known, 'a target')),
    ];
    const circle = told.has(name) ? undefined : circleFrom(name, needs);
    for (const member of circle ?? []) told.add(member);
    if (!circle) return unknown;
    return [
      ...unknown,
      { path: ['dependencies', name], at: 'key', message: `depends on itself, ${circle.join(' -> ')}; allowed: no circle` },
    ];
  });
}

function network(settings: Partial<NonNullable<General['network']>>): readonly Mistake[] {
  const found: Mistake[] = [];
  const direct = settings.network !== undefined || settings.subnet !== undefined;
  const tell = (key: string, message: string): number => found.push({ path: ['network', key], message });
  if (settings.connector !== undefined && direct)
    tell('connector', 'stands together with network or subnet; allowed: connector, or network and subnet');
  else if (direct && settings.subnet === undefined) tell('network', 'has no subnet beside it; allowed: network and subnet together');
  else if (direct && settings.network === undefined) tell('subnet', 'has no network beside it; allowed: network and subnet together');
  if (settings.warmUp !== undefined && !direct) tell('warmUp', 'stands without Direct VPC egress; allowed: with network and subnet');
  return found;
}

/** What a target names has to be a target of the kind that it means. */
function references(drafts: readonly Draft[]): readonly Mistake[] {
  return drafts.flatMap(({ kind, name, spec }) =>
    (spec === undefined ? [] : (kind.references?.(spec) ?? [])).flatMap((reference) => {
      const known = drafts.filter((other) => other.kind.name === reference.kind).map((other) => other.name);
      return unknownName(reference.name, [kind.name, name, ...reference.path], known, `a target of ${reference.kind}`);
    }),
  );
}

/** What of a section is good, so that one mistake in it does not hide another. */
function goodPart<Key extends 'network' | 'verify'>(raw: Readonly<Record<string, unknown>>, key: Key): Partial<NonNullable<General[Key]>> {
  return parsePartly(general[key].unwrap(), raw[key]).data as Partial<NonNullable<General[Key]>>;
}

/**
 * @param raw the file as it is
 * @param parts what of its first level is good
 * @param drafts all targets, also those that are wrong themselves
 * @returns what is wrong between the parts of a file
 */
export function fileMistakes(
  raw: Readonly<Record<string, unknown>>,
  parts: Partial<General>,
  drafts: readonly Draft[],
  kinds: readonly string[],
): readonly Mistake[] {
  const names = [...new Set(drafts.map((draft) => draft.name))];
  return [
    ...uniqueNames(drafts),
    ...network(goodPart(raw, 'network')),
    ...dependencies(parts.dependencies ?? {}, names),
    ...references(drafts),
    ...Object.entries(goodPart(raw, 'verify').categories ?? {}).flatMap(([category, { targets }]) =>
      targets.flatMap((name, index) => unknownName(name, ['verify', 'categories', category, 'targets', index], names, 'a target')),
    ),
    ...(parts.syntheticMonitors ?? []).flatMap((name, index) => unknownName(name, ['syntheticMonitors', index], kinds, 'a kind')),
  ];
}
