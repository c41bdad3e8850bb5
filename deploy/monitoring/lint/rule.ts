/** What a rule on a document is: a source and a check. */

/** Part of a document, as JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Something wrong, and where in the document: `conditions[0].conditionThreshold.filter`, or nothing for the whole. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
}

/** One rule on a document. */
export interface Rule<Document = Json, Facts = unknown> {
  /** Where it comes from. */
  readonly source: string;
  readonly check: (document: Document, facts: Facts) => Iterable<Mistake>;
}

/** @returns what all rules find. */
export function applyRules<Document, Facts>(rules: readonly Rule<Document, Facts>[], document: Document, facts: Facts): readonly Mistake[] {
  return rules.flatMap((rule) => [...rule.check(document, facts)]);
}

/** @returns one mistake where the condition holds, else none. */
export function when(wrong: boolean, path: string, message: string): readonly Mistake[] {
  return wrong ? [{ path, message }] : [];
}

/** @returns the value where it is a JSON object, else an empty one: its shape is another rule's. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** @returns the objects of a list with their places. */
export function objectsOf(value: unknown, path: string): readonly (readonly [item: Json, path: string])[] {
  return Array.isArray(value) ? value.map((item, index) => [objectOf(item), `${path}[${index}]`] as const) : [];
}

/** @returns the texts of a list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** @returns the text, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @returns the seconds of a `google.protobuf.Duration` in JSON, e.g. `60s`; NaN where it is none. */
export function secondsOf(value: unknown): number {
  return typeof value === 'string' && /^\d+(\.\d{1,9})?s$/.test(value) ? Number(value.slice(0, -1)) : NaN;
}

/** @returns the texts that stand more than once. */
export function repeated(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

/** @returns how many of the keys the object has. */
export function countOf(object: Json, keys: readonly string[]): number {
  return keys.filter((key) => object[key] !== undefined).length;
}

/** @returns the number of Unicode characters. */
export function charactersIn(text: string): number {
  return Array.from(text).length;
}
