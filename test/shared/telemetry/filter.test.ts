/** The filter that Cloud Monitoring is asked with ("Monitoring filters"). */
import { filterOf } from '../../../shared/telemetry/reader';

const query = { metric: 'probe/success', environment: 'test', fromMs: 0, toMs: 1 } as const;
const of = 'metric.type = "custom.googleapis.com/synthetic/probe/success" AND resource.type = "generic_task"';

test('names the metric, the resource and the environment', () => {
  expect(filterOf(query)).toBe(`${of} AND resource.labels.namespace = "test"`);
});

test('names the labels that are asked for, each with what it may be', () => {
  expect(filterOf({ ...query, where: { target: ['a', 'b'], kind: ['http'] } })).toBe(
    `${of} AND resource.labels.namespace = "test" AND metric.labels.target = one_of("a", "b") AND metric.labels.kind = "http"`,
  );
});

test('lets nothing out of its quotes', () => {
  expect(filterOf({ ...query, environment: 'a" OR "b\\', where: { target: ['x"', 'y\\'] } })).toBe(
    `${of} AND resource.labels.namespace = "a\\" OR \\"b\\\\" AND metric.labels.target = one_of("x\\"", "y\\\\")`,
  );
});
