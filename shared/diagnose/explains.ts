/** Who explains whom: the needs of the graph, as far as what was seen lets one failure come from another. */
import type { Reason } from '../reasons';
import { protocols } from './leads';
import { breaksOthers, canComeFrom, depthIn, depthOf, isFact, isUntold, placesOf, type Depth } from './rules';
import { compareTexts, works, type Scene, type Seen } from './scene';

/**
 * From what explains to what it explains. Besides names of targets there are places to pass: a target of which nothing is known, and
 * an endpoint; neither is ever a cause, or blocked.
 */
export interface Explains {
  readonly of: (name: string) => readonly string[];
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
  return { of: (name) => edges.get(name) ?? [] };
}

function addNeeds({ graph, seen }: Scene, add: Add): void {
  for (const node of graph.nodes.values()) {
    const target = seen.get(node.name);
    if (target && works(target)) continue;
    const isPassed = target === undefined || target.outcome === 'unknown';
    for (const name of node.needs) {
      const needed = seen.get(name);
      if (needed?.outcome === 'failure') {
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

/** An endpoint, as it fails whoever speaks so with it. */
const hub = (endpoint: string, speaks: string, how: Depth | Reason): string => `at ${endpoint} ${speaks} ${how}`;

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

/** What is likelier the beginning of a circle comes first. */
const ranks = ['platform', 'secrets', 'tcp', 'postgres', 'redis', 'http', 'websocket', 'journey'];

function byRank(a: Seen, b: Seen): number {
  return ranks.indexOf(a.node.kind) - ranks.indexOf(b.node.kind) || compareTexts(a.node.name, b.node.name);
}

/** Marks what can be reached from a name, itself included. */
function spread(from: Iterable<string>, { of }: Explains, reached: Set<string>): void {
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const next of of(name)) if (!reached.has(next)) open.push(next);
  }
}

/** @returns names in the order in which a search in depth leaves them. */
function leavingOrder(starts: readonly string[], { of }: Explains, passed: ReadonlySet<string>): readonly string[] {
  const entered = new Set(passed);
  const left: string[] = [];
  for (const start of starts) {
    if (entered.has(start)) continue;
    entered.add(start);
    const path = [{ name: start, next: of(start), at: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const name = top.next[top.at];
      top.at += 1;
      if (name === undefined) {
        left.push(top.name);
        path.pop();
      } else if (!entered.has(name)) {
        entered.add(name);
        path.push({ name, next: of(name), at: 0 });
      }
    }
  }
  return left;
}

/**
 * @param settled names of what is accounted for already
 * @param seeds those of them that explain others, too
 * @returns failing targets that nothing else explains, of a circle one.
 */
export function rootsOf(
  { failing }: Scene,
  explains: Explains,
  { settled, seeds }: { readonly settled: ReadonlySet<string>; readonly seeds: readonly string[] },
): readonly Seen[] {
  const reached = new Set<string>();
  spread(seeds, explains, reached);
  const open = new Map(failing.filter(({ node }) => !settled.has(node.name)).map((seen) => [seen.node.name, seen]));
  const starts = [...open.values()].toSorted(byRank).map(({ node }) => node.name);
  // Backwards it is a topological order but for circles: whatever explains comes before what it explains.
  const roots: Seen[] = [];
  for (const name of leavingOrder(starts, explains, reached).toReversed()) {
    const seen = open.get(name);
    if (seen === undefined || reached.has(name)) continue;
    roots.push(seen);
    spread([name], explains, reached);
  }
  return roots;
}
