/** `synthetics alerts test`: replays outages through the alert policies of this configuration. */
import { alertPolicies } from '../../deploy/alerts/policies';
import { play, type Outcome } from '../../deploy/alerts/replay/judge';
import { PromtoolMissing } from '../../deploy/alerts/replay/promtool';
import type { Scenario } from '../../deploy/alerts/replay/scenario';
import { scenariosFor } from '../../deploy/alerts/replay/scenarios';
import { legend, timelineOf } from '../../deploy/alerts/replay/timeline';
import type { AlertPolicy } from '../../deploy/monitoring/documents';
import { contextOf } from '../../deploy/plan/build';
import type { PlanContext } from '../../deploy/plan/plan';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { loadWhole } from '../../shared/config/load';
import { exitCodes, UsageError, type Arguments, type Command, type ExitCode } from '../command';
import { print } from '../terminal';

function chosen(scenarios: readonly Scenario[], asked: unknown): readonly Scenario[] {
  if (asked === undefined) return scenarios;
  const found = scenarios.filter(({ name }) => name === asked);
  if (found.length > 0) return found;
  const names = scenarios.map(({ name }) => name).join(', ') || 'none, because no target is configured';
  throw new UsageError(`there is no scenario ${JSON.stringify(asked)} for this configuration; allowed: ${names}`);
}

/** Two at a time, and told in their order, each as soon as it is known. */
async function playAll(scenarios: readonly Scenario[], policies: readonly AlertPolicy[], context: PlanContext): Promise<readonly string[]> {
  const wrong: string[] = [];
  const start = (index: number): Promise<Outcome> | undefined => {
    const scenario = scenarios[index];
    const outcome = scenario && play(scenario, policies, context);
    // It is awaited in its turn; until then nobody else listens.
    outcome?.catch(() => {});
    return outcome;
  };
  const playing = [start(0)];
  for (const [index, scenario] of scenarios.entries()) {
    playing.push(start(index + 1));
    const outcome = await playing[index];
    if (!outcome) continue;
    print(`\n${timelineOf(outcome, policies).join('\n')}`);
    if (outcome.wrong.length > 0) wrong.push(scenario.name);
  }
  return wrong;
}

async function carryOut({ config: path, positionals, values }: Arguments): Promise<ExitCode> {
  const [what, ...more] = positionals;
  if (what !== 'test' || more.length > 0) throw new UsageError('what shall be done with the alerts? allowed: alerts test');
  const loaded = loadWhole(path, kinds);
  const context = contextOf(loaded, { kinds, services });
  const scenarios = chosen(scenariosFor(context), values['scenario']);
  const policies = alertPolicies(context);
  print(`${scenarios.length} scenarios through ${policies.length} policies\n${legend}`);
  try {
    const wrong = await playAll(scenarios, policies, context);
    const verdict = wrong.length === 0 ? 'Every scenario went as expected.' : `Not as expected: ${wrong.join(', ')}.`;
    print(`\n${verdict}`);
    return wrong.length === 0 ? exitCodes.good : exitCodes.bad;
  } catch (error) {
    if (error instanceof PromtoolMissing) throw new UsageError(error.message);
    throw error;
  }
}

export const alerts: Command = {
  summary: 'alerts test: replays outages through the alert policies and prints when each fires and closes',
  operands: 'test',
  options: { scenario: { type: 'string', help: '--scenario NAME     only this one' } },
  run: carryOut,
};
