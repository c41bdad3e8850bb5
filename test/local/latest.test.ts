import { createLatest } from '../../local/stack/latest';
import type { RunReport, TelemetryCounts } from '../../shared/result';

function report(kind: string, shard: number, telemetry: TelemetryCounts): RunReport {
  return {
    runId: 'r',
    function: kind,
    version: '1.0.0',
    configHash: 'h',
    environment: 'local',
    trigger: 'schedule',
    shard,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    coldStart: false,
    verdict: 'unknown',
    counts: { success: 0, degraded: 0, failure: 0, unknown: 0 },
    results: [],
    telemetry,
  };
}

test('points that were not written are told until the next run of the same job', () => {
  const latest = createLatest({ targets: [] });
  const line = (points: number): string => `${points} points were not written (see the functions' log)`;
  expect(latest.record(report('redis', 0, { written: 9, superseded: 0, unwritten: 0 }))).toEqual([]);
  expect(latest.text()).not.toContain('not written');

  expect(latest.record(report('redis', 0, { written: 2, superseded: 0, unwritten: 7 }))).toEqual([line(7)]);
  expect(latest.record(report('postgres', 0, { written: 0, superseded: 0, unwritten: 5 }))).toEqual([line(12)]);
  expect(latest.record(report('postgres', 1, { written: 0, superseded: 0, unwritten: 5 }))).toEqual([line(17)]);
  expect(latest.record(report('postgres', 1, { written: 0, superseded: 0, unwritten: 5 }))).toEqual([]);
  expect(latest.text()).toContain(`${line(17)}\n\nOverall Status: `);

  // A look without a record had nothing to write.
  expect(latest.record(report('redis', 0, { written: 0, superseded: 0, unwritten: 0 }))).toEqual([]);
  expect(latest.text()).toContain(line(17));

  expect(latest.record(report('redis', 0, { written: 0, superseded: 9, unwritten: 0 }))).toEqual([line(10)]);
  expect(latest.record(report('postgres', 0, { written: 4, superseded: 0, unwritten: 1 }))).toEqual([line(6)]);
  latest.record(report('postgres', 1, { written: 5, superseded: 0, unwritten: 0 }));
  expect(latest.text()).toContain("1 point was not written (see the functions' log)");
  expect(latest.record(report('postgres', 0, { written: 5, superseded: 0, unwritten: 0 }))).toEqual(['All points are written again']);
  expect(latest.text()).not.toContain('not written');
});
