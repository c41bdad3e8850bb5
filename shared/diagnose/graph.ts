/** The dependency graph: what each target needs, from the configuration itself. */
import type { Config, Target } from '../config/config';
import { groupBy } from '../group';
import type { Kind } from '../probe';
import type { Severity } from '../result';
import { leadsOf, secretName, type Leads } from './leads';
import { instanceOfSocket, isHostOfService, resourceOf, type Resource } from './resources';
import { wayTo, type Way } from './way';

/** One target in the graph. */
export interface Node extends Leads {
  readonly name: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly way: Way;
  /** What is checked in the control plane. */
  readonly resource?: Resource;
  /** Names of the secrets that it looks after, of a target of `secrets`. */
  readonly checks: readonly string[];
  /** Names of the targets that it needs: declared, or shown by the configuration; each once. */
  readonly needs: readonly string[];
}

/** Targets that live on one database server or cache. */
export interface Server {
  /** The target of the control plane that checks it. */
  readonly name: string;
  readonly resource: Resource;
  readonly members: readonly string[];
}

/** Everything there is, and what needs what. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Name of the connector by which the functions reach the VPC. */
  readonly connector?: string;
  readonly servers: readonly Server[];
  readonly project: string;
}

type Draft = Omit<Node, 'needs'>;

const dialled = (leads: Leads, kind: string): boolean => leads.endpoints.length > 0 || kind === 'postgres' || kind === 'redis';

function draftsOf(
  { targets, network, project }: Pick<Config, 'targets' | 'network' | 'project'>,
  kinds: readonly Kind[],
): readonly Draft[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const leads = targets.map((target) => leadsOf(target, byName.get(target.kind), { project }));
  const publicHosts = new Set(targets.flatMap((target, index) => (target.public ? (leads[index]?.hosts ?? []) : [])));
  return targets.flatMap((target, index): readonly Draft[] => {
    const own = leads[index];
    if (own === undefined) return [];
    const { kind, name, severity } = target;
    const isSocket = own.sockets.length > 0 && own.endpoints.length === 0;
    const asksNothing = byName.get(kind)?.asksRest === true || byName.get(kind)?.asksSecretManager === true;
    const isDialled = !asksNothing && (isSocket || dialled(own, kind) || kind === 'http' || kind === 'websocket' || kind === 'tcp');
    const lead = { hosts: own.hosts, isSocket, isPublic: target.public };
    const resource = resourceOf(target);
    const way = isDialled ? wayTo(lead, network, publicHosts) : 'none';
    return [{ ...own, name, kind, severity, way, ...(resource && { resource }), checks: checksOf(target, project) }];
  });
}

function checksOf({ kind, spec }: Target, project: string): readonly string[] {
  if (kind !== 'secrets' || !Array.isArray(spec['require'])) return [];
  return [...new Set(spec['require'].map(({ secret }: { readonly secret: string }) => secretName(secret, project)))];
}

/** What lives on which server; the sole one of its type is taken to be that of whatever shows no other. */
function serversOf(drafts: readonly Draft[], config: Pick<Config, 'targets' | 'dependencies'>): readonly Server[] {
  const matches = new Map(
    config.targets.flatMap(({ name, referenced }) => Object.keys(referenced ?? {}).map((other) => [other, name] as const)),
  );
  const found = (type: 'cloudSql' | 'memorystore', kind: string): readonly Server[] => {
    const platform = drafts.filter(({ resource }) => resource?.type === type);
    const names = new Set(platform.map(({ name }) => name));
    const byResource = groupBy(platform, ({ resource }) => resource?.name);
    const taken = new Set(matches.values());
    const sole = platform.length === 1 ? platform.filter(({ name }) => !taken.has(name)).map(({ name }) => name) : [];
    const homeOf = (draft: Draft): readonly string[] => {
      const match = matches.get(draft.name);
      const told = [...needsIn(config, draft.name).filter((name) => names.has(name)), ...(match === undefined ? [] : [match])];
      if (told.length > 0) return [...new Set(told)];
      const shown = draft.sockets.map(instanceOfSocket).find((each) => each !== undefined);
      if (shown !== undefined) return (byResource.get(shown) ?? []).map(({ name }) => name);
      return draft.way === 'outside' ? [] : sole;
    };
    const homes = drafts
      .filter((draft) => draft.kind === kind)
      .flatMap((draft) => homeOf(draft).map((home) => [home, draft.name] as const));
    const members = groupBy(homes, ([home]) => home);
    return platform.flatMap(({ name, resource }) =>
      resource ? [{ name, resource, members: (members.get(name) ?? []).map(([, member]) => member) }] : [],
    );
  };
  return [...found('cloudSql', 'postgres'), ...found('memorystore', 'redis')].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function needsIn({ dependencies }: Pick<Config, 'dependencies'>, name: string): readonly string[] {
  return Object.hasOwn(dependencies, name) ? (dependencies[name] ?? []) : [];
}

/**
 * Builds the graph of a configuration.
 * @param kinds those of its sections; they say where their targets lead.
 */
export function graphOf(config: Pick<Config, 'targets' | 'network' | 'project' | 'dependencies'>, kinds: readonly Kind[]): Graph {
  const drafts = draftsOf(config, kinds);
  const servers = serversOf(drafts, config);
  const resources = new Map(drafts.flatMap(({ name, resource }) => (resource ? [[name, resource] as const] : [])));
  const services = drafts.filter(({ resource }) => resource?.type === 'cloudRun');
  const connectors = groupBy(
    drafts.filter(({ resource }) => resource?.type === 'vpcConnector'),
    ({ resource }) => resource?.name,
  );
  const serverOf = new Map<string, string[]>();
  for (const { name, members } of servers) for (const member of members) serverOf.set(member, [...(serverOf.get(member) ?? []), name]);

  const needsOf = (draft: Draft): readonly string[] => {
    const ownServices = !draft.hosts.some((host) => host.endsWith('.run.app'))
      ? []
      : services.filter(({ resource }) => draft.hosts.some((host) => isHostOfService(host, resource?.name ?? '')));
    const direct = [...needsIn(config, draft.name), ...(serverOf.get(draft.name) ?? []), ...ownServices.map(({ name }) => name)];
    // A service reaches what it needs through its connector, and stays Ready when that is down.
    const beneath = direct.flatMap((name) => {
      const connector = resources.get(name)?.connector;
      return connector === undefined ? [] : (connectors.get(connector) ?? []).map((each) => each.name);
    });
    return [...new Set([...direct, ...beneath])].filter((name) => name !== draft.name);
  };
  const { connector } = config.network;
  return {
    nodes: new Map(drafts.map((draft) => [draft.name, { ...draft, needs: needsOf(draft) }])),
    ...(connector === undefined ? {} : { connector: connector.split('/').at(-1) ?? connector }),
    servers,
    project: config.project,
  };
}
