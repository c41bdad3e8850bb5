import type { Result } from '../../../shared/result';
import { labels as allLabels, metrics } from '../../../shared/telemetry/catalogue';
import { heartbeatOf, pointsOf, timeSeriesOf, type Point } from '../../../shared/telemetry/points';
import { successfulResult } from '../../support/successful-result';

const place = { region: 'us-central1', environment: 'test' };
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const result: Result = { ...successfulResult, kind: 'websocket', target: 'chat', phases: { dns: 1, connect: 2 } };
const failed = { reason: 'timeout', domain: 'service', owner: 'application' } as const;

/** Points as `metric{further labels} value`. */
function shown(points: readonly Point[]): string[] {
  const common = new Set(['kind', 'target', 'severity']);
  return points.map(({ metric, labels, value }) => {
    const further = Object.entries(labels).filter(([label]) => !common.has(label));
    return `${metric}{${further.map(([label, text]) => `${label}=${text}`).join(',')}} ${value}`;
  });
}
const of = (more: Partial<Result>): string[] => shown(pointsOf({ ...result, ...more }, place, at));

const phases = ['probe/phase_latency{phase=dns} 1', 'probe/phase_latency{phase=connect} 2'];

describe('the points of a result', () => {
  test.each([
    ['success', {}, ['probe/success{} 1', 'probe/first_success{} 1', 'probe/latency{} 31', ...phases]],
    [
      'degraded after a failure',
      { ...failed, outcome: 'degraded', firstOutcome: 'failure' },
      [
        'probe/success{} 1',
        'probe/first_success{} 0',
        'probe/problem{outcome=degraded,reason=timeout,domain=service,owner=application} 1',
        'probe/latency{} 31',
        ...phases,
      ],
    ],
    [
      'failure',
      { ...failed, outcome: 'failure', firstOutcome: 'failure' },
      [
        'probe/success{} 0',
        'probe/first_success{} 0',
        'probe/problem{outcome=failure,reason=timeout,domain=service,owner=application} 1',
        'probe/latency{} 31',
        ...phases,
      ],
    ],
    [
      'unknown',
      { reason: 'api_denied', domain: 'monitor', owner: 'monitor', outcome: 'unknown', firstOutcome: 'unknown', phases: {} },
      ['probe/problem{outcome=unknown,reason=api_denied,domain=monitor,owner=monitor} 1'],
    ],
  ] as const)('with %s', (_, more, expected) => {
    expect(of(more as Partial<Result>)).toEqual(expected);
  });

  test('hold the facts that are metrics, and no others', () => {
    const observed = {
      'address.ip': '10.0.0.1',
      'tls.daysUntilExpiry': -1.5,
      'redis.memoryUtilization': 0.4,
      'postgres.connectionUtilization': 0.2,
      'postgres.replicationLag': 3,
      'websocket.pingMs': 1.25,
      'websocket.eventLatencyMs': { agent_started: 5, agent_completed: 9 },
      'secret.ageDays': { 'db-password': 12 },
      'secret.versions': { 'db-password': '7' },
      'journey.stepLatencyMs': { login: 20, chat: 'not a number' },
    };
    expect(of({ observed, phases: {} }).slice(3)).toEqual([
      'tls/days_until_expiry{} -1.5',
      'postgres/connection_utilization{} 0.2',
      'postgres/replication_lag{} 3',
      'redis/memory_utilization{} 0.4',
      'websocket/ping_rtt{} 1.25',
      'websocket/event_latency{event=agent_started} 5',
      'websocket/event_latency{event=agent_completed} 9',
      'journey/step_latency{step=login} 20',
      'secrets/age{secret=db-password} 12',
    ]);
  });

  test('say of each secret whether it is valid, where that could be told', () => {
    const finding = { message: '', durationMs: null, reason: null };
    const findings = [
      { ...finding, subject: 'a', outcome: 'success' },
      { ...finding, subject: 'b', outcome: 'failure' },
      { ...finding, subject: 'c', outcome: 'unknown' },
    ] as const;
    expect(of({ kind: 'secrets', findings, phases: {} }).slice(3)).toEqual(['secrets/valid{secret=a} 1', 'secrets/valid{secret=b} 0']);
    expect(of({ kind: 'websocket', findings, phases: {} }).slice(3)).toEqual([]);
  });

  test('carry no label that the catalogue does not know of their metric', () => {
    for (const { metric, labels } of pointsOf({ ...result, ...failed, outcome: 'failure' }, place, at)) {
      expect(Object.keys(labels).toSorted()).toEqual([...metrics[metric].labels].toSorted());
    }
  });
});

test('the heartbeat has neither target nor severity, and is 0 when a result is unknown', () => {
  const counts = { success: 1, degraded: 0, failure: 1, unknown: 0 };
  const report = { function: 'redis', shard: 3, trigger: 'schedule', counts, durationMs: 48.2 } as const;
  const points = heartbeatOf(report, 1.5, place, at);
  expect(shown(points)).toEqual([
    'prober/healthy{shard=3,trigger=schedule} 1',
    'prober/run_duration{shard=3,trigger=schedule} 48.2',
    'prober/event_loop_delay{shard=3,trigger=schedule} 1.5',
  ]);
  for (const { metric, labels, task } of points) {
    expect(Object.keys(labels).toSorted()).toEqual([...metrics[metric].labels].toSorted());
    expect(task).toEqual({ location: 'us-central1', namespace: 'test', job: 'redis', task_id: 'shard-3' });
  }
  expect(heartbeatOf({ ...report, counts: { ...counts, unknown: 1 } }, 0, place, at)[0]?.value).toBe(0);
});

test('a series is a gauge of generic_task, stamped to the millisecond', () => {
  const [point] = pointsOf(result, place, at);
  expect(point && timeSeriesOf(point, 'p')).toEqual({
    metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels: { kind: 'websocket', target: 'chat', severity: 'critical' } },
    resource: {
      type: 'generic_task',
      labels: { project_id: 'p', location: 'us-central1', namespace: 'test', job: 'websocket', task_id: 'chat' },
    },
    metricKind: 'GAUGE',
    valueType: 'INT64',
    points: [{ interval: { endTime: { seconds: at / 1000 - 0.678, nanos: 678_000_000 } }, value: { int64Value: 1 } }],
  });
});

test('the catalogue is the one that alert policies and dashboards rely on', () => {
  const lines = Object.entries(metrics).map(([name, { valueType, unit, labels }]) => `${name} ${valueType} ${unit} ${labels.join(',')}`);
  expect(lines).toEqual([
    'probe/success INT64 1 kind,target,severity',
    'probe/first_success INT64 1 kind,target,severity',
    'probe/problem INT64 1 kind,target,severity,outcome,reason,domain,owner',
    'probe/latency DOUBLE ms kind,target,severity',
    'probe/phase_latency DOUBLE ms kind,target,severity,phase',
    'tls/days_until_expiry DOUBLE d kind,target,severity',
    'postgres/connection_utilization DOUBLE 1 kind,target,severity',
    'postgres/replication_lag DOUBLE s kind,target,severity',
    'redis/memory_utilization DOUBLE 1 kind,target,severity',
    'websocket/ping_rtt DOUBLE ms kind,target,severity',
    'websocket/event_latency DOUBLE ms kind,target,severity,event',
    'journey/step_latency DOUBLE ms kind,target,severity,step',
    'secrets/valid INT64 1 kind,target,severity,secret',
    'secrets/age DOUBLE d kind,target,severity,secret',
    'probe/blocked INT64 1 kind,target,severity,cause',
    'cause/active INT64 1 kind,cause,owner',
    'prober/healthy INT64 1 kind,shard,trigger',
    'prober/run_duration DOUBLE ms kind,shard,trigger',
    'prober/event_loop_delay DOUBLE ms kind,shard,trigger',
  ]);
});

test('every metric and every label says what it is, as people read it in the console', () => {
  for (const { displayName, description } of Object.values(metrics)) {
    expect(displayName).toMatch(/^[A-Z][A-Za-z ]{2,}$/);
    expect(description).toMatch(/^[A-Z1].{10,}\.$/);
  }
  for (const description of Object.values(allLabels)) expect(description).toMatch(/^[A-Z].{10,}\.$|^critical, |^degraded, /);
  const named = Object.values(metrics).map(({ displayName }) => displayName);
  expect(new Set(named).size).toBe(named.length);
  expect(new Set(Object.values(metrics).flatMap((metric) => metric.labels))).toEqual(new Set(Object.keys(allLabels)));
});
