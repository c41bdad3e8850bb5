/** The fault matrix as a document. */
import { markdownTable } from '../../scripts/markdown-table';
import { faultNames, faults, limits, phasesOf, type Cell, type Row } from './cells';
import { rows } from './matrix';
import { states } from './states';
import { isExpected } from './trial';

/** The document's path from the root of the repository, and how it is written. */
export const documentPath = 'docs/fault-matrix.md';
export const writeCommand = 'npm run build && node build/test/faults/write.js';

/** @returns a cell in words; the phase only where it is another than the row's. */
function said(cell: Cell, phase?: string): string {
  if (!isExpected(cell)) return `(${cell.never})`;
  if (cell.outcome === 'success') return 'success';
  const outcome = cell.outcome === 'failure' ? '' : `${cell.outcome}: `;
  const where = cell.phase === phase ? '' : ` in ${cell.phase}`;
  return `${outcome}\`${cell.reason}\`${where}, ${cell.owner}, ${cell.limit}`;
}

const variants = [...new Set(rows.map(({ variant }) => variant))];

function counts(some: readonly Row[]): readonly number[] {
  const cells = some.flatMap((row) => faultNames.map((fault) => row.cells[fault]));
  const tried = cells.filter(isExpected);
  const outcomes = ['success', 'degraded', 'failure', 'unknown'].map((outcome) => tried.filter((cell) => cell.outcome === outcome).length);
  return [cells.length, tried.length, ...outcomes, cells.length - tried.length];
}

/** @returns how many cells there are, kind by kind and in all. */
export function summary(): string {
  const kinds = Object.keys(phasesOf);
  const line = (name: string, some: readonly Row[]): readonly string[] => [name, ...counts(some).map(String)];
  return markdownTable(
    ['kind', 'cells', 'tried', 'success', 'degraded', 'failure', 'unknown', 'no such thing'],
    [
      ...kinds.map((kind) =>
        line(
          kind,
          rows.filter((row) => row.kind === kind),
        ),
      ),
      line('all', rows),
    ],
  );
}

function section(variant: string): string {
  const own = rows.filter((row) => row.variant === variant);
  const lines = own.map((row) => [row.phase, row.at, ...faultNames.map((fault) => said(row.cells[fault], row.phase))]);
  return `### ${variant}\n\n${markdownTable(['phase', 'what the server is about to say', ...faultNames], lines)}`;
}

const seconds = (ms: number): string => `${ms / 1000} s`;

/** @returns the whole document. */
export function faultMatrix(): string {
  return `${[
    '# Fault matrix',
    'What a probe says of every fault, in every phase of every kind that goes over the network. The tests of `test/faults` try each cell against a real server behind a proxy that passes every byte until the moment of the fault; the resolver is one of our own.',
    `This file is written from the tests' data: \`${writeCommand}\`.`,
    'A cell tells the reason, the phase where it is not that of the row, who acts, and when it is told:',
    `- \`at once\`: within ${seconds(limits['at once'].toMs)} of an attempt that is given ${seconds(limits['at once'].timeoutMs)};\n- \`deadline\`: when the time of the attempt is over, ${seconds(limits.deadline.timeoutMs)} here, and at most ${seconds(limits.deadline.toMs - limits.deadline.timeoutMs)} later on a machine that is busy.`,
    'The outcome is `failure` unless the cell says otherwise. What stands in parentheses says why there is no such thing.',
    '## Faults',
    markdownTable(
      ['fault', 'what happens'],
      faultNames.map((fault) => [fault, faults[fault]]),
    ),
    '## Cells',
    summary(),
    '## By kind',
    ...variants.map(section),
    "## The servers' own faults",
    'Real servers brought into the state, unless the last column says otherwise.',
    markdownTable(
      ['kind', 'state', 'told', 'server'],
      states.map(({ kind, state, cell, server }) => [kind, state, said(cell), server]),
    ),
    '## What no probe can tell',
    [
      '- glibc says "no such name" where the resolver breaks off a stream, so a broken resolver is `dns_not_found` then.',
      '- A body without a length and without chunks ends where the connection ends: only a condition shows that a part is missing.',
      '- An open WebSocket that breaks off, by a reset, an end or an alert, is an unasked close with the code 1006, as RFC 6455 has it.',
      '- What a WebSocket server makes of our goodbye does not matter any more, as long as it speaks in frames: all was said.',
      '- A server that answers a `tcp` step with lines that do not match may still say the right one, so its answer is waited for.',
    ].join('\n'),
  ].join('\n\n')}\n`;
}
