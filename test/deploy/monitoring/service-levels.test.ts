import { serviceLevels, windowSeconds } from '../../../deploy/monitoring/service-levels';
import { contextOfText, manyTargets } from './contexts';

const minute = 60_000;

test.each([
  [1, 60],
  [2, 120],
  [7, 432],
  [11, 675],
  [15, 900],
  [60, 3600],
  [25 * 60, 86_400],
  [1440, 86_400],
])('a period of %i minutes makes windows of %i s', (minutes, seconds) => {
  expect(windowSeconds(minutes * minute)).toBe(seconds);
});

test('each window is a whole fraction of a day, and no shorter than the period', () => {
  for (let minutes = 1; minutes <= 1440; minutes += 1) {
    const seconds = windowSeconds(minutes * minute);
    expect(86_400 % seconds).toBe(0);
    expect(seconds).toBeGreaterThanOrEqual(minutes * 60);
  }
});

test('without an objective there is none', () => {
  expect(serviceLevels(contextOfText(manyTargets(2)))).toBeUndefined();
});

test('critical targets have one, by their names; others have none', () => {
  const text =
    'alerts: { slo: 0.995 }\nhttp:\n  a: { url: https://a.example.com }\n  b: { url: https://b.example.com, severity: warning }\n';
  const [service, ...others] = serviceLevels(contextOfText(text))?.services ?? [];
  expect(others).toEqual([]);
  expect(service?.id).toBe('synthetics-staging');
  expect(service?.objectives).toMatchObject([
    { id: 'a', goal: 0.995, rollingPeriod: '2419200s', serviceLevelIndicator: { windowsBased: { windowPeriod: '60s' } } },
  ]);
  const range = service?.objectives[0]?.serviceLevelIndicator['windowsBased'] as {
    metricMeanInRange: { range: object; timeSeries: string };
  };
  expect(range.metricMeanInRange.range).toEqual({ min: 1, max: 1 });
  expect(range.metricMeanInRange.timeSeries).toContain('resource.labels.task_id="a"');
});

test('no service has more than 500, and a further target moves none', () => {
  const of = (count: number): ReadonlyMap<string, string> => {
    const services = serviceLevels(contextOfText(manyTargets(count, 'alerts: { slo: 0.99 }\n')))?.services ?? [];
    for (const { objectives } of services) expect(objectives.length).toBeLessThanOrEqual(500);
    return new Map(services.flatMap(({ id, objectives }) => objectives.map((objective) => [objective.id, id] as const)));
  };
  const before = of(1200);
  const after = of(1210);
  expect(before.size).toBe(1200);
  expect([...before].filter(([objective, service]) => after.get(objective) !== service)).toEqual([]);
});
