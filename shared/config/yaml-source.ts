/** Reads YAML 1.2 (core schema, with merge keys) and knows where everything stands. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Mistake, Place } from './problems';
import type { Source } from './source';

type Path = readonly (string | number)[];

/** Aliases may repeat what they stand for, but not multiply it without end. */
const maxNodes = 1_000_000;
const mergeKey = '<<';

/** The parser's messages may quote the text, which may hold a secret: only these are passed on, by its codes. */
const syntax: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'is an alias that YAML does not allow here',
  BAD_DQ_ESCAPE: 'has an escape sequence that YAML does not know; allowed: \\\\, \\", \\n …, or single quotes',
  BAD_INDENT: 'has a wrong indentation',
  BAD_SCALAR_START: 'begins with a character that must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'has a colon too many in one line; allowed: quotes around a text that holds ": "',
  KEY_OVER_1024_CHARS: 'has a key that is too long',
  MISSING_CHAR: 'lacks a closing quote, a bracket, a comma, or a colon or blank after a key',
  MULTILINE_IMPLICIT_KEY: 'has a key over several lines, perhaps a colon is missing',
  MULTIPLE_DOCS: 'begins a second document; allowed: one',
  TAB_AS_INDENT: 'is indented by a tab; allowed: blanks',
  TAG_RESOLVE_FAILED: 'has a tag that is not known; allowed: no tags',
  UNEXPECTED_TOKEN: 'stands where YAML does not expect it',
};

/** @returns what the text holds; never throws. */
export function parseYaml(text: string): Source {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: true, version: '1.2' });
    const errors = [...document.errors, ...document.warnings].map((error): Mistake => {
      const message = `is not YAML: ${syntax[error.code] ?? 'has the wrong form'}`;
      return {
        path: [],
        place: at(error.pos[0]),
        message: message.includes('; allowed') ? message : `${message}; allowed: YAML 1.2 or JSON`,
      };
    });
    if (errors.length > 0) return { value: undefined, mistakes: firstAtEachPlace(errors), place: () => at(0) };
    const { mistakes, usable } = inspectNodes(document, at);
    return {
      value: usable ? document.toJS({ maxAliasCount: -1 }) : undefined,
      mistakes,
      place: (path, key) => at(offsetOf(document, path, key)),
    };
  } catch {
    const message = 'is not YAML that can be read: it is nested too deeply; allowed: YAML 1.2 or JSON';
    return { value: undefined, mistakes: [{ path: [], place: { line: 1, column: 1 }, message }], place: () => ({ line: 1, column: 1 }) };
  }
}

/** What follows at the same place is mostly a consequence. */
function firstAtEachPlace(mistakes: readonly Mistake[]): readonly Mistake[] {
  const seen = new Set<string>();
  return mistakes.filter(({ place }) => {
    const at = `${place?.line}:${place?.column}`;
    const isFirst = !seen.has(at);
    seen.add(at);
    return isFirst;
  });
}

/** Looks for keys that stand twice or are no text, for aliases that lead nowhere or into themselves, and for their number. */
function inspectNodes(document: Document, at: (offset: number) => Place): { mistakes: readonly Mistake[]; usable: boolean } {
  const mistakes: Mistake[] = [];
  let usable = true;
  const anchors = new Map<string, { node: Node; size: number }>();
  const open = new Set<Node>();
  const tell = (node: Node, path: Path, message: string): void => {
    mistakes.push({ path, place: at(node.range?.[0] ?? 0), message });
  };
  const aliasSize = (alias: Alias, path: Path): number => {
    const target = anchors.get(alias.source);
    if (target && !open.has(target.node)) return target.size;
    usable = false;
    tell(alias, path, `is an alias of ${target ? 'what holds it' : 'an anchor that does not stand before it'}; allowed: an anchor above`);
    return 1;
  };
  const isMergeable = (value: unknown): boolean => {
    const items = isSeq(value) ? value.items : [value];
    return items.every((item) => isMap(isAlias(item) ? anchors.get(item.source)?.node : item));
  };
  const sizeOf = (node: unknown, path: Path): number => {
    if (isAlias(node)) return aliasSize(node, path);
    if (!isMap(node) && !isSeq(node)) {
      if (isScalar(node) && node.anchor !== undefined) anchors.set(node.anchor, { node, size: 1 });
      return 1;
    }
    const entry = { node, size: 1 };
    if (node.anchor !== undefined) anchors.set(node.anchor, entry);
    open.add(node);
    entry.size += isMap(node)
      ? mapSize(node, path)
      : node.items.reduce<number>((sum, item, index) => sum + sizeOf(item, [...path, index]), 0);
    open.delete(node);
    return entry.size;
  };
  const mapSize = (map: YAMLMap, path: Path): number => {
    const seen = new Set<string>();
    return map.items.reduce((sum, pair) => {
      const key = keyText(pair);
      const inner = [...path, key ?? ''];
      if (isScalar(pair.key) && (key === undefined || key === '__proto__')) tell(pair.key, inner, 'is not a key; allowed: a text');
      else if (key === undefined) {
        usable = false;
        tell(isNodeLike(pair.key) ? pair.key : map, path, 'has a key that is a list or a mapping; allowed: a text');
      } else if (seen.has(key)) tell(pair.key as Node, inner, 'stands twice; allowed: each key once');
      else if (key === mergeKey && !isMergeable(pair.value)) {
        usable = false;
        tell(pair.key as Node, inner, 'merges what is no mapping; allowed: an alias of a mapping, or a list of them');
      }
      seen.add(key ?? '');
      return sum + sizeOf(pair.value, key === mergeKey ? path : inner);
    }, 0);
  };
  if (sizeOf(document.contents, []) > maxNodes) {
    usable = false;
    mistakes.push({ path: [], place: at(0), message: `repeats too much by its aliases; allowed: ${maxNodes} values` });
  }
  return { mistakes, usable };
}

function isNodeLike(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** @returns the key as the value's property; undefined for null and for keys that are no scalars. */
function keyText({ key }: Pair): string | undefined {
  const value: unknown = isScalar(key) ? key.value : undefined;
  if (typeof value === 'string') return value;
  // The parser gives a merge key as a symbol.
  if (typeof value === 'symbol') return mergeKey;
  return typeof value === 'number' || typeof value === 'boolean' ? value.toString() : undefined;
}

/** @returns the offset of the value, of its key, or of the nearest thing that should hold it. */
function offsetOf(document: Document, path: Path, at?: 'key'): number {
  let node: unknown = resolved(document, document.contents);
  let holder = 0;
  for (const [depth, segment] of path.entries()) {
    const last = depth === path.length - 1;
    const found = isMap(node) ? pairIn(document, node, String(segment)) : undefined;
    const next = isSeq(node) && typeof segment === 'number' ? node.items[segment] : found?.value;
    if (!found && next === undefined) return holder;
    const key = offsetIn(found?.key) ?? offsetIn(next) ?? holder;
    if (last) return at === 'key' ? key : (offsetIn(next) ?? key);
    holder = key;
    node = resolved(document, next);
  }
  return holder;
}

function offsetIn(node: unknown): number | undefined {
  return isNodeLike(node) ? node.range?.[0] : undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** @returns the last pair of this key, or else that of a merged mapping. */
function pairIn(document: Document, map: YAMLMap, key: string): Pair | undefined {
  const own = map.items.findLast((pair) => keyText(pair) === key);
  if (own) return own;
  const merged = map.items.filter((pair) => keyText(pair) === mergeKey).map((pair) => resolved(document, pair.value));
  for (const source of merged.flatMap((value) => (isSeq(value) ? value.items : [value])).map((value) => resolved(document, value))) {
    const found = isMap(source) ? pairIn(document, source, key) : undefined;
    if (found) return found;
  }
  return undefined;
}
