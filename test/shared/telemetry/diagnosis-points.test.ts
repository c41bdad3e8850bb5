/** The points that silence the alerts of what is blocked, and page for its cause. */
import { blockedPoints, causePoints } from '../../../shared/telemetry/diagnosis-points';
import { metrics } from '../../../shared/telemetry/catalogue';
import { configOf } from '../../support/probing';

const place = { region: 'us-central1', environment: 'test' };

test('each cause is a point of the function that diagnoses', () => {
  const causes = [
    { cause: 'target:orders-db', owner: 'infrastructure' },
    { cause: 'network:vpc', owner: 'operator' },
  ] as const;
  const points = causePoints(causes, place, 1234);
  expect(points).toEqual(
    causes.map(({ cause, owner }) => ({
      metric: 'cause/active',
      labels: { kind: 'diagnose', cause, owner },
      task: { location: 'us-central1', namespace: 'test', job: 'diagnose', task_id: 'diagnose' },
      value: 1,
      at: 1234,
    })),
  );
  for (const { metric, labels } of points) expect(Object.keys(labels).toSorted()).toEqual([...metrics[metric].labels].toSorted());
  expect(causePoints([], place, 1234)).toEqual([]);
});

test('each target that is blocked has a point for each of its causes, in the task of its own points', () => {
  const { targets } = configOf({
    redis: { cache: { host: 'h', severity: 'warning' } },
    tcp: { port: { host: 'h', port: 1 }, other: { host: 'h', port: 2 } },
  });
  const blocked = new Map([
    ['cache', ['network:vpc', 'target:port']],
    ['port', ['network:vpc']],
    ['nobody', ['network:vpc']],
  ]);
  const points = blockedPoints(targets, blocked, place, 1234);
  expect(points).toEqual([
    ...['network:vpc', 'target:port'].map((cause) => ({
      metric: 'probe/blocked',
      labels: { kind: 'redis', target: 'cache', severity: 'warning', cause },
      task: { location: 'us-central1', namespace: 'test', job: 'redis', task_id: 'cache' },
      value: 1,
      at: 1234,
    })),
    {
      metric: 'probe/blocked',
      labels: { kind: 'tcp', target: 'port', severity: 'critical', cause: 'network:vpc' },
      task: { location: 'us-central1', namespace: 'test', job: 'tcp', task_id: 'port' },
      value: 1,
      at: 1234,
    },
  ]);
  for (const { metric, labels } of points) expect(Object.keys(labels).toSorted()).toEqual([...metrics[metric].labels].toSorted());
});
