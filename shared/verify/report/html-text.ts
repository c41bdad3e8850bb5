/** Puts text that comes from elsewhere into HTML, so that it stays text (HTML standard, 13.3 "escapingString"). */
import { excerptOf } from '../../report/text';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What a text itself writes as code, as our own hints do. */
const ownCode = /(?<=^|[\s(])`([^`]+)`(?=[).,:;!?]*(?:\s|$))/g;

/** @returns a sentence for the content of an element: escaped, and what it writes as code is code. */
export function prose(text: string, atMost = 300): string {
  return escaped(text, atMost).replaceAll(ownCode, '<code>$1</code>');
}

/** @returns the text on one line, cut where it is long, for the content of an element or a quoted attribute. */
export function escaped(text: string, atMost = 300): string {
  return excerptOf(text, atMost).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
