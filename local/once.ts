/** Runs every function once, and tells what came of it. */
import type { DiagnoseReport } from '../functions/diagnose/report';
import { timestamp } from '../shared/clock';
import { oneLine } from '../shared/report/text';
import type { Verdict } from '../shared/result';
import type { MonitoringEmulator } from './emulators/monitoring';
import { ask, callFunction, refusalOf } from './stack/call';
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

export async function runOnce({ config, services, functions, url }: Stack): Promise<OnceOutcome> {
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
  const causes = functions.includes(diagnose) ? `${await causesOf(url(diagnose))}\n` : '';
  return { text: `${latest.text()}${causes}${pointsWritten(services.monitoring)}\n`, exitCode: exitCodes[latest.verdict()] };
}

const diagnose = 'diagnose';

/** What is broken, as the function that diagnoses reads it from the points that were just written. */
async function causesOf(url: string): Promise<string> {
  try {
    const answered = await ask(url, { body: {}, deadlineMs });
    const report = answered.document as Partial<DiagnoseReport> | undefined;
    if (!report?.causes) throw refusalOf(answered);
    if (report.outcome === 'unknown') return `Causes: unknown, ${report.reason}: ${oneLine(report.message ?? '')}`;
    const lines = report.causes.map(({ cause, owner, title, blocks }) => {
      const blocked = blocks.length > 0 ? `; blocks ${blocks.join(', ')}` : '';
      return `  ${cause} (${owner}): ${title}${blocked}`;
    });
    return lines.length > 0 ? ['Causes:', ...lines].join('\n') : 'Causes: none';
  } catch (error) {
    return `Causes: unknown, ${error instanceof Error ? error.message : String(error)}`;
  }
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
