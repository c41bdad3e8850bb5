/** How everything is, from the latest points. */
import type { Config } from '../../shared/config/config';
import { diagnose } from '../../shared/diagnose/diagnose';
import type { Diagnosis } from '../../shared/diagnose/diagnosis';
import type { Graph } from '../../shared/diagnose/graph';
import type { Asking } from '../../shared/latest/ask';
import { diagnoseLatest } from '../../shared/latest/diagnose-latest';
import { staleAfter } from '../../shared/latest/freshness';
import { latestOf, observationsOf, untold, type Latest } from '../../shared/latest/latest';
import { look, type AllLatest } from '../../shared/latest/look';
import { verdictOf, type Verdict } from '../../shared/result';

/** What there is to answer from. */
export interface Overview {
  readonly config: Config;
  readonly graph: Graph;
  readonly latest: AllLatest;
  readonly diagnosis: Diagnosis;
}

/** How far back it looks at least, so that people see since when. */
const backMs = 3_600_000;

/** @throws Fault `api_denied` or `api_unavailable` */
export async function readOverview(config: Config, graph: Graph, asking: Asking): Promise<Overview> {
  const latest = await look(asking, { backMs });
  return { config, graph, latest, diagnosis: await diagnoseLatest(graph, asking, latest) };
}

/**
 * @param now milliseconds since 1970.
 * @returns an overview that could not be read again: what has become stale meanwhile is unknown, and no cause of anything.
 */
export function agedTo({ config, graph, latest, diagnosis }: Overview, now: number): Overview {
  const limits = staleAfter(config);
  const isStale = ({ target, at }: Latest): boolean => at === null || now - at > (limits.get(target.name) ?? 0);
  const aged = new Map([...latest].map(([name, each]) => [name, isStale(each) ? untold(each) : each]));
  const isSame = [...latest].every(([name, each]) => aged.get(name)?.stale === each.stale);
  return { config, graph, latest: aged, diagnosis: isSame ? diagnosis : diagnose(graph, observationsOf(aged.values())) };
}

/** @returns the overview of which nothing is known: nothing is said to be down. */
export function blind(config: Config, graph: Graph): Overview {
  return {
    config,
    graph,
    latest: new Map(config.targets.map((target) => [target.name, latestOf(target, [], 0, 0)])),
    diagnosis: { causes: [], blockedBy: new Map() },
  };
}

/** @returns the verdict over all targets, as that of a run over its own. */
export function verdictOver({ latest }: Overview): Verdict {
  return verdictOf([...latest.values()].map(({ target: { severity }, outcome }) => ({ severity, outcome })));
}
