/** What Stryker found, in the lines of our own sources. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { root } from '../bootstrap/run.mjs';

const survived = new Set(['Survived', 'NoCoverage']);

/** @returns Stryker's report of an area, or undefined where there is none yet. */
export function readReport(area) {
  const path = join(root, `reports/mutation/${area}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * Stryker takes over what it found the last time. A mutant that survived then may be noticed by a test written since, which it does not
 * see where the mutant is in code that runs on loading: so each is tried again.
 */
export function forgetSurvivors(area) {
  const path = join(root, `reports/mutation/${area}-incremental.json`);
  if (!existsSync(path)) return;
  const last = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values(last.files)) file.mutants = file.mutants.filter(({ status }) => !survived.has(status));
  writeFileSync(path, JSON.stringify(last));
}

const mutantsOf = ({ files }) => Object.values(files).flatMap(({ mutants }) => mutants);

/** Counts an area: a mutant after which the time was over was noticed, too. */
export function countMutants(report) {
  const all = mutantsOf(report).filter(({ status }) => status !== 'Ignored');
  const count = (is) => all.filter(({ status }) => is(status)).length;
  const counts = {
    mutants: all.length,
    killed: count((status) => status === 'Killed'),
    survived: count((status) => survived.has(status)),
    timeouts: count((status) => status === 'Timeout'),
  };
  return { ...counts, score: ((counts.killed + counts.timeouts) / all.length) * 100 };
}

function shown(text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** @returns a line for each mutant that no test noticed, with its place in the TypeScript source. */
export function survivorsOf(report) {
  return Object.entries(report.files).flatMap(([file, { mutants, source }]) => {
    const map = new SourceMap(JSON.parse(readFileSync(join(root, `${file}.map`), 'utf8')));
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => survived.has(status))
      .map(({ location: { start, end }, replacement = '', status }) => {
        const { originalLine = 0 } = map.findEntry(start.line - 1, start.column - 1);
        const first = lines[start.line - 1] ?? '';
        const was = start.line === end.line ? first.slice(start.column - 1, end.column - 1) : `${first.slice(start.column - 1)} …`;
        const place = `${file.replace(/^build\//, '').replace(/\.js$/, '.ts')}:${originalLine + 1}`;
        return {
          place,
          line: originalLine + 1,
          text: `${place} ${shown(was)} → ${shown(replacement) || 'nothing'}${status === 'NoCoverage' ? ' (no test comes here)' : ''}`,
        };
      })
      .toSorted((a, b) => a.line - b.line)
      .map(({ text }) => text);
  });
}

/** @returns the areas as the rows of a Markdown table, formatted as Prettier does. */
export function tableOf(counted) {
  const rows = [
    ['area', 'mutants', 'killed', 'survived', 'timeouts', 'score'],
    ...counted.map(({ area, mutants, killed: dead, survived: left, timeouts, score }) =>
      [area, mutants, dead, left, timeouts, `${score.toFixed(1)} %`].map(String),
    ),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells, filler = ' ') => `| ${cells.map((cell, column) => cell.padEnd(widths[column], filler)).join(' | ')} |`;
  return [
    line(rows[0]),
    line(
      rows[0].map(() => ''),
      '-',
    ),
    ...rows.slice(1).map((row) => line(row)),
  ].join('\n');
}
