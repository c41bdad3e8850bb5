/** The one owner of the terminal and of the exit code. */

/** Writes to stdout, a line end added where there is none. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes to stderr, a line end added where there is none. */
export function complain(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Clears the screen where there is one. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write('\u001B[2J\u001B[H');
}

/** Shows a line of progress on a terminal, in the place of the one before, cut to its width; an empty one takes it away. */
export function tellBriefly(text: string): void {
  // A full line would wrap.
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text.slice(0, Math.max(1, (process.stderr.columns || 80) - 1))}`);
}

/** The last line of stderr, for what passes. */
export interface StatusLine {
  /** Shows the text in place of what was there. */
  show(text: string): void;
  clear(): void;
}

/** @returns the line, or undefined where stderr is no terminal. */
export function statusLine(): StatusLine | undefined {
  return process.stderr.isTTY ? { show: tellBriefly, clear: () => tellBriefly('') } : undefined;
}

/** Says with which code the process ends, once everything is written. */
export function endWith(code: number): void {
  process.exitCode = code;
}

/** Ends quietly when the reader of stdout has gone, e.g. `synthetics schema | head`. */
export function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
