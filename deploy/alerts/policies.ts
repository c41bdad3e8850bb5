/** Every alert policy of an environment. */
import type { AlertPolicy } from '../monitoring/documents';
import type { PlanContext } from '../plan/plan';
import { policyOf, type PolicyDraft } from './policy';
import { burnRatePolicies, certificatePolicies, utilisationPolicies } from './policies/capacity';
import { causePolicies } from './policies/causes';
import { downPolicies } from './policies/down';
import { outsidePolicies } from './policies/outside';
import { proberPolicies } from './policies/prober';
import { secretPolicies } from './policies/secrets';
import { intermittentPolicies, latencyPolicies, unknownPolicies } from './policies/targets';

/** In the order in which people look for them: what is wrong, what will be, and the monitor itself. */
const families: readonly ((context: PlanContext) => readonly PolicyDraft[])[] = [
  causePolicies,
  downPolicies,
  outsidePolicies,
  secretPolicies,
  intermittentPolicies,
  latencyPolicies,
  certificatePolicies,
  utilisationPolicies,
  burnRatePolicies,
  unknownPolicies,
  proberPolicies,
];

/** @returns the policies; their keys, names and queries depend on the configuration and the shards alone. */
export function alertPolicies(context: PlanContext): readonly AlertPolicy[] {
  return families.flatMap((family) => family(context)).map((draft) => policyOf(draft, context));
}
