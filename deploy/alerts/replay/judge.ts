/** Plays one scenario through the policies and says whether everybody was told what they had to be told, and nobody else anything. */
import type { AlertPolicy } from '../../monitoring/documents';
import type { PlanContext } from '../../plan/plan';
import { span } from '../../monitoring/promql';
import { scheduleClasses } from '../schedule-class';
import { replay, type Incident } from './incidents';
import type { Expected, Scenario } from './scenario';

/** How a scenario went. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly incidents: readonly Incident[];
  /** What did not go as expected, one sentence each. */
  readonly wrong: readonly string[];
}

const minuteMs = 60_000;
const inMinutes = (ms: number): string => `minute ${Math.round(ms / minuteMs)}`;

/** Policies on classes of schedules that no target of the scenario is in have nothing to evaluate; leaving them out saves most of the time. */
function asked(policies: readonly AlertPolicy[], { targets }: Scenario): readonly AlertPolicy[] {
  const periods = new Set(targets.map(({ periodMs }) => span(periodMs)));
  const classes = new Set(scheduleClasses(targets).map(({ severity, periodMs }) => `${severity} ${span(periodMs)}`));
  return policies.filter(({ userLabels: { policy } }) => {
    const [, severity = '', period = ''] = /^(?:down|unknown)-([a-z]+)-(?:[a-z]+-)?(\d+[hms])(?:-\d+)?$/.exec(policy) ?? [];
    if (severity !== '') return classes.has(`${severity} ${period}`);
    const [, every] = /^(?:intermittent|latency)-(\d+[hms])(?:-\d+)?$/.exec(policy) ?? [];
    return every === undefined || periods.has(every);
  });
}

function mistakesOf(
  { policy, incidents: wanted = 1, from, opensBy, closesBy }: Expected,
  incidents: readonly Incident[],
): readonly string[] {
  const found = incidents.filter((incident) => policy.test(incident.policy));
  if (found.length !== wanted) return [`${policy.source} was told ${found.length} times, not ${wanted}`];
  return found.flatMap((incident) => [
    ...(incident.from < from ? [`${incident.policy} fires in ${inMinutes(incident.from)}, before ${inMinutes(from)}`] : []),
    ...(incident.from > opensBy ? [`${incident.policy} fires only in ${inMinutes(incident.from)}, after ${inMinutes(opensBy)}`] : []),
    ...(incident.to > closesBy ? [`${incident.policy} still fires in ${inMinutes(incident.to)}, after ${inMinutes(closesBy)}`] : []),
  ]);
}

/** @throws PromtoolMissing */
export async function play(scenario: Scenario, policies: readonly AlertPolicy[], { config }: PlanContext): Promise<Outcome> {
  const { dots, lengthMs, expects, tolerates } = scenario;
  const incidents = await replay(asked(policies, scenario), config.environment, dots, lengthMs);
  const unasked = incidents.filter(
    ({ policy }) => !expects.some((expected) => expected.policy.test(policy)) && tolerates?.test(policy) !== true,
  );
  return {
    scenario,
    incidents,
    wrong: [
      ...expects.flatMap((expected) => mistakesOf(expected, incidents)),
      ...unasked.map(({ policy, subject, from }) => `${policy} fires for ${subject || 'everything'} in ${inMinutes(from)}, and should not`),
    ],
  };
}
