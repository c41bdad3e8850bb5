/** A planted mistake for every rule of the lint: each is caught, in its place. */
import { alertPolicyRules } from '../../../deploy/monitoring/lint/alert-policies';
import { conditionRules } from '../../../deploy/monitoring/lint/conditions';
import { dashboardRules } from '../../../deploy/monitoring/lint/dashboards';
import { descriptorRules } from '../../../deploy/monitoring/lint/descriptors';
import { applyRules, type Rule } from '../../../deploy/monitoring/lint/rule';
import { objectiveRules, serviceRules } from '../../../deploy/monitoring/lint/service-levels';
import { snoozeRules } from '../../../deploy/monitoring/lint/snoozes';
import { syntheticMonitorRules, uptimeRules } from '../../../deploy/monitoring/lint/uptime-checks';
import { changed, good, type Change, type DocumentKind } from './planted';
import { mistakes } from './planted-mistakes';

const objective = 'projects/p/services/s/serviceLevelObjectives/o';
const facts = { goals: new Map([[objective, 0.9]]) };
const rules: Readonly<Record<DocumentKind, readonly Rule<Readonly<Record<string, unknown>>, typeof facts>[]>> = {
  policy: alertPolicyRules,
  dashboard: dashboardRules,
  service: serviceRules,
  uptime: uptimeRules,
  monitor: syntheticMonitorRules,
  descriptor: descriptorRules,
  snooze: snoozeRules,
};

test.each(Object.entries(good))('the %s that mistakes are planted in is good', (kind, document) => {
  expect(applyRules(rules[kind as DocumentKind], document, facts)).toEqual([]);
});

const tellOf = (kind: DocumentKind, changes: readonly Change[]): readonly string[] =>
  applyRules(rules[kind], changed(good[kind], changes), facts).map(({ path, message }) => `${path}: ${message}`);

test.each(mistakes)('$kind: $name', ({ kind, changes, told }) => {
  expect(tellOf(kind, changes).some((text) => told.test(text))).toBe(true);
});

test('every rule finds at least one of the planted mistakes', () => {
  const of = (kind: DocumentKind): readonly Readonly<Record<string, unknown>>[] =>
    mistakes.filter((mistake) => mistake.kind === kind).map(({ changes }) => changed(good[kind], changes));
  const parts = (documents: readonly Readonly<Record<string, unknown>>[], key: string): readonly Readonly<Record<string, unknown>>[] =>
    documents.flatMap((document) => (document[key] ?? []) as Readonly<Record<string, unknown>>[]);
  const idle = [
    ...Object.entries(rules).flatMap(([kind, all]) => all.map((rule) => [rule, of(kind as DocumentKind)] as const)),
    ...conditionRules.map((rule) => [rule, parts(of('policy'), 'conditions')] as const),
    ...objectiveRules.map((rule) => [rule, parts(of('service'), 'objectives')] as const),
  ].filter(([rule, documents]) => documents.every((document) => [...rule.check(document, facts)].length === 0));
  expect(idle.map(([{ source }]) => source)).toEqual([]);
});
