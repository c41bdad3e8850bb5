/** A run as a short table for people. */
import { stripVTControlCharacters } from 'node:util';
import type { Result, RunReport, Verdict } from '../result';

/** Pads columns to their widest cell; the last one is left as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Marks that turn the direction of the text around them (Unicode Standard Annex 9, 2): they would reorder what stands beside. */
const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** @returns one line of text: what comes from elsewhere may hold line ends, control characters, colours of a terminal. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(directions, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** @returns the beginning of a text, on one line. */
export function excerptOf(text: string, atMost = 200): string {
  const line = oneLine(text);
  // Half of a pair is no character.
  return line.length > atMost ? `${line.slice(0, atMost - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}

/** @returns the cells of a result, as below the header of `resultHeader`. */
export function resultRow(result: Result): string[] {
  const reason = result.reason ? `${result.reason}${result.phase ? ` (${result.phase})` : ''}` : '';
  return [
    result.kind,
    result.target,
    result.outcome.toUpperCase(),
    `${result.durationMs.toFixed(1)} ms`,
    reason,
    result.owner ?? '',
    oneLine(result.message),
  ];
}

export const resultHeader = ['KIND', 'TARGET', 'OUTCOME', 'TOOK', 'REASON', 'OWNER', 'MESSAGE'] as const;

/** @returns the line that scripts look for. */
export function overallLine(verdict: Verdict, results: readonly Pick<Result, 'severity' | 'outcome'>[]): string {
  const failures = results.filter(({ severity, outcome }) => severity === 'critical' && outcome === 'failure').length;
  return `Overall Status: ${verdict.toUpperCase()}, Critical Failures: ${failures}`;
}

/** @returns the table, hints of what is not well, how many points were lost, and the overall line. */
export function textReport(report: Pick<RunReport, 'verdict' | 'results' | 'telemetry'>): string {
  const { written, superseded, unwritten } = report.telemetry;
  const hints = report.results.flatMap(({ target, hint }) => (hint ? [`${target}: ${hint}`] : []));
  return [
    table([resultHeader, ...report.results.map(resultRow)]),
    ...(hints.length > 0 ? ['', ...hints] : []),
    '',
    ...(unwritten > 0 ? [`Points not written: ${unwritten} of ${written + superseded + unwritten}`] : []),
    overallLine(report.verdict, report.results),
    '',
  ].join('\n');
}
