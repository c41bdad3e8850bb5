/** One spelling for documents: what a server adds, leaves out or writes in another way makes no difference. */
import { objectOf, textOf, type Document } from './google';
import { fingerprintLabel } from './fingerprint';

/** Fields whose absence does not mean their usual nothing: they are kept also when false. */
const telling = new Set(['enabled']);

/** @returns the fields of a document in one spelling; what is false, zero or empty is left out, as JSON of protocol buffers does. */
export function normalised(document: Document, fields: readonly string[]): Document {
  const picked = Object.fromEntries(fields.flatMap((field) => (field in document ? [[field, document[field]]] : [])));
  return objectOf(plainOf(picked));
}

function plainOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => plainOf(isCondition(item) ? withoutName(objectOf(item)) : item) ?? {});
    return orNothing(items, items.length === 0);
  }
  if (typeof value === 'object' && value !== null) {
    // Empty values count in a map of labels.
    const isMap = key === 'userLabels' || key === 'labels';
    const entries = Object.entries(value).flatMap(([inner, content]): readonly (readonly [string, unknown])[] => {
      if (inner === fingerprintLabel) return [];
      const plain = isMap ? content : plainOf(content, inner);
      return plain === undefined ? [] : [[inner, plain]];
    });
    return orNothing(Object.fromEntries(entries), entries.length === 0 && !isMap);
  }
  if (typeof value === 'string') return orNothing(secondsOf(value), value === '');
  return orNothing(value, value === null || value === 0 || (value === false && !telling.has(key)));
}

function orNothing(value: unknown, isEmpty: boolean): unknown {
  return isEmpty ? undefined : value;
}

/** Durations come back as whole seconds, or with fractions that are zero: `60s`, `60.000s`. */
function secondsOf(text: string): string {
  const [, amount] = /^(\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  return amount === undefined ? text : `${Number(amount)}s`;
}

/** The server names the conditions of a policy; their display name is their key. */
function isCondition(item: unknown): boolean {
  return textOf(objectOf(item)['name']).includes('/conditions/');
}

function withoutName({ name: _given, ...rest }: Document): Document {
  return rest;
}
