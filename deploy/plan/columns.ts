/** Texts in columns and paragraphs, for a terminal. */

/** How wide a text gets at most where it can be broken. */
const width = 118;
const indent = '  ';

/** @returns rows as lines with aligned columns; `right` names the columns of numbers. The last column may be as long as it is. */
export function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): readonly string[] {
  const widths = rows.reduce<readonly number[]>((known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)), []);
  return rows.map((row) => {
    const cells = row.map((cell, index) => (right.has(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)));
    return `${indent}${cells.join('  ').trimEnd()}`;
  });
}

/** @returns the words in lines that are not too wide, all but the first further in. */
export function paragraph(text: string, first = '', rest = first): readonly string[] {
  const lines: string[] = [];
  let line = indent + first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** @returns a section under its title; nothing where it has no lines. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** @returns the first items, and how many more there are. */
export function some(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return items.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** @returns as many of the first names as fit, at least one, and how many more there are. */
export function namesIn(names: readonly string[], fitting: number): string {
  let length = 0;
  const most = names.findIndex((name) => (length += name.length + 2) > fitting);
  return some(names, most === -1 ? names.length : Math.max(1, most));
}
