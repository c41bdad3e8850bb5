/** Puts text that comes from elsewhere into GitHub Flavored Markdown, so that it stays text (GFM specification 0.29, 2.4 and 6.1). */
import { excerptOf } from '../../report/text';

const longest = 300;

/** Mentions and references would call people and other issues; an invisible joiner between sign and name keeps the sight of it. */
const joiner = '\u2060';

/** @returns the text on one line, cut where it is long, with nothing in it that means anything to Markdown or HTML. */
export function plain(text: string, atMost = longest): string {
  return excerptOf(text, atMost)
    .replaceAll(/[\\`*_[\]<>!|~$&]/g, String.raw`\$&`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
    .replace(/^([-=+#])/, String.raw`\$1`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replaceAll(/(?<![\p{L}\d])@(?=[\p{L}\d])/gu, `@${joiner}`)
    .replaceAll(/#(?=\d)/g, `#${joiner}`);
}

/** @returns the text as a code span that nothing in it can end. */
export function code(text: string, atMost = longest): string {
  // A bar would end a table's cell even in here; escaped it is one everywhere else.
  const line = excerptOf(text, atMost).replaceAll('|', '¦');
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const space = runs.length > 0 || line === '' ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** @returns what names an issue as it stands where it is nothing but a reference or an address, else as plain text. */
export function issueText(issue: string): string {
  const isReference = /^([\w.-]+\/[\w.-]+)?#\d+$|^https:\/\/[\w.-]+(:\d+)?(\/[\w./#?=&%-]*)?$/.test(issue);
  return isReference ? issue : plain(issue, 200);
}

/** @returns a table; the cells are Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}
