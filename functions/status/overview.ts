/** How everything is, from the latest points. */
import type { Config } from '../../shared/config/config';
import type { Diagnosis } from '../../shared/diagnose/diagnosis';
import type { Graph } from '../../shared/diagnose/graph';
import { Fault } from '../../shared/fault';
import type { Asking } from '../../shared/latest/ask';
import { diagnoseLatest, diagnoseWith } from '../../shared/latest/diagnose-latest';
import { staleAfter } from '../../shared/latest/freshness';
import { latestOf, untold, type Latest } from '../../shared/latest/latest';
import { look, type AllLatest } from '../../shared/latest/look';
import { verdictOf, type Verdict } from '../../shared/result';

/** What there is to answer from. */
export interface Overview {
  readonly config: Config;
  readonly graph: Graph;
  readonly latest: AllLatest;
  readonly diagnosis: Diagnosis;
  /** Why the causes are named without what is known of single secrets; null where they are not. */
  readonly problem: Fault | null;
}

/** How far back it looks at least, in milliseconds: of most of what begins people see since when. */
export const backMs = 3_600_000;

/**
 * What single secrets say makes the diagnosis surer: how the targets are is told without it, too.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readOverview(config: Config, graph: Graph, asking: Asking): Promise<Overview> {
  const latest = await look(asking, { backMs });
  const seen = { config, graph, latest };
  try {
    return { ...seen, diagnosis: await diagnoseLatest(graph, asking, latest), problem: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...seen, diagnosis: diagnoseWith(new Map(), graph, asking.now, latest), problem: lacking('single secrets', error) };
  }
}

/** @returns the fault that says what is missing, too. */
export function lacking(what: string, { reason, message }: Fault): Fault {
  return new Fault(reason, `${what} could not be read: ${message}`);
}

/**
 * @param now milliseconds since 1970.
 * @returns an overview that could not be read again: what has become stale meanwhile is unknown, and no cause of anything.
 */
export function agedTo(overview: Overview, now: number): Overview {
  const { config, graph, latest } = overview;
  const limits = staleAfter(config);
  const isStale = ({ target, at }: Latest): boolean => at === null || now - at > (limits.get(target.name) ?? 0);
  const aged = new Map([...latest].map(([name, each]) => [name, isStale(each) ? untold(each) : each]));
  const isSame = [...latest].every(([name, each]) => aged.get(name)?.stale === each.stale);
  return isSame ? overview : { ...overview, latest: aged, diagnosis: diagnoseWith(new Map(), graph, now, aged) };
}

/** @returns the overview of which nothing is known: nothing is said to be down. */
export function blind(config: Config, graph: Graph): Overview {
  return {
    config,
    graph,
    latest: new Map(config.targets.map((target) => [target.name, latestOf(target, [], 0, 0)])),
    diagnosis: { causes: [], blockedBy: new Map() },
    problem: null,
  };
}

/** @returns the verdict over all targets, as that of a run over its own. */
export function verdictOver({ latest }: Overview): Verdict {
  return verdictOf([...latest.values()].map(({ target: { severity }, outcome }) => ({ severity, outcome })));
}
