/** The latest result of every target, as a table for people. */
import type { Config, Target } from '../../shared/config/config';
import { oneLine, overallLine, table } from '../../shared/report/text';
import { type Outcome, type Result, type RunReport, type Verdict, verdictOf } from '../../shared/result';

/** What is known of a target now. */
interface Row {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly owner: string;
  readonly latency: string;
  readonly message: string;
  /** Since when outcome and reason have been these: an RFC 3339 stamp. */
  readonly since: string;
}

/** The latest results. */
export interface Latest {
  /** Takes the results of a run; what comes back are sentences on what changed. */
  record(report: RunReport): string[];
  /** Takes it that targets could not be looked at. */
  recordProblem(targets: readonly Target[], message: string, at: string): string[];
  /** Whether every target has been looked at. */
  complete(): boolean;
  verdict(): Verdict;
  /** The table, the points that were not written, and the overall line. */
  readonly text: () => string;
}

const header = ['KIND', 'TARGET', 'OUTCOME', 'REASON', 'OWNER', 'LATENCY', 'SINCE', 'MESSAGE'];
const unknown = { reason: '', owner: 'monitor', latency: '' };

export function createLatest({ targets }: Pick<Config, 'targets'>): Latest {
  const rows = new Map<string, Row>();
  // Of each job's last run that had points to write.
  const unwritten = new Map<string, number>();
  const lost = (): number => [...unwritten.values()].reduce((sum, points) => sum + points, 0);
  const noteWritten = ({ function: kind, shard, telemetry }: RunReport): string[] => {
    if (telemetry.written + telemetry.superseded + telemetry.unwritten === 0) return [];
    const before = lost();
    unwritten.set(`${kind}/${shard}`, telemetry.unwritten);
    if (before === lost()) return [];
    return [lost() === 0 ? 'All points are written again' : lostLine(lost())];
  };

  const put = (target: string, kind: string, row: Row): string[] => {
    const last = rows.get(target);
    const same = last?.outcome === row.outcome && last.reason === row.reason;
    rows.set(target, same ? { ...row, since: last.since } : row);
    if (same) return [];
    return [
      [`${kind}/${target}`, row.outcome.toUpperCase(), row.reason, row.latency, row.message].filter((part) => part !== '').join('  '),
    ];
  };
  const judged = (): (Pick<Result, 'severity' | 'outcome'> & { readonly target: string })[] =>
    targets.map(({ name, severity }) => ({ target: name, severity, outcome: rows.get(name)?.outcome ?? 'unknown' }));
  const verdict = (): Verdict => verdictOf(judged());
  const cells = ({ kind, name }: Target): string[] => {
    const row = rows.get(name);
    if (!row) return [kind, name, '…', '', '', '', '', ''];
    return [kind, name, row.outcome.toUpperCase(), row.reason, row.owner, row.latency, row.since.slice(11, 19), row.message];
  };

  return {
    record: (report) => [
      ...report.results.flatMap((result) =>
        put(result.target, result.kind, {
          outcome: result.outcome,
          reason: result.reason ? `${result.reason}${result.phase ? ` (${result.phase})` : ''}` : '',
          owner: result.owner ?? '',
          latency: `${result.durationMs.toFixed(1)} ms`,
          message: result.outcome === 'success' ? '' : oneLine(result.message),
          since: result.startedAt,
        }),
      ),
      ...noteWritten(report),
    ],
    recordProblem: (unseen, message, since) =>
      unseen.flatMap(({ name, kind }) => put(name, kind, { ...unknown, outcome: 'unknown', message: oneLine(message), since })),
    complete: () => targets.every(({ name }) => rows.has(name)),
    verdict,
    text: () =>
      [
        table([header, ...targets.map(cells)]),
        '',
        ...(lost() > 0 ? [lostLine(lost()), ''] : []),
        overallLine(verdict(), judged()),
        '',
      ].join('\n'),
  };
}

function lostLine(points: number): string {
  return `${points === 1 ? '1 point was' : `${points} points were`} not written (see the functions' log)`;
}
