/** The dependency graph: what each target needs, from the configuration itself. */
import type { Config, Target } from '../config/config';
import { groupBy } from '../group';
import type { Kind } from '../probe';
import type { Severity } from '../result';
import { leadsOf, secretName, type Leads } from './leads';
import { isHostOfService, resourceOf, type Resource } from './resources';
import { declaredBy, serversOf, type Server } from './servers';
import { liesOutside, wayTo, type Way } from './way';

/** One target in the graph. */
export interface Node extends Leads {
  readonly name: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly way: Way;
  /** Whether it lies outside the VPC, whatever the way to it. */
  readonly isPublic: boolean;
  /** What is checked in the control plane. */
  readonly resource?: Resource;
  /** Names of the secrets that it looks after, of a target of `secrets`. */
  readonly checks: readonly string[];
  /** Names of the targets that it needs: declared, or shown by the configuration; each once. */
  readonly needs: readonly string[];
}

/** Everything there is, and what needs what. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Name of the connector by which the functions reach the VPC. */
  readonly connector?: string;
  readonly servers: readonly Server[];
  readonly project: string;
  /** By the name of a target those that need it, connectors of services left out. */
  readonly neededBy: ReadonlyMap<string, readonly string[]>;
  /** Names of all that need one of these, however many steps away, each once, the nearest first; no more than so many. */
  readonly beneath: (names: readonly string[], atMost?: number) => readonly string[];
}

type Draft = Omit<Node, 'needs'>;

const namesOf = (drafts: readonly Draft[]): readonly string[] => drafts.map(({ name }) => name);

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
    const isPublic = isDialled && liesOutside(lead, publicHosts);
    return [{ ...own, name, kind, severity, way, isPublic, ...(resource && { resource }), checks: checksOf(target, project) }];
  });
}

function checksOf({ kind, spec }: Target, project: string): readonly string[] {
  if (kind !== 'secrets' || !Array.isArray(spec['require'])) return [];
  return [...new Set(spec['require'].map(({ secret }: { readonly secret: string }) => secretName(secret, project)))];
}

/**
 * Who needs a service, however many steps away, needs its connector: the service reaches by it what it needs, and stays Ready when it is
 * down. So do those between them that answer without asking behind them.
 * @returns by the name of a target those of the checks of such connectors
 */
function connectorsBeneath(
  neededBy: ReadonlyMap<string, readonly string[]>,
  drafts: readonly Draft[],
): ReadonlyMap<string, readonly string[]> {
  const checks = groupBy(
    drafts.filter(({ resource }) => resource?.type === 'vpcConnector'),
    ({ resource }) => resource?.name,
  );
  const services = groupBy(
    drafts.filter(({ resource }) => resource?.connector !== undefined),
    ({ resource }) => resource?.connector,
  );
  const beneath = new Map<string, string[]>();
  for (const [connector, found] of services) {
    const names = namesOf(checks.get(connector) ?? []);
    if (names.length === 0) continue;
    for (const name of allBeneath(namesOf(found), neededBy)) beneath.set(name, [...(beneath.get(name) ?? []), ...names]);
  }
  return beneath;
}

function reversed(needs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const neededBy = new Map<string, string[]>();
  for (const [name, all] of needs)
    for (const needed of all) {
      const others = neededBy.get(needed);
      if (others) others.push(name);
      else neededBy.set(needed, [name]);
    }
  // In this order, so that nothing depends on the order of the file.
  for (const others of neededBy.values()) others.sort();
  return neededBy;
}

/** What was passed once is not passed again: what is needed may go round in a circle. */
function allBeneath(names: readonly string[], neededBy: ReadonlyMap<string, readonly string[]>, atMost = Infinity): readonly string[] {
  const passed = new Set<string>();
  const add = (name: string): void => {
    for (const next of neededBy.get(name) ?? []) if (passed.size < atMost) passed.add(next);
  };
  names.forEach(add);
  // A set hands out also what was added while it was gone through.
  for (const name of passed) add(name);
  return [...passed];
}

/**
 * Builds the graph of a configuration.
 * @param kinds those of its sections; they say where their targets lead.
 */
export function graphOf(config: Pick<Config, 'targets' | 'network' | 'project' | 'dependencies'>, kinds: readonly Kind[]): Graph {
  const drafts = draftsOf(config, kinds);
  const servers = serversOf(drafts, config);
  const services = drafts.filter(({ resource }) => resource?.type === 'cloudRun');
  const serverOf = new Map<string, string[]>();
  for (const { checks, members } of servers)
    for (const member of members) serverOf.set(member, [...(serverOf.get(member) ?? []), ...checks]);
  const directOf = ({ name, hosts }: Draft): readonly string[] => {
    const own = !hosts.some((host) => host.endsWith('.run.app'))
      ? []
      : services.filter(({ resource }) => hosts.some((host) => isHostOfService(host, resource?.name ?? '')));
    return [...new Set([...declaredBy(config, name), ...(serverOf.get(name) ?? []), ...own.map((each) => each.name)])];
  };
  const direct = new Map(drafts.map((draft) => [draft.name, directOf(draft)]));
  const neededBy = reversed(direct);
  const connectors = connectorsBeneath(neededBy, drafts);
  const needsOf = ({ name }: Draft): readonly string[] =>
    [...new Set([...(direct.get(name) ?? []), ...(connectors.get(name) ?? [])])].filter((needed) => needed !== name);
  const { connector } = config.network;
  return {
    nodes: new Map(drafts.map((draft) => [draft.name, { ...draft, needs: needsOf(draft) }])),
    ...(connector === undefined ? {} : { connector: connector.split('/').at(-1) ?? connector }),
    servers,
    project: config.project,
    neededBy,
    beneath: (names, atMost) => allBeneath(names, neededBy, atMost),
  };
}
