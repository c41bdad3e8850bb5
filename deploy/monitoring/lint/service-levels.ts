/** Rules on services and their objectives (google.monitoring.v3.Service, ServiceLevelObjective). */
import * as z from 'zod';
import { filterMistakes, metricOf } from './filters';
import { userLabels } from './labels';
import { applyRules, countOf, objectOf, objectsOf, repeated, secondsOf, textOf, when, type Json, type Rule } from './rule';
import { labelMap, seconds, shaped } from './shape';

const mostObjectives = 500;
const daySeconds = 86_400;

const range = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
const metricRange = z.strictObject({ timeSeries: z.string(), range });
const ratio = z.strictObject({
  goodServiceFilter: z.string().optional(),
  badServiceFilter: z.string().optional(),
  totalServiceFilter: z.string().optional(),
});

/** google.monitoring.v3.WindowsBasedSli. */
export const windowsBased = z.strictObject({
  goodBadMetricFilter: z.string().optional(),
  metricMeanInRange: metricRange.optional(),
  metricSumInRange: metricRange.optional(),
  goodTotalRatioThreshold: z.strictObject({ performance: z.strictObject({ goodTotalRatio: ratio }), threshold: z.number() }).optional(),
  windowPeriod: seconds,
});

/** google.monitoring.v3.ServiceLevelObjective, its id in the place of its name. */
export const objectiveMessage = z.strictObject({
  id: z.string(),
  displayName: z.string().min(1),
  goal: z.number(),
  rollingPeriod: seconds.optional(),
  calendarPeriod: z.enum(['DAY', 'WEEK', 'FORTNIGHT', 'MONTH']).optional(),
  serviceLevelIndicator: z.strictObject({
    windowsBased: windowsBased.optional(),
    requestBased: z.strictObject({ goodTotalRatio: ratio }).optional(),
  }),
  userLabels: labelMap,
});

const serviceMessage = z.strictObject({
  id: z.string(),
  displayName: z.string().min(1),
  userLabels: labelMap,
  objectives: z.array(z.unknown()),
});

const criteria = ['goodBadMetricFilter', 'metricMeanInRange', 'metricSumInRange', 'goodTotalRatioThreshold'];
const indicatorOf = (objective: Json): Json => objectOf(objective['serviceLevelIndicator']);
const windowsOf = (objective: Json): Json => objectOf(indicatorOf(objective)['windowsBased']);
const at = 'serviceLevelIndicator.windowsBased';

/** The rules on one objective. */
export const objectiveRules: readonly Rule[] = [
  shaped(objectiveMessage, 'google.monitoring.v3.ServiceLevelObjective'),
  {
    source: 'CreateServiceLevelObjectiveRequest.service_level_objective_id: ^[a-zA-Z0-9-_:.]+$',
    check: ({ id }) => when(!/^[a-zA-Z0-9\-_:.]+$/.test(textOf(id)), 'id', 'is not ^[a-zA-Z0-9-_:.]+$'),
  },
  {
    source: 'goal: "0 < goal <= 0.9999"',
    check: ({ goal }) => when(!(Number(goal) > 0 && Number(goal) <= 0.9999), 'goal', 'is not above 0 and at most 0.9999'),
  },
  {
    source: 'rolling_period: "an integer multiple of 1 day no larger than 30 days"',
    check: ({ rollingPeriod }) => {
      const days = secondsOf(rollingPeriod) / daySeconds;
      return when(
        rollingPeriod !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 30),
        'rollingPeriod',
        'is not 1 to 30 whole days',
      );
    },
  },
  {
    source: 'ServiceLevelObjective.period: one of',
    check: (objective) =>
      when(countOf(objective, ['rollingPeriod', 'calendarPeriod']) !== 1, '', 'is not exactly one of rollingPeriod, calendarPeriod'),
  },
  {
    source: 'ServiceLevelIndicator.type, WindowsBasedSli.window_criterion: one of',
    check: (objective) => [
      ...when(
        countOf(indicatorOf(objective), ['windowsBased', 'requestBased']) !== 1,
        'serviceLevelIndicator',
        'is not exactly one of windowsBased, requestBased',
      ),
      ...when(
        indicatorOf(objective)['windowsBased'] !== undefined && countOf(windowsOf(objective), criteria) !== 1,
        at,
        `is not exactly one of ${criteria.join(', ')}`,
      ),
    ],
  },
  {
    source: 'WindowsBasedSli.window_period: "an integer fraction of a day and at least 60s"',
    check: (objective) => {
      const { windowPeriod } = windowsOf(objective);
      const length = secondsOf(windowPeriod);
      return when(
        windowPeriod !== undefined && !(length >= 60 && length <= daySeconds && daySeconds % length === 0),
        `${at}.windowPeriod`,
        'is not a whole fraction of a day of at least 60s',
      );
    },
  },
  {
    source: 'WindowsBasedSli.good_bad_metric_filter: "The window is good if any true values appear"',
    check: (objective) =>
      when(
        windowsOf(objective)['goodBadMetricFilter'] !== undefined,
        `${at}.goodBadMetricFilter`,
        'hides failures: one success makes a window good',
      ),
  },
  {
    source: 'WindowsBasedSli.MetricRange: INT64 or DOUBLE, GAUGE, range.min <= x <= range.max',
    check: (objective) =>
      ['metricMeanInRange', 'metricSumInRange'].flatMap((key) => {
        const body = windowsOf(objective)[key];
        if (body === undefined) return [];
        const { timeSeries, range: bounds } = objectOf(body);
        const { min = -Infinity, max = Infinity } = objectOf(bounds);
        const metric = metricOf(textOf(timeSeries));
        const fits = metric === undefined || (metric.kind === 'GAUGE' && (metric.valueType === 'INT64' || metric.valueType === 'DOUBLE'));
        return [
          ...filterMistakes(textOf(timeSeries), `${at}.${key}.timeSeries`),
          ...when(!fits, `${at}.${key}.timeSeries`, 'is not a GAUGE of INT64 or DOUBLE'),
          ...when(Number(min) > Number(max), `${at}.${key}.range`, 'is empty'),
        ];
      }),
  },
  userLabels('userLabels'),
];

/** The rules on one service with its objectives. */
export const serviceRules: readonly Rule[] = [
  shaped(serviceMessage, 'google.monitoring.v3.Service'),
  {
    source: 'CreateServiceRequest.service_id: [a-z0-9\\-]+',
    check: ({ id }) => when(!/^[a-z0-9-]+$/.test(textOf(id)), 'id', 'is not [a-z0-9-]+'),
  },
  {
    source: 'Quotas and limits: SLOs per service, 500',
    check: ({ objectives }) => {
      const count = objectsOf(objectives, '').length;
      return when(count > mostObjectives, 'objectives', `holds ${count}; at most ${mostObjectives}`);
    },
  },
  {
    source: 'ServiceLevelObjective.name: unique in its service',
    check: ({ objectives }) =>
      repeated(objectsOf(objectives, '').map(([item]) => textOf(item['id']))).map((id) => ({
        path: 'objectives',
        message: `the id ${id} stands twice`,
      })),
  },
  {
    source: 'google.monitoring.v3.ServiceLevelObjective',
    check: ({ objectives }) =>
      objectsOf(objectives, 'objectives').flatMap(([item, place]) =>
        applyRules(objectiveRules, item, {}).map(({ path, message }) => ({ path: `${place}${path === '' ? '' : '.'}${path}`, message })),
      ),
  },
  userLabels('userLabels'),
];
