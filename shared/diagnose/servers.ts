/** Database servers and caches: which targets of the control plane check each, and which other targets live on it. */
import type { Config } from '../config/config';
import { groupBy } from '../group';
import type { Node } from './graph';
import { instanceOfSocket, type Resource } from './resources';

/** Targets that live on one database server or cache. */
export interface Server {
  readonly resource: Resource;
  /** Names of the targets of the control plane that check it, ascending. */
  readonly checks: readonly string[];
  /** Each once. */
  readonly members: readonly string[];
}

type Draft = Omit<Node, 'needs'>;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** @returns the names of what a target is declared to need. */
export function declaredBy({ dependencies }: Pick<Config, 'dependencies'>, name: string): readonly string[] {
  return Object.hasOwn(dependencies, name) ? (dependencies[name] ?? []) : [];
}

/** The name of a check to those of the targets that it has to match. */
function matchesIn({ targets }: Pick<Config, 'targets'>): ReadonlyMap<string, readonly string[]> {
  const pairs = targets.flatMap(({ name, referenced }) => Object.keys(referenced ?? {}).map((other) => ({ name, other })));
  return new Map([...groupBy(pairs, ({ other }) => other)].map(([other, found]) => [other, found.map(({ name }) => name)]));
}

/** @returns what lives on which server, whose checks may be several; the sole one of its type is that of whatever shows no other. */
export function serversOf(drafts: readonly Draft[], config: Pick<Config, 'targets' | 'dependencies'>): readonly Server[] {
  const matches = matchesIn(config);
  const taken = new Set([...matches.values()].flat());
  const found = (type: 'cloudSql' | 'memorystore', kind: string): readonly Server[] => {
    const checks = drafts.flatMap(({ name, resource }) => (resource?.type === type ? [{ name, resource }] : []));
    const instanceOf = new Map(checks.map(({ name, resource }) => [name, resource.name]));
    const byInstance = groupBy(checks, ({ resource }) => resource.name);
    const [sole, ...others] = byInstance.keys();
    const isSole = others.length === 0 && !checks.some(({ name }) => taken.has(name));
    const homesOf = (draft: Draft): readonly string[] => {
      const told = [...declaredBy(config, draft.name), ...(matches.get(draft.name) ?? [])].flatMap((name) => instanceOf.get(name) ?? []);
      if (told.length > 0) return [...new Set(told)];
      const shown = draft.sockets.map(instanceOfSocket).find((each) => each !== undefined);
      if (shown !== undefined) return byInstance.has(shown) ? [shown] : [];
      return sole === undefined || !isSole || draft.way === 'outside' ? [] : [sole];
    };
    const homes = drafts
      .filter((draft) => draft.kind === kind)
      .flatMap((draft) => homesOf(draft).map((instance) => ({ instance, member: draft.name })));
    const members = groupBy(homes, ({ instance }) => instance);
    return [...byInstance].flatMap(([instance, all]): readonly Server[] => {
      const [{ resource } = { resource: undefined }] = all;
      const names = all.map(({ name }) => name).toSorted(compare);
      return resource ? [{ resource, checks: names, members: (members.get(instance) ?? []).map(({ member }) => member) }] : [];
    });
  };
  const all = [...found('cloudSql', 'postgres'), ...found('memorystore', 'redis')];
  return all.toSorted((a, b) => compare(a.checks[0] ?? '', b.checks[0] ?? ''));
}
