/** The progress of a verification as lines of JSON, for whoever watches it. */
import type { VerifyLine } from '../status/actions';
import { verdictOf } from '../result';
import type { Progress } from './progress';
import { written } from './report/format';
import type { Verified } from './verify';

/** JSON objects, one a line. */
export const linesType = 'application/x-ndjson';

/** @returns whether a caller asks for lines (`Accept`). */
export function wantsLines(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((each) => each.split(';', 1)[0]?.trim().toLowerCase() === linesType);
}

/** @returns the line, with its end. */
export function lineOf(line: VerifyLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @returns what is told, without the answers of the functions themselves. */
export function progressLine(progress: Progress): VerifyLine {
  if (progress.type !== 'answered') return progress;
  const { outcome, ...rest } = progress;
  return typeof outcome === 'string'
    ? { ...rest, verdict: null, problem: outcome }
    : { ...rest, verdict: verdictOf(outcome.results), problem: null };
}

/** @returns the last line, which holds the answer and the reports for people. */
export function verifiedLine(verified: Verified, issue: string | undefined): VerifyLine {
  const report = (format: 'markdown' | 'text'): string => written(verified, format, issue).text;
  return { type: 'verified', verification: verified.answer, markdown: report('markdown'), text: report('text') };
}

/** @returns whether nothing comes after this line. */
export function isLast({ type }: VerifyLine): boolean {
  return type === 'verified' || type === 'failed';
}

/** @returns the lines of what comes, without their ends and without empty ones; one without an end is the last. */
export async function* linesIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}
