/** The diagnosis of what the latest points say. */
import { timestamp } from '../clock';
import type { Diagnosis } from '../diagnose/diagnosis';
import { diagnose } from '../diagnose/diagnose';
import type { Graph } from '../diagnose/graph';
import type { Asking } from './ask';
import { observationsOf } from './latest';
import type { AllLatest } from './look';
import { secretFacts, type SecretFacts } from './secret-facts';

/**
 * Nothing of what is stale counts. Where secrets are in question it asks for their points, too.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function diagnoseLatest(graph: Graph, asking: Asking, latest: AllLatest): Promise<Diagnosis> {
  return diagnoseWith(await secretFacts(asking, latest), graph, asking.now, latest);
}

/**
 * @param facts what is known of single secrets; without any the diagnosis is less sure.
 * @param now milliseconds since 1970.
 */
export function diagnoseWith(facts: SecretFacts, graph: Graph, now: number, latest: AllLatest): Diagnosis {
  const observations = observationsOf(latest.values()).map((each) => ({ ...each, ...facts.get(each.target) }));
  const lastSuccesses = [...latest.values()].flatMap(({ target, workedAt }) =>
    workedAt === null ? [] : [{ target: target.name, at: timestamp(workedAt) }],
  );
  return diagnose(graph, observations, { at: timestamp(now), lastSuccesses });
}
