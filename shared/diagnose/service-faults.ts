/** Cloud Run services that run, but wrongly: without their way into the VPC, or in an old revision. */
import type { Node } from './graph';
import { depthIn, failsInComparison, isEcho, isFact, servers } from './rules';
import type { Scene, Seen } from './scene';

/** One thing that can be wrong with a service that still runs. */
export interface ServiceFault {
  readonly name: string;
  /** Names of the checks of the services that have it. */
  readonly services: readonly string[];
  /** Whether the failure of a target can come from it, however many steps away the service is. */
  readonly strikes: (target: Seen) => boolean;
}

/** Settings of a service without which it reaches nothing inside. */
const ways = ['connector', 'egress'] as const;
const revision = ['trafficOnLatest'] as const;

/** @returns whether a check tells that one of these settings is wrong; undefined where it does not tell which setting is. */
function saysOf({ node, reason, observation }: Seen, settings: readonly string[]): boolean | undefined {
  const failed = (observation.findings ?? []).filter(({ outcome }) => outcome === 'failure');
  if (failed.length > 0) return failed.some(({ subject }) => settings.includes(subject));
  const isAsked = settings.some((each) => node.resource?.settings.includes(each));
  return reason === 'resource_misconfigured' && isAsked ? undefined : false;
}

/** A service that is cut off answers by itself, and fails where it asks behind itself. */
function isCutOff(target: Seen): boolean {
  if (isEcho(target.node)) return true;
  return !isFact(target) && !servers.has(target.node.kind) && target.reason !== 'headers_stripped' && depthIn(target) === 'service';
}

/** So many targets are looked at to tell whether a service is cut off: more would tell hardly more. */
const enough = 25;

/** @returns whether most of what asks inside by way of a service fails: where its check does not tell which setting is wrong. */
function isLikelyCutOff(service: Node, { graph, seen }: Scene): boolean {
  const asksInside = ({ needs }: Node): boolean =>
    needs.some((name) => {
      const needed = graph.nodes.get(name);
      return needed !== undefined && servers.has(needed.kind) && needed.way !== 'outside';
    });
  const asking: Seen[] = [];
  for (const name of graph.beneath([service.name], enough)) {
    const target = seen.get(name);
    if (target && target.outcome !== 'unknown' && !isFact(target) && asksInside(target.node)) asking.push(target);
  }
  const struck = asking.filter((target) => target.outcome === 'failure' && isCutOff(target));
  return struck.length > 0 && 2 * struck.length >= asking.length;
}

/** @returns what is wrong with which services. */
export function serviceFaults(scene: Scene): readonly ServiceFault[] {
  const services = scene.failing.filter(({ node }) => node.resource?.type === 'cloudRun');
  const having = (settings: readonly string[], isLikely: (seen: Seen) => boolean): readonly string[] =>
    services.filter((seen) => saysOf(seen, settings) ?? isLikely(seen)).map(({ node }) => node.name);
  return [
    { name: 'cut off', services: having(ways, ({ node }) => isLikelyCutOff(node, scene)), strikes: isCutOff },
    // What compares the versions that services tell says itself that one of them is old.
    { name: 'outdated', services: having(revision, () => true), strikes: failsInComparison },
  ];
}
