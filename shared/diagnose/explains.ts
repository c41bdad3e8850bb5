/** Who explains whom: the needs of the graph, as far as what was seen lets one failure come from another. */
import type { Reason } from '../reasons';
import type { Node } from './graph';
import { holdingsOf, type Holdings } from './holdings';
import { protocols } from './leads';
import { breaksOthers, canComeFrom, depthIn, depthOf, isFact, isUntold, placesOf, servers, type Depth } from './rules';
import { works, type Scene, type Seen } from './scene';
import { serviceFaults } from './service-faults';

/**
 * From what explains to what it explains. Besides names of targets there are places to pass: a target of which nothing is known, and
 * an endpoint; neither is ever a cause, or blocked.
 */
export interface Explains {
  readonly of: (name: string) => readonly string[];
  /** The same of a target that suffers from what a secret holds: whoever is refused without that secret does not suffer from it. */
  readonly ofHolder: (name: string, secret: string) => readonly string[];
}

const via = (name: string): string => `via ${name}`;

type Add = (from: string, to: string) => void;

/** @returns the edges of what was seen. */
export function explainsIn(scene: Scene): Explains {
  const edges = new Map<string, string[]>();
  const add: Add = (from, to) => {
    const others = edges.get(from);
    if (others) others.push(to);
    else edges.set(from, [to]);
  };
  addNeeds(scene, add);
  addSecrets(scene, add);
  addEndpoints(scene, add);
  addGateway(scene, add);
  addServers(scene, add);
  addServiceFaults(scene, add);
  const of = (name: string): readonly string[] => edges.get(name) ?? [];
  const isOfHolder = (name: string, secret: string): boolean => {
    const target = scene.seen.get(name);
    if (target === undefined) return !name.startsWith(atEndpoint);
    return depthIn(target) !== 'login' || target.node.secrets.includes(secret);
  };
  return { of, ofHolder: (name, secret) => of(name).filter((next) => isOfHolder(next, secret)) };
}

/**
 * A secret that a check finds bad is told to its users by its name, and goes no further than to services that hold it. That a login of
 * ours is refused says nothing of whoever logs in with another one.
 */
function handsOn(needed: Seen, node: Node, target: Seen | undefined, { uses, shares }: Holdings): boolean {
  if (needed.node.kind === 'secrets') return !uses(node, needed.node);
  if (depthIn(needed) !== 'login' || needed.node.credentials.length === 0 || node.kind === 'platform') return true;
  const isRefusedAlike = target !== undefined && depthIn(target) === 'login' && !servers.has(needed.node.kind);
  return isRefusedAlike || shares(node, needed.node);
}

function addNeeds({ graph, seen }: Scene, add: Add): void {
  const holdings = holdingsOf(graph.nodes);
  for (const node of graph.nodes.values()) {
    const target = seen.get(node.name);
    if (target && works(target)) continue;
    const isPassed = target === undefined || target.outcome === 'unknown';
    for (const name of node.needs) {
      const needed = seen.get(name);
      if (needed?.outcome === 'failure') {
        if (!handsOn(needed, node, target, holdings)) continue;
        if (target && canComeFrom(target, needed, graph.connector)) add(name, node.name);
        if (isPassed && breaksOthers(needed)) add(name, via(node.name));
      } else if (needed === undefined || needed.outcome === 'unknown') {
        // What is not known may well be what hands the failure on.
        if (isPassed) add(via(name), via(node.name));
        else if (!isFact(target) && depthIn(target) === 'service') add(via(name), node.name);
      }
    }
  }
}

/** A check of secrets that does not tell which of them is wrong explains whoever needs one of them. */
function addSecrets({ failing, unknown }: Scene, add: Add): void {
  const checks = new Map<string, Seen[]>();
  for (const check of failing.filter(({ node }) => node.kind === 'secrets')) {
    if (check.observation.findings?.some(({ outcome }) => outcome === 'failure')) continue;
    for (const name of check.node.checks) checks.set(name, [...(checks.get(name) ?? []), check]);
  }
  if (checks.size === 0) return;
  const refused = failing.filter(({ reason }) => depthOf(reason) === 'login');
  for (const user of [...unknown.filter((seen) => isUntold(seen)), ...refused])
    for (const check of new Set(user.node.secrets.flatMap((name) => checks.get(name) ?? [])))
      if (canComeFrom(user, check)) add(check.node.name, user.node.name);
}

const atEndpoint = 'at ';

/** An endpoint, as it fails whoever speaks so with it. */
const hub = (endpoint: string, speaks: string, how: Depth | Reason): string => `${atEndpoint}${endpoint} ${speaks} ${how}`;

/** A reason that does not say that anybody was asked: the answers may merely not match. */
const ofAnswers: Reason = 'assertion_failed';

/** @returns who else fails at an endpoint where a target fails: what goes wrong below the service does so whatever is spoken. */
function sufferers(seen: Seen): readonly string[] {
  const depth = depthIn(seen);
  return seen.node.kind === 'tcp' || (depth !== 'login' && depth !== 'service') ? protocols : [seen.node.kind];
}

/**
 * A journey needs what else leads to the endpoints of its steps, and speaks as they do. Where nobody knows which of them failed, only a
 * failure for the very same reason will do.
 */
function addEndpoints({ failing }: Scene, add: Add): void {
  const wanted = new Set<string>();
  for (const journey of failing.filter(({ node }) => node.steps !== null)) {
    const { places, isSure } = placesOf(journey);
    if (!isSure && journey.reason === ofAnswers) continue;
    const how = isSure ? depthIn(journey) : journey.reason;
    const hubs = places.flatMap(({ speaks, endpoints }) => (speaks === null ? [] : endpoints.map((end) => hub(end, speaks, how))));
    for (const name of new Set(hubs)) {
      wanted.add(name);
      add(name, journey.node.name);
    }
  }
  if (wanted.size === 0) return;
  for (const seen of failing) {
    if (seen.node.steps !== null || !breaksOthers(seen)) continue;
    for (const end of seen.node.endpoints)
      for (const speaks of sufferers(seen))
        for (const name of [hub(end, speaks, depthIn(seen)), hub(end, speaks, seen.reason)])
          if (wanted.has(name)) add(seen.node.name, name);
  }
}

/** The sole load balancer of a file is the gateway that reached no backend. */
function addGateway({ graph, failing }: Scene, add: Add): void {
  const [sole, ...others] = [...graph.nodes.values()].filter(({ resource }) => resource?.type === 'backendService');
  const check = others.length === 0 ? failing.find(({ node }) => node === sole) : undefined;
  if (check && breaksOthers(check))
    for (const { node, reason } of failing) if (reason === 'bad_gateway' && node !== check.node) add(check.node.name, node.name);
}

/** What ails a whole server, though not whoever asks it the one thing that still works. */
const ofWholeServers: ReadonlySet<Reason> = new Set([
  'not_primary',
  'out_of_memory',
  'overloaded',
  'read_only',
  'shutting_down',
  'starting_up',
  'too_many_connections',
]);

/** Who needs a server by one way may suffer from what only another way to it shows. */
function addServers({ graph, failing, seen }: Scene, add: Add): void {
  const ill = new Map<string, string>();
  for (const { resource, members } of graph.servers) {
    const showing = members.filter((name) => {
      const member = seen.get(name);
      return member?.outcome === 'failure' && ofWholeServers.has(member.reason);
    });
    const place = `on ${resource.type} ${resource.name}`;
    for (const name of showing) add(name, place);
    if (showing.length > 0) for (const name of members) ill.set(name, place);
  }
  if (ill.size === 0) return;
  for (const target of failing) {
    if (isFact(target) || depthIn(target) !== 'service') continue;
    for (const place of new Set(target.node.needs.flatMap((name) => ill.get(name) ?? []))) add(place, target.node.name);
  }
}

/** What is wrong with a service that still runs goes on past those in between that answer without asking behind them. */
function addServiceFaults(scene: Scene, add: Add): void {
  const { graph, seen } = scene;
  for (const { name: fault, services, strikes } of serviceFaults(scene)) {
    if (services.length === 0) continue;
    const place = (name: string): string => `behind ${fault} ${name}`;
    const handOn = (from: string, name: string): void => {
      for (const next of graph.neededBy.get(name) ?? []) add(from, place(next));
    };
    for (const service of services) handOn(service, service);
    for (const name of graph.beneath(services)) {
      const target = seen.get(name);
      if (target?.outcome === 'failure' && strikes(target)) add(place(name), name);
      handOn(place(name), name);
    }
  }
}
