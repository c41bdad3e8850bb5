/** Looks through all documents of a plan for what the APIs would refuse, or take and never do: gcloud passes on whatever it is given. */
import type { Plan } from '../../plan/plan';
import { alertPolicyRules } from './alert-policies';
import type { ConditionFacts } from './conditions';
import { dashboardRules } from './dashboards';
import { descriptorRules } from './descriptors';
import { applyRules, objectOf, repeated, textOf, type Json, type Rule } from './rule';
import { serviceRules } from './service-levels';
import { snoozeRules } from './snoozes';
import { syntheticMonitorRules, uptimeRules } from './uptime-checks';

/** The documents of a plan, and snoozes where there are some. */
export type Documents = Pick<Plan, 'descriptors' | 'policies' | 'dashboard' | 'serviceLevels' | 'uptimeChecks' | 'syntheticMonitors'> & {
  readonly project?: string;
  readonly snoozes?: readonly object[];
};

/** Something wrong in one of the documents. */
export interface DocumentMistake {
  /** The kind of the document and its name, e.g. `alert policy target-down`. */
  readonly document: string;
  /** Where in it; nothing for the whole. */
  readonly path: string;
  readonly message: string;
}

/** @returns the documents as the JSON that is sent. */
function asJson(documents: readonly object[]): readonly Json[] {
  return (JSON.parse(JSON.stringify(documents)) as unknown[]).map(objectOf);
}

function lintEach<Facts>(
  kind: string,
  documents: readonly object[],
  nameOf: (document: Json) => unknown,
  rules: readonly Rule<Json, Facts>[],
  facts: Facts,
): readonly DocumentMistake[] {
  const found = asJson(documents);
  const names = found.map((document, index) => `${kind} ${textOf(nameOf(document)) || index}`);
  return [
    ...found.flatMap((document, index) =>
      applyRules(rules, document, facts).map((mistake) => ({ document: names[index] ?? kind, ...mistake })),
    ),
    ...repeated(names).map((document) => ({ document, path: '', message: 'stands twice' })),
  ];
}

/** Goals by the full names of the objectives, as filters of conditions name them. */
function goalsOf({ project, serviceLevels }: Documents): ConditionFacts {
  const goals = (serviceLevels?.services ?? []).flatMap(({ id, objectives }) =>
    objectives.map((objective) => [`projects/${project}/services/${id}/serviceLevelObjectives/${objective.id}`, objective.goal] as const),
  );
  return { goals: new Map(goals) };
}

/** @returns everything that is wrong, in the order of the documents; nothing where all is well. */
export function lintDocuments(documents: Documents): readonly DocumentMistake[] {
  const { descriptors, policies, dashboard, serviceLevels, uptimeChecks, syntheticMonitors, snoozes = [] } = documents;
  const byDisplayName = ({ displayName }: Json): unknown => displayName;
  return [
    ...lintEach('metric descriptor', descriptors, ({ type }) => type, descriptorRules, {}),
    ...lintEach('alert policy', policies, (policy) => objectOf(policy['userLabels'])['policy'], alertPolicyRules, goalsOf(documents)),
    ...lintEach('dashboard', [dashboard], byDisplayName, dashboardRules, {}),
    ...lintEach('service', serviceLevels?.services ?? [], ({ id }) => id, serviceRules, {}),
    ...lintEach(
      'uptime check',
      uptimeChecks.map(({ check, ...rest }) => ({ ...rest, ...check })),
      byDisplayName,
      uptimeRules,
      {},
    ),
    ...lintEach('synthetic monitor', syntheticMonitors, byDisplayName, syntheticMonitorRules, {}),
    ...lintEach('snooze', snoozes, byDisplayName, snoozeRules, {}),
  ];
}
