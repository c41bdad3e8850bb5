/** The rules between the parts of a file: unique names, references that lead somewhere, networks of one sort. */
import { nearest } from './nearest';
import type { Mistake } from './problems';
import type { Draft, FileParts } from './draft';
import { tell } from './partly';
import type { General } from './schema';

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
  const good = Object.fromEntries(Object.keys(needs).map((name) => [name, tell(() => (needs[name] ?? []).filter(() => true))]));
  return Object.keys(needs).flatMap((name): readonly Mistake[] => {
    const unknown = [
      ...unknownName(name, ['dependencies', name], known, 'a target', 'key'),
      ...tell(() => (needs[name] ?? []).flatMap((other, index) => unknownName(other, ['dependencies', name, index], known, 'a target'))),
    ];
    const circle = told.has(name) ? undefined : circleFrom(name, good);
    for (const member of circle ?? []) told.add(member);
    if (!circle) return unknown;
    return [
      ...unknown,
      { path: ['dependencies', name], at: 'key', message: `depends on itself, ${circle.join(' -> ')}; allowed: no circle` },
    ];
  });
}

/** What stands there counts, whether it is good or not. */
function network(settings: General['network'] = { egress: 'private-ranges-only' }): readonly Mistake[] {
  const found: Mistake[] = [];
  const direct = 'network' in settings || 'subnet' in settings;
  const add = (key: string, message: string): number => found.push({ path: ['network', key], message });
  if ('connector' in settings && direct)
    add('connector', 'stands together with network or subnet; allowed: connector, or network and subnet');
  else if (direct && !('subnet' in settings)) add('network', 'has no subnet beside it; allowed: network and subnet together');
  else if (direct && !('network' in settings)) add('subnet', 'has no network beside it; allowed: network and subnet together');
  if ('warmUp' in settings && !direct) add('warmUp', 'stands without Direct VPC egress; allowed: with network and subnet');
  return found;
}

/** What a target names has to be a target of the kind that it means. */
function references(drafts: readonly Draft[]): readonly Mistake[] {
  return drafts.flatMap(({ kind, name, spec = {} }) =>
    tell(() =>
      (kind.references?.(spec) ?? []).flatMap((reference) => {
        const known = drafts.filter((other) => other.kind.name === reference.kind).map((other) => other.name);
        return unknownName(reference.name, [kind.name, name, ...reference.path], known, `a target of ${reference.kind}`);
      }),
    ),
  );
}

function categories(given: NonNullable<General['verify']>['categories'], known: readonly string[]): readonly Mistake[] {
  return Object.keys(given).flatMap((key) =>
    tell(() =>
      (given[key]?.targets ?? []).flatMap((name, index) =>
        unknownName(name, ['verify', 'categories', key, 'targets', index], known, 'a target'),
      ),
    ),
  );
}

/**
 * @param parts what of its first level is good
 * @param drafts all targets, also those that are wrong themselves
 * @returns what is wrong between the parts of a file
 */
export function fileMistakes(parts: FileParts, drafts: readonly Draft[], kinds: readonly string[]): readonly Mistake[] {
  const names = [...new Set(drafts.map((draft) => draft.name))];
  return [
    ...uniqueNames(drafts),
    ...tell(() => network(parts.network)),
    ...tell(() => dependencies(parts.dependencies ?? {}, names)),
    ...references(drafts),
    ...tell(() => categories(parts.verify?.categories ?? {}, names)),
    ...tell(() =>
      (parts.syntheticMonitors ?? []).flatMap((name, index) => unknownName(name, ['syntheticMonitors', index], kinds, 'a kind')),
    ),
  ];
}
