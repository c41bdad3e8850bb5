import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { dashboard } from '../../../deploy/monitoring/dashboard';
import type { AlertPolicy } from '../../../deploy/monitoring/documents';
import { alertPolicy } from '../../../deploy/monitoring/lint/alert-policies';
import { condition } from '../../../deploy/monitoring/lint/conditions';
import { aggregation } from '../../../deploy/monitoring/lint/aggregations';
import { lintDocuments } from '../../../deploy/monitoring/lint/lint-documents';
import { objectiveMessage, windowsBased } from '../../../deploy/monitoring/lint/service-levels';
import { snoozeMessage } from '../../../deploy/monitoring/lint/snoozes';
import { httpCheck, uptimeMessage } from '../../../deploy/monitoring/lint/uptime-checks';
import { contextOfExample, contextOfText, documentsOf, manyTargets } from './contexts';

test.each(['minimal', 'staging', 'http', 'journey', 'platform', 'postgres', 'redis', 'secrets', 'tcp', 'websocket'])(
  'every document of examples/%s.yaml passes',
  (name) => {
    expect(lintDocuments(documentsOf(contextOfExample(name)))).toEqual([]);
  },
);

test('every document of ten thousand targets passes, and the dashboard is no larger than that of thirty', () => {
  const more = 'alerts: { slo: 0.99 }\nsyntheticMonitors: [http]\n';
  const many = contextOfText(manyTargets(10_000, more));
  expect(lintDocuments(documentsOf(many))).toEqual([]);
  const size = (context: typeof many): number => JSON.stringify(dashboard(context)).length;
  expect(size(many)).toBeLessThan(size(contextOfText(manyTargets(30, more))) + 100);
});

interface Message {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly nested?: Readonly<Record<string, Message>>;
}

/** The public protos as JSON, as the client library ships them. */
function protos(): Message {
  const path = join(dirname(require.resolve('@google-cloud/monitoring/package.json')), 'build', 'protos', 'protos.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Message;
}

const root = protos();
const fieldsOf = (name: string): readonly string[] => {
  const message = `google.monitoring.v3.${name}`.split('.').reduce<Message | undefined>((found, part) => found?.nested?.[part], root);
  return Object.keys(message?.fields ?? {});
};
const keysOf = (schema: z.ZodType): readonly string[] =>
  schema.def.type === 'object' ? Object.keys((schema as z.ZodObject).shape) : keysOf((schema as z.ZodOptional).unwrap() as z.ZodType);
const conditionOf = (kind: keyof typeof condition.shape): z.ZodType => condition.shape[kind];

test.each([
  { message: 'AlertPolicy', schema: alertPolicy, ours: [] },
  { message: 'AlertPolicy.Documentation', schema: alertPolicy.shape.documentation, ours: [] },
  { message: 'AlertPolicy.AlertStrategy', schema: alertPolicy.shape.alertStrategy, ours: [] },
  { message: 'AlertPolicy.Condition', schema: condition, ours: [] },
  { message: 'AlertPolicy.Condition.MetricThreshold', schema: conditionOf('conditionThreshold'), ours: [] },
  { message: 'AlertPolicy.Condition.MetricAbsence', schema: conditionOf('conditionAbsent'), ours: [] },
  { message: 'AlertPolicy.Condition.LogMatch', schema: conditionOf('conditionMatchedLog'), ours: [] },
  { message: 'AlertPolicy.Condition.PrometheusQueryLanguageCondition', schema: conditionOf('conditionPrometheusQueryLanguage'), ours: [] },
  { message: 'Aggregation', schema: aggregation, ours: [] },
  { message: 'ServiceLevelObjective', schema: objectiveMessage, ours: ['id'] },
  { message: 'WindowsBasedSli', schema: windowsBased, ours: [] },
  { message: 'UptimeCheckConfig', schema: uptimeMessage, ours: [] },
  { message: 'UptimeCheckConfig.HttpCheck', schema: httpCheck, ours: [] },
  { message: 'Snooze', schema: snoozeMessage, ours: [] },
  { message: 'Snooze.Criteria', schema: snoozeMessage.shape.criteria, ours: [] },
] satisfies readonly { message: string; schema: z.ZodType; ours: readonly string[] }[])(
  '$message: the lint knows only fields of the public proto',
  ({ message, schema, ours }) => {
    const known = fieldsOf(message);
    expect(known.length).toBeGreaterThan(0);
    expect(keysOf(schema).filter((key) => !known.includes(key) && !(ours as readonly string[]).includes(key))).toEqual([]);
  },
);

describe('documents are looked at together', () => {
  const context = contextOfText('alerts: { slo: 0.9 }\nredis: { cache: { host: 10.0.0.1, port: 6379 } }\n');
  const policy = (thresholdValue: number): AlertPolicy => ({
    displayName: 'burn',
    combiner: 'OR',
    conditions: [
      {
        displayName: 'burn',
        conditionThreshold: {
          filter: 'select_slo_burn_rate("projects/my-project/services/synthetics-staging/serviceLevelObjectives/cache", "3600s")',
          comparison: 'COMPARISON_GT',
          thresholdValue,
          duration: '0s',
        },
      },
    ],
    severity: 'CRITICAL',
    documentation: { content: 'text', mimeType: 'text/markdown' },
    userLabels: { policy: 'burn' },
    notificationChannels: [],
    enabled: true,
  });

  test('a burn rate is held against the goal of its objective', () => {
    expect(lintDocuments({ ...documentsOf(context), policies: [policy(6)] })).toEqual([]);
    expect(lintDocuments({ ...documentsOf(context), policies: [policy(14.4)] })).toMatchObject([
      { document: 'alert policy burn', path: 'conditions[0].conditionThreshold.thresholdValue' },
    ]);
  });

  test('two policies of one key are told', () => {
    expect(lintDocuments({ ...documentsOf(context), policies: [policy(6), policy(6)] })).toEqual([
      { document: 'alert policy burn', path: '', message: 'stands twice' },
    ]);
  });
});
