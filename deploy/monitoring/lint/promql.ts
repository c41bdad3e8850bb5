/** Rules on PromQL text, as far as Prometheus itself does not know them: metrics that there are, with labels that they have. */
import { resourceType } from '../descriptors';
import { groupable, metricOfPromql, type KnownMetric } from './known-metrics';
import { when, type Mistake } from './rule';

/** A string with its quotes, a number or duration, a name, or one sign (Prometheus, "Expression language data types"). */
const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\$\{__interval\}|\d[\w.]*|[a-zA-Z_][a-zA-Z0-9_:]*|=~|!~|!=|[^\s]/g;
/** What a list of labels in parentheses follows. */
const clauses = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const matching = new Set(['=', '!=', '=~', '!~']);
const isName = (text: string): boolean => /^[a-zA-Z_][a-zA-Z0-9_:]*$/.test(text);
const valueOf = (literal: string): string => literal.slice(1, -1);

/** What a query names. */
interface Named {
  /** Metrics with the labels that their selectors match. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly { readonly key: string; readonly value: string }[] }[];
  /** Labels in `by (…)` and the like. */
  readonly grouped: readonly string[];
  /** Labels that `label_replace` and `label_join` make. */
  readonly made: ReadonlySet<string>;
}

/** @returns the tokens up to the closing sign, the opening one stands at `from`. */
function inside(tokens: readonly string[], from: number, close: string): readonly string[] {
  const end = tokens.indexOf(close, from);
  return tokens.slice(from + 1, end === -1 ? tokens.length : end);
}

/** @returns whether the token at `index` is a metric without braces: a name that nothing else can be. */
const isBareMetric = (tokens: readonly string[], index: number): boolean =>
  (tokens[index] ?? '').includes(':') && tokens[index + 1] !== '{';

function namedIn(query: string): Named {
  const tokens: readonly string[] = query.match(token) ?? [];
  const selectors = tokens.flatMap((text, index) => {
    if (text === '{' && !isName(tokens[index - 1] ?? '')) return [{ metric: '', labels: [] }];
    if (isBareMetric(tokens, index) && isName(text)) return [{ metric: text, labels: [] }];
    if (tokens[index + 1] !== '{' || !isName(text)) return [];
    const body = inside(tokens, index + 1, '}');
    const labels = body.flatMap((key, at) => (matching.has(body[at + 1] ?? '') ? [{ key, value: valueOf(body[at + 2] ?? '""') }] : []));
    return [{ metric: text, labels }];
  });
  const grouped = tokens.flatMap((text, index) =>
    clauses.has(text) && tokens[index + 1] === '(' ? inside(tokens, index + 1, ')').filter(isName) : [],
  );
  // The first text after the vector is the label that is made.
  const made = [...query.matchAll(/label_(?:replace|join)\s*\([\s\S]*?,\s*"(\w+)"/g)].map(([, label = '']) => label);
  return { selectors, grouped, made: new Set(made) };
}

/** @returns what is wrong with the matchers on a metric of ours: each label exists, and the resource is named. */
function matcherMistakes(known: KnownMetric, labels: Named['selectors'][number]['labels'], path: string): readonly Mistake[] {
  if (known.labels === undefined) return [];
  const allowed = new Set([...known.labels, ...(known.resourceLabels ?? []), 'monitored_resource']);
  const isOurs = known.type.startsWith('custom.');
  const resource = labels.find(({ key }) => key === 'monitored_resource');
  return [
    ...labels.flatMap(({ key }) => when(!allowed.has(key), path, `names the label ${key}, which ${known.promql} does not have`)),
    ...when(isOurs && resource?.value !== resourceType, path, `${known.promql} needs monitored_resource="${resourceType}"`),
  ];
}

/** @returns what is wrong with a query; whether it is PromQL at all is Prometheus's to say. */
export function promqlMistakes(query: string, path: string): readonly Mistake[] {
  if (query.trim() === '') return [{ path, message: 'is empty' }];
  const { selectors, grouped, made } = namedIn(query);
  return [
    ...selectors.flatMap(({ metric, labels }) => {
      const known = metricOfPromql(metric);
      return known ? matcherMistakes(known, labels, path) : [{ path, message: `names the metric ${metric || '{…}'}, which there is not` }];
    }),
    ...grouped.flatMap((label) =>
      when(!groupable.has(label) && !made.has(label), path, `groups by the label ${label}, which no metric has`),
    ),
  ];
}
