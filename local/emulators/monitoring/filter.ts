/** The part of the Monitoring filter language that the emulator knows: comparisons joined by AND (Cloud Monitoring, "Monitoring filters"). */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import type { SeriesIdentity } from './types';

/** One comparison, e.g. `metric.labels.kind = "http"`. */
export interface FilterTerm {
  /** `metric.type`, `resource.type`, `project`, `metric.labels.<key>` or `resource.labels.<key>`. */
  readonly field: string;
  readonly test: (value: string) => boolean;
  /** Whether it is an equality. */
  readonly exact: boolean;
}

const token = /\s*(?:([A-Za-z_][\w.]*(?:\."[^"]*")?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|=|\(|\)|,))/y;
const functions: Readonly<Record<string, (value: string, wanted: readonly string[]) => boolean>> = {
  starts_with: (value, [wanted = '']) => value.startsWith(wanted),
  ends_with: (value, [wanted = '']) => value.endsWith(wanted),
  has_substring: (value, [wanted = '']) => value.includes(wanted),
  one_of: (value, wanted) => wanted.includes(value),
};

/** Reads a filter; what is no filter, or more than the emulator knows (OR, NOT, groups), is INVALID_ARGUMENT. */
export function parseFilter(filter: string): FilterTerm[] {
  const tokens = tokenize(filter);
  const terms: FilterTerm[] = [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  while (at < tokens.length) {
    if (terms.length > 0 && tokens[at] === 'AND') at += 1;
    const field = canonical(next(), filter);
    const operator = next();
    if (operator !== '=' && operator !== '!=') throw invalid(filter, `expected = or != after ${field}`);
    const { test, exact } = readValue(next, filter);
    terms.push(operator === '=' ? { field, test, exact } : { field, test: (value) => !test(value), exact: false });
  }
  return terms;
}

/** Whether a series passes every term; an absent label counts as empty. */
export function matchesSeries(terms: readonly FilterTerm[], series: SeriesIdentity): boolean {
  return terms.every(({ field, test }) => test(valueOf(field, series)));
}

/** Whether a metric descriptor passes; only its type can be asked for. */
export function matchesDescriptor(terms: readonly FilterTerm[], type: string): boolean {
  return terms.every(({ field, test }) => {
    if (field !== 'metric.type')
      throw new StatusError(status.INVALID_ARGUMENT, `A filter of metric descriptors cannot name ${field} here.`);
    return test(type);
  });
}

function valueOf(field: string, { project, metric, resource }: SeriesIdentity): string {
  if (field === 'project') return project;
  const source = field.startsWith('metric.') ? metric : resource;
  const label = /^(?:metric|resource)\.labels\.(.*)$/.exec(field)?.[1];
  return label === undefined ? source.type : (source.labels[label] ?? '');
}

function readValue(next: () => string, filter: string): Pick<FilterTerm, 'test' | 'exact'> {
  const first = next();
  const text = literal(first);
  if (text !== undefined) return { test: (value) => value === text, exact: true };
  const run = functions[first];
  if (!run || next() !== '(') throw invalid(filter, `expected a quoted value or one of ${Object.keys(functions).join(', ')}`);
  const wanted: string[] = [];
  for (let separator = ','; separator !== ')'; separator = next()) {
    const argument = literal(next());
    if (separator !== ',' || argument === undefined) throw invalid(filter, `${first} takes quoted values`);
    wanted.push(argument);
  }
  return { test: (value) => run(value, wanted), exact: false };
}

function canonical(name: string, filter: string): string {
  const field = name.replace(/^(metric|resource)\.label\./, '$1.labels.').replaceAll('"', '');
  if (!/^(?:metric\.type|resource\.type|project|(?:metric|resource)\.labels\..+)$/.test(field))
    throw invalid(filter, `unknown field "${name}"`);
  return field;
}

function literal(text: string): string | undefined {
  return /^["']/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : undefined;
}

function tokenize(filter: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const text = filter.trimEnd();
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw invalid(filter, `unexpected text at ${at}`);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return tokens;
}

function invalid(filter: string, reason: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, `Field filter had an invalid value of "${filter}": ${reason}.`);
}
