/** What is seen, laid over the graph: the view from which causes are looked for. */
import { domainOf, domains, type Owner, type Reason } from '../reasons';
import { severities, type Outcome, type Severity } from '../result';
import type { Circumstances, LastSuccess, Observation } from './diagnosis';
import type { Graph, Node } from './graph';

/** A target of which something is known. */
export interface Seen {
  readonly node: Node;
  readonly outcome: Outcome;
  /** What counts where nothing told a reason: the answer was not what it should be. */
  readonly reason: Reason;
  readonly owner: Owner;
  readonly observation: Observation;
}

export interface Scene {
  readonly graph: Graph;
  /** By name, ascending, so that nothing depends on the order of the observations. */
  readonly seen: ReadonlyMap<string, Seen>;
  readonly failing: readonly Seen[];
  readonly unknown: readonly Seen[];
  /** Those that succeed or are degraded. */
  readonly working: readonly Seen[];
  readonly lastSuccesses: ReadonlyMap<string, LastSuccess>;
  /** Milliseconds since 1970. */
  readonly at?: number;
}

/** A target that the configuration no longer has stands alone. */
function strayNode({ target, kind, severity }: Observation): Node {
  return {
    name: target,
    kind,
    severity,
    way: 'none',
    isPublic: false,
    endpoints: [],
    hosts: [],
    sockets: [],
    direct: [],
    steps: null,
    secrets: [],
    credentials: [],
    checks: [],
    needs: [],
  };
}

/** Of several observations of one target the worst counts. */
const worstFirst: readonly Outcome[] = ['failure', 'unknown', 'degraded', 'success'];

function compare(a: Observation, b: Observation): number {
  return (
    compareTexts(a.target, b.target) ||
    worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome) ||
    compareTexts(a.reason ?? '', b.reason ?? '')
  );
}

/** Lays what is seen over the graph. */
export function sceneOf(graph: Graph, observations: readonly Observation[], { at, lastSuccesses = [] }: Circumstances): Scene {
  const seen = new Map<string, Seen>();
  for (const observation of [...observations].toSorted(compare)) {
    const { target, outcome } = observation;
    if (seen.has(target)) continue;
    const reason = observation.reason ?? (outcome === 'unknown' ? 'internal' : 'assertion_failed');
    const owner = observation.owner ?? domains[domainOf(reason)];
    seen.set(target, { node: graph.nodes.get(target) ?? strayNode(observation), outcome, reason, owner, observation });
  }
  const all = [...seen.values()];
  const milliseconds = at === undefined ? NaN : Date.parse(at);
  return {
    graph,
    seen,
    failing: all.filter(({ outcome }) => outcome === 'failure'),
    unknown: all.filter(({ outcome }) => outcome === 'unknown'),
    working: all.filter(({ outcome }) => outcome === 'success' || outcome === 'degraded'),
    lastSuccesses: new Map(lastSuccesses.map((each) => [each.target, each])),
    ...(Number.isFinite(milliseconds) ? { at: milliseconds } : {}),
  };
}

/** @returns whether a target works, as far as it was seen. */
export function works({ outcome }: Seen): boolean {
  return outcome === 'success' || outcome === 'degraded';
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** @returns the worst of severities; `warning` where there is none. */
export function worstSeverity(found: Iterable<Severity>): Severity {
  let worst = severities.length - 1;
  for (const severity of found) worst = Math.min(worst, severities.indexOf(severity));
  return severities[worst] ?? 'warning';
}

/** @returns the reason that most of them have; of several the first in the alphabet. */
export function commonReason(all: readonly Pick<Seen, 'reason'>[]): Reason | undefined {
  const counts = new Map<Reason, number>();
  for (const { reason } of all) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || compareTexts(a, b))[0]?.[0];
}
