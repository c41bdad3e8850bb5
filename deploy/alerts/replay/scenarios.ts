/** Every scenario that fits a configuration, by its own targets. */
import type { Target } from '../../../shared/config/config';
import { severities } from '../../../shared/result';
import type { PlanContext } from '../../plan/plan';
import type { Scenario } from './scenario';
import { certificateScenario, secretScenario, targetScenarios } from './target-scenarios';
import { burnScenario, connectorScenarios, silenceScenarios, targetsInVpc } from './wide-scenarios';

/** The gravest, the most often run, the first by name; secrets have a scenario of their own. */
function representative(targets: readonly Target[]): Target | undefined {
  return targets
    .filter(({ kind }) => kind !== 'secrets')
    .toSorted(
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.periodMs - b.periodMs || (a.name < b.name ? -1 : 1),
    )[0];
}

/** @returns the scenarios; those are left out whose kind of target, or whose objective, the configuration does not have. */
export function scenariosFor(context: PlanContext): readonly Scenario[] {
  const target = representative(context.config.targets);
  const behind = representative(targetsInVpc(context));
  const ofTarget = target
    ? [...targetScenarios(context, target), ...(behind ? connectorScenarios(context, behind) : []), burnScenario(context, target)]
    : [];
  const all = [...ofTarget, secretScenario(context), certificateScenario(context), ...silenceScenarios(context)];
  return all.flatMap((scenario) => scenario ?? []);
}
