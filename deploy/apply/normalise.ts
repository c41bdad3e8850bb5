/** One spelling for documents: what a server adds, leaves out or writes in another way makes no difference. */
import { objectOf, textOf, type Document } from './google';
import { fingerprintLabel } from './fingerprint';

/** What Cloud Monitoring fills in where a document says nothing (REST reference, monitoring v3 and dashboards v1). */
const serverDefaults: Readonly<Record<string, readonly unknown[]>> = {
  enabled: [true],
  targetAxis: ['Y1'],
  plotType: ['LINE'],
  mimeType: ['text/markdown'],
  chartOptions: [{ mode: 'COLOR' }],
  duration: ['0s'],
  evaluationInterval: ['30s'],
};

/** @returns the fields of a document in one spelling; fields at their default are left out, as JSON of protocol buffers does. */
export function normalised(document: Document, fields: readonly string[]): Document {
  const picked = Object.fromEntries(fields.flatMap((field) => (field in document ? [[field, document[field]]] : [])));
  return objectOf(plainOf(picked));
}

function plainOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return value.map((item) => (isConditionOrTile(item) ? plainOf(withoutName(objectOf(item))) : plainOf(item)) ?? {});
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([inner, content]): readonly (readonly [string, unknown])[] => {
      if (inner === fingerprintLabel) return [];
      const plain = plainOf(content, inner);
      return plain === undefined ? [] : [[inner, plain]];
    });
    const isMap = key === 'userLabels' || key === 'labels';
    return orNothing(Object.fromEntries(entries), key, entries.length === 0 && !isMap);
  }
  if (typeof value === 'string') return orNothing(secondsOf(value), key, value === '');
  return orNothing(value, key, value === null || value === false || value === 0);
}

function orNothing(value: unknown, key: string, isEmpty: boolean): unknown {
  const isDefault = (serverDefaults[key] ?? []).some((usual) => JSON.stringify(usual) === JSON.stringify(value));
  return isEmpty || isDefault || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

/** Durations come back as whole seconds, or with fractions that are zero: `60s`, `60.000s`. */
function secondsOf(text: string): string {
  const [, amount] = /^(\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  return amount === undefined ? text : `${Number(amount)}s`;
}

/** The server names the conditions of a policy; their display name is their key. */
function isConditionOrTile(item: unknown): boolean {
  return textOf(objectOf(item)['name']).includes('/conditions/');
}

function withoutName({ name: _given, ...rest }: Document): Document {
  return rest;
}
