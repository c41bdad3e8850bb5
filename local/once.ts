/** Runs every function once, and tells what came of it. */
import { timestamp } from '../shared/clock';
import type { Verdict } from '../shared/result';
import type { MonitoringEmulator } from './emulators/monitoring';
import { callFunction } from './stack/call';
import { createLatest } from './stack/latest';
import type { Stack } from './stack/stack';
import { groupBy } from '../shared/group';

const deadlineMs = 120_000;

/** What came of it: a text for people, and the exit code (0 healthy or degraded, 1 unhealthy, 3 unknown). */
export interface OnceOutcome {
  readonly text: string;
  readonly exitCode: number;
}

const exitCodes: Readonly<Record<Verdict, number>> = { healthy: 0, degraded: 0, unhealthy: 1, unknown: 3 };

export async function runOnce({ config, services, url }: Stack): Promise<OnceOutcome> {
  const latest = createLatest(config);
  const kinds = [...groupBy(config.targets, ({ kind }) => kind)];
  await Promise.all(
    kinds.map(async ([kind, targets]) => {
      try {
        latest.record(await callFunction(url(kind), { body: {}, deadlineMs }));
      } catch (error) {
        latest.recordProblem(targets, error instanceof Error ? error.message : String(error), timestamp());
      }
    }),
  );
  return { text: `${latest.text()}${pointsWritten(services.monitoring)}\n`, exitCode: exitCodes[latest.verdict()] };
}

const ofProject = /^custom\.googleapis\.com\/synthetic\//;

function pointsWritten(monitoring: MonitoringEmulator): string {
  const written = monitoring.series().map(({ metric, points }) => ({ type: metric.type.replace(ofProject, ''), points: points.length }));
  const byMetric = [...groupBy(written, ({ type }) => type)].map(
    ([type, series]) => [type, series.reduce((sum, { points }) => sum + points, 0)] as const,
  );
  const all = byMetric.reduce((sum, [, points]) => sum + points, 0);
  const list = byMetric.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([type, points]) => `  ${type} ${points}`);
  return [`Cloud Monitoring (emulated) holds ${all} points of ${byMetric.length} metrics:`, ...list].join('\n');
}
