/** Shows the table: redrawn in place in a terminal, elsewhere a line for each change. */
import type { WriteStream } from 'node:tty';

/** Where the stack speaks to people. */
export interface Screen {
  /** A sentence of its own; it stays above the table. */
  say(sentence: string): void;
  /** The table as it is now, and what changed in it. */
  show(table: string, changes: readonly string[]): void;
}

/** @param now gives the time of day, `HH:MM:SS` */
export function createScreen(output: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>, now: () => string): Screen {
  if (!output.isTTY) {
    const line = (text: string): void => void output.write(`${now()}  ${text}\n`);
    return { say: line, show: (_, changes) => changes.forEach(line) };
  }
  let shown: string[] = [];
  // Up to the table's first line and clear from there (ECMA-48: CPL, ED). A line that wrapped would take more than one.
  const erase = (): string => (shown.length > 0 ? `\u001B[${shown.length}F\u001B[J` : '');
  const draw = (above: string): void => {
    output.write(`${erase()}${above}${shown.map((line) => `${line}\n`).join('')}`);
  };
  return {
    say: (sentence) => draw(`${sentence}\n`),
    show(table) {
      // A terminal that does not know its own size says 0.
      const columns = output.columns || 80;
      const next = table.trimEnd().split('\n');
      const before = erase();
      shown = next.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
      output.write(`${before}${shown.map((line) => `${line}\n`).join('')}`);
    },
  };
}
