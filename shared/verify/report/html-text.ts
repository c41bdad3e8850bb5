/** Puts text that comes from elsewhere into HTML, so that it stays text (HTML standard, 13.3 "escapingString"). */
import { excerptOf } from '../../report/text';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @returns the text on one line, cut where it is long, for the content of an element or a quoted attribute. */
export function escaped(text: string, atMost = 300): string {
  return excerptOf(text, atMost).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
