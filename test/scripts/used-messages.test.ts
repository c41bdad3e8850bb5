import { readFileSync } from 'node:fs';
import { protobuf } from 'google-gax';
import { usedDefinitions, type Definitions } from '../../scripts/used-messages';

const definitionsOf = (library: string): Definitions =>
  JSON.parse(readFileSync(require.resolve(`@google-cloud/${library}/build/protos/protos.json`), 'utf8')) as Definitions;
const whole = definitionsOf('monitoring');
const service = 'google.monitoring.v3.MetricService';
const used = usedDefinitions(whole, service);

const names = (definitions: Definitions): readonly string[] => {
  const found: string[] = [];
  const walk = (namespace: protobuf.NamespaceBase): void => {
    for (const object of namespace.nestedArray) {
      if (object instanceof protobuf.Type || object instanceof protobuf.Enum) found.push(object.fullName);
      if (object instanceof protobuf.Namespace) walk(object);
    }
  };
  walk(protobuf.Root.fromJSON(definitions));
  return found;
};

test('the one service stays, with every message that its methods speak of, and nothing else', () => {
  const root = protobuf.Root.fromJSON(used).resolveAll() as protobuf.Root;
  const methods = root.lookupService(service).methodsArray.map(({ name }) => name);
  expect(methods).toEqual(
    protobuf.Root.fromJSON(whole)
      .lookupService(service)
      .methodsArray.map(({ name }) => name),
  );
  expect(names(used)).toEqual(
    expect.arrayContaining(['.google.monitoring.v3.ListTimeSeriesRequest.TimeSeriesView', '.google.api.Distribution.BucketOptions.Linear']),
  );
  expect(names(used).filter((name) => /AlertPolicy|Uptime|HttpRule/.test(name))).toEqual([]);
  expect(names(used).length).toBeLessThan(names(whole).length / 5);
});

test('a message is written byte for byte as with the whole definitions', () => {
  const request = {
    name: 'projects/a',
    timeSeries: [
      {
        metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels: { kind: 'http' } },
        resource: { type: 'generic_task', labels: { job: 'http' } },
        metricKind: 'GAUGE',
        valueType: 'DOUBLE',
        points: [{ interval: { endTime: { seconds: 1_700_000_000, nanos: 5 } }, value: { doubleValue: 0.25 } }],
      },
    ],
  };
  const [one, other] = [whole, used].map((definitions) => {
    const type = protobuf.Root.fromJSON(definitions).lookupType('google.monitoring.v3.CreateTimeSeriesRequest');
    return Buffer.from(type.encode(type.fromObject(request)).finish()).toString('hex');
  });
  expect(other).toBe(one);
  expect(one).toContain(Buffer.from('custom.googleapis.com').toString('hex'));
});

test('a service that is not there is an error', () => {
  expect(() => usedDefinitions(whole, 'google.monitoring.v3.NoService')).toThrow('NoService');
});
