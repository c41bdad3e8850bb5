import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveLine, type ServedLine } from '../../support/served-line';

let served: ServedLine;
beforeAll(async () => {
  served = await serveLine();
});
afterAll(() => served.close());

describe('the log', () => {
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const trace = {
    'logging.googleapis.com/trace': 'projects/test-project/traces/0af7651916cd43dd8448eb211c80319c',
    'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    'logging.googleapis.com/trace_sampled': true,
  };

  test('holds an error report of a failure, the same for the same kind, target and reason, and the run, joined to the trace', async () => {
    const reports: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      served.logged.length = 0;
      await served.ask('?target=bad&record=0', { headers });
      const [report, run] = served.logged;
      expect(report).toMatchObject({
        severity: 'ERROR',
        event: 'result',
        '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
        serviceContext: { service: 'line', version: '0.1.0' },
        result: { target: 'bad', outcome: 'failure' },
        ...trace,
      });
      expect(run).toMatchObject({ severity: 'WARNING', event: 'run', verdict: 'unhealthy', ...trace });
      reports.push([String(report?.['message']).split('\n')[0], report?.['context']]);
    }
    expect(reports[0]).toEqual(reports[1]);
  });

  test('reads the trace from the header of Google, too', async () => {
    served.logged.length = 0;
    await served.ask('?target=good&record=0', { headers: { 'x-cloud-trace-context': '0af7651916cd43dd8448eb211c80319c/255;o=0' } });
    expect(served.logged).toMatchObject([
      {
        event: 'run',
        severity: 'INFO',
        'logging.googleapis.com/spanId': '00000000000000ff',
        'logging.googleapis.com/trace_sampled': false,
      },
    ]);
  });
});

describe('telemetry that can not be written', () => {
  test('is 500 with the whole answer and the number of points, each of which is printed', async () => {
    served.logged.length = 0;
    const heal = served.monitoring.fault({ code: 7, message: 'denied' });
    const { status, body } = await served.ask('?target=good');
    heal();
    expect(status).toBe(500);
    expect(body.verdict).toBe('healthy');
    expect(body.telemetry).toEqual({ written: 0, superseded: 0, unwritten: 9 });
    const printed = served.logged.filter(({ event }) => event === 'point_unwritten');
    expect(printed).toHaveLength(9);
    expect(printed[0]).toMatchObject({
      severity: 'WARNING',
      point: {
        metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels: { kind: 'line', target: 'good', severity: 'critical' } },
        resource: { type: 'generic_task', labels: { location: 'europe-west1', namespace: 'test', job: 'line', task_id: 'good' } },
        points: [{ interval: { endTime: expect.stringMatching(/^\d{4}-.*Z$/) }, value: { int64Value: 1 } }],
      },
    });
  });
});

describe('a wrong configuration', () => {
  test('is 500 with the place, for every request but a wrong method', async () => {
    const path = join(served.folder, 'wrong.yaml');
    writeFileSync(path, 'environment: test\nproject: p\nregionn: r\n');
    const wrong = await served.start({ configPath: path });
    const response = await fetch(`${wrong.url}?target=none`);
    const put = await fetch(wrong.url, { method: 'PUT' });
    await wrong.close();
    expect([response.status, put.status]).toEqual([500, 405]);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain('wrong.yaml:3:1 regionn: ');
  });
});
