/** The plan as people read it: what goes to Cloud Monitoring, and lines that fit a terminal. */
import { columns, namesIn, paragraph, some } from '../../../deploy/plan/columns';
import { planText } from '../../../deploy/plan/text';
import { planOf } from '../../support/planning';

const sections = { redis: { cache: { host: 'redis.internal' } } };

test('alert policies are told with their severity and channels', () => {
  const policy = {
    displayName: 'Target down, critical, infrastructure',
    combiner: 'OR' as const,
    conditions: [{ displayName: 'down' }],
    severity: 'CRITICAL' as const,
    documentation: { content: '', mimeType: 'text/markdown' as const },
    userLabels: { policy: 'down' },
    notificationChannels: ['projects/p/notificationChannels/7'],
    enabled: true,
  };
  const text = planText(planOf(sections, { policies: [policy, { ...policy, displayName: 'Other', notificationChannels: [] }] }));
  expect(text).toMatch(
    /Alert policies\n {2}name +severity +conditions +channels\n {2}Target down, critical, infrastructure +critical +1 +p\/7\n/,
  );
  expect(text).toMatch(/\n {2}Other +critical +1 +nobody is told\n/);
});

test('descriptors, dashboard, objectives, uptime checks and native monitors are told', () => {
  const objective = { displayName: 'cache', goal: 0.99, rollingPeriod: '2419200s', serviceLevelIndicator: {}, userLabels: {}, id: 'cache' };
  const text = planText(
    planOf(sections, {
      descriptors: [
        {
          type: 'custom.googleapis.com/synthetic/probe/success',
          metricKind: 'GAUGE',
          valueType: 'INT64',
          unit: '1',
          displayName: 'a',
          description: 'b',
          labels: [],
        },
      ],
      dashboard: {
        displayName: 'Synthetics test',
        labels: {},
        mosaicLayout: { columns: 12, tiles: [{ xPos: 0, yPos: 0, width: 1, height: 1, widget: {} }] },
      },
      serviceLevels: { services: [{ id: 's', displayName: 's', userLabels: {}, objectives: [objective] }] },
      uptimeChecks: [{ displayName: 'site from outside', userLabels: {}, check: {} }],
      syntheticMonitors: [
        { displayName: 'redis', userLabels: {}, function: 'synthetics-test-redis', periodMinutes: 1, timeoutSeconds: 60 },
      ],
    }),
  );
  expect(text).toContain(
    [
      'Monitoring',
      '  1 metric descriptor',
      '  dashboard Synthetics test, 1 tile',
      '  1 objective: cache',
      '  uptime check site from outside',
      '  native synthetic monitor redis, every 1 minute',
    ].join('\n'),
  );
});

describe('texts', () => {
  test('stand in columns, numbers to the right, without blanks at the end', () => {
    expect(
      columns(
        [
          ['a', '1', 'x'],
          ['bcd', '200', ''],
        ],
        new Set([1]),
      ),
    ).toEqual(['  a      1  x', '  bcd  200']);
  });

  test('are broken between words, further in after the first line', () => {
    const lines = paragraph(Array.from({ length: 60 }, () => 'word').join(' '), '- ', '  ');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length <= 118)).toBe(true);
    expect(lines[0]).toMatch(/^ {2}- word/);
    expect(lines[1]).toMatch(/^ {4}word/);
  });

  test('name the first of many, and count the rest', () => {
    expect(some(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
    expect(namesIn(['alpha', 'beta', 'gamma'], 13)).toBe('alpha, beta and 1 more');
    expect(namesIn(['a-name-longer-than-that'], 5)).toBe('a-name-longer-than-that');
  });
});
