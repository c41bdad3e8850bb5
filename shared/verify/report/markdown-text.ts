/**
 * Puts text that comes from elsewhere into GitHub Flavored Markdown, so that it stays text (GFM specification 0.29, 2.4 and 6.1).
 *
 * GitHub makes links of more than the specification says: `#12`, `GH-12`, `owner/repo#12`, `@name`, commit hashes, addresses (GitHub
 * Docs, "Autolinked references and URLs"). It does so in the finished text, where a backslash is gone and an entity is resolved; only
 * code is spared. So a word that holds one of these is written as code: it reads the same in the source, and can be copied.
 */
import { excerptOf } from '../../report/text';

const longest = 300;

/** Anywhere in a word. A hash may be shortened; one without both digits and letters is a number or a word. `$` may begin a formula. */
const live = [
  /:\/\//,
  /www\./i,
  /#\d/,
  /@[\p{L}\d]/u,
  /(?<![a-z\d])gh-\d/i,
  /(?<![a-z\d])[\da-f]{40}(?![a-z\d])/i,
  /(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,39}(?![\w-])/i,
  /\$/,
];

/** What stands around a word in a sentence does not belong to it. */
const wordForm = /^([("'[{]*)(.*?)([)"'\]},.:;!?]*)$/su;

/** What the text itself writes as code, as our own hints do, set apart from what stands beside. */
const ownCode = /(?<=^|[\s(])(`[^`]+`)(?=[).,:;!?]*(?:\s|$))/;

/** @returns the text on one line, cut where it is long, with nothing in it but code that means anything to Markdown, HTML or GitHub. */
export function plain(text: string, atMost = longest): string {
  return excerptOf(text, atMost)
    .split(ownCode)
    .map((part, index) => (index % 2 === 1 ? span(part.slice(1, -1)) : part.split(' ').map(plainWord).join(' ')))
    .join('')
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
    .replace(/^([-=+#])/, String.raw`\$1`);
}

function plainWord(word: string): string {
  if (!live.some((form) => form.test(word))) return unmarked(word);
  const [, before = '', inner = '', after = ''] = wordForm.exec(word) ?? [];
  return `${unmarked(before)}${span(inner)}${unmarked(after)}`;
}

function unmarked(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>!|~&]/g, String.raw`\$&`);
}

/** @returns the text as a code span that nothing in it can end. */
export function code(text: string, atMost = longest): string {
  return span(excerptOf(text, atMost));
}

function span(text: string): string {
  // A bar would end a table's cell even in here; escaped it is one everywhere else.
  const line = text.replaceAll('|', '¦');
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const space = runs.length > 0 || line === '' ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** What names an issue: a reference or an address, and nothing else. */
const reference = /^(([\w.-]+\/[\w.-]+)?#\d+|GH-\d+|https:\/\/[\w.-]+(:\d+)?(\/[\w./#?=&%-]*)?)$/;

/** @returns what the caller says of an issue: its references as they stand, so that GitHub links them, all else as plain text. */
export function issueText(issue: string): string {
  return excerptOf(issue)
    .split(' ')
    .map((word) => (reference.test(word) ? word : plain(word)))
    .join(' ');
}

/** @returns a table; the cells are Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}
