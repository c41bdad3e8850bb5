/** Templates in the configuration's strings: `${secret:name}`, `${variable}`, `${x|base64url}`; bound and rendered, each text expanded once. */
import type { Resolved, SecretReference } from '../probe';
import { Template, TemplateError, type Variables } from './bound-template';

/** A piece of a template. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'variable'; readonly name: string; readonly filters: readonly Filter[] }
  | { readonly type: 'secret'; readonly name: readonly Part[]; readonly version: string; readonly filters: readonly Filter[] };

const filters = {
  /** RFC 4648, section 5, without padding. */
  base64url: (text: string): string => Buffer.from(text, 'utf8').toString('base64url'),
} as const;
type Filter = keyof typeof filters;

/** Gives the value of a secret; throws where there is none. */
export type Lookup = (reference: SecretReference) => string;

const allowed = 'allowed: ${secret:name}, ${secret:name@version}, ${variable}, each also with |base64url, and $${ for a literal ${';

/** @returns the parts of a text; throws a TemplateError that says what is wrong and what is allowed. */
export function parseTemplate(text: string): readonly Part[] {
  const [parts, end] = parseParts(text, 0, false);
  if (end !== text.length) throw new TemplateError(`holds a template that is not closed; ${allowed}`);
  return parts;
}

/** Only the name of a secret may hold a template, and that one none. */
const deepest = 2;

/** Parses up to the end of the text or, inside a template, up to the brace that closes it. */
function parseParts(text: string, start: number, inside: boolean, depth = 0): readonly [Part[], number] {
  if (depth > deepest) throw new TemplateError(`holds templates within templates within templates; ${allowed}`);
  const parts: Part[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push({ type: 'text', text: literal });
    literal = '';
  };
  let at = start;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const [inner, end] = parseParts(text, at + 2, true, depth + 1);
      if (text[end] !== '}') throw new TemplateError(`holds a template that is not closed; ${allowed}`);
      flush();
      parts.push(partOf(inner));
      at = end + 1;
    } else if (inside && text[at] === '}') {
      break;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  flush();
  return [parts, at];
}

/** Reads what stands between `${` and `}`. */
function partOf(inner: readonly Part[]): Part {
  const last = inner.at(-1);
  const first = inner[0];
  if (first?.type !== 'text' || last === undefined) throw new TemplateError(`holds an empty or nested template; ${allowed}`);
  const names = last.type === 'text' ? last.text.split('|').slice(1) : [];
  const known = names.map(filterOf);
  const body = inner.map((part) => (part === last && part.type === 'text' ? { ...part, text: part.text.split('|')[0] ?? '' } : part));
  const head = body[0]?.type === 'text' ? body[0].text : '';
  if (head.startsWith('secret:')) return secretPart([{ type: 'text', text: head.slice('secret:'.length) }, ...body.slice(1)], known);
  if (body.length > 1 || !/^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(head))
    throw new TemplateError(`holds a template that is neither a variable nor a secret; ${allowed}`);
  return { type: 'variable', name: head, filters: known };
}

function filterOf(name: string): Filter {
  if (Object.hasOwn(filters, name)) return name as Filter;
  throw new TemplateError(`holds a template with the unknown filter ${JSON.stringify(name)}; allowed: ${Object.keys(filters).join(', ')}`);
}

function secretPart(body: readonly Part[], known: readonly Filter[]): Part {
  const last = body.at(-1);
  const [tail = '', version, ...rest] = last?.type === 'text' ? last.text.split('@') : [];
  const name = body.map((part) => (part === last && part.type === 'text' ? { ...part, text: tail } : part));
  const spelled = name.map((part) => (part.type === 'text' ? part.text : 'x')).join('');
  const wrong =
    rest.length > 0 ||
    (version !== undefined && !/^[A-Za-z0-9_-]+$/.test(version)) ||
    name.some((part) => part.type === 'secret') ||
    !/^([A-Za-z0-9_-]{1,255}|projects\/[^/]+(\/locations\/[^/]+)?\/secrets\/[A-Za-z0-9_-]{1,255})$/.test(spelled);
  if (wrong) throw new TemplateError(`holds a template that does not name a secret; ${allowed}`);
  return {
    type: 'secret',
    name: name.filter((part) => part.type !== 'text' || part.text !== ''),
    version: version ?? 'latest',
    filters: known,
  };
}

/** @returns the variables that a text uses, and whether inside the name of a secret; throws a TemplateError. */
export function variablesIn(text: string): readonly { readonly name: string; readonly inSecret: boolean }[] {
  return variablesOf(parseTemplate(text));
}

function variablesOf(all: readonly Part[]): readonly { readonly name: string; readonly inSecret: boolean }[] {
  const names = (parts: readonly Part[], inSecret: boolean): readonly { name: string; inSecret: boolean }[] =>
    parts.flatMap((part) => {
      if (part.type === 'variable') return [{ name: part.name, inSecret }];
      return part.type === 'secret' ? names(part.name, true) : [];
    });
  return names(all, false);
}

const literals = new WeakSet<object>();

/** Marks JSON that is sent as it stands: `{secret: …}` in it is a message, not a reference. Its strings may still be templates. */
export function asLiteral<T extends object>(value: T): T {
  literals.add(value);
  return value;
}

function isReference(value: object): value is SecretReference {
  const keys = Object.keys(value);
  return (
    keys.length === 2 && 'secret' in value && 'version' in value && typeof value.secret === 'string' && typeof value.version === 'string'
  );
}

/**
 * @param values every value of the variables that stand inside names of secrets
 * @returns each secret that a value refers to, once, in the order of first mention; throws a TemplateError
 */
export function secretsIn(value: unknown, values: Readonly<Record<string, readonly string[]>> = {}): readonly SecretReference[] {
  const found = new Map<string, SecretReference>();
  const add = (reference: SecretReference): unknown => found.set(`${reference.secret}@${reference.version}`, reference);
  const visit = (item: unknown, literal: boolean): void => {
    if (typeof item === 'string' && item.includes('${')) {
      for (const part of parseTemplate(item))
        if (part.type === 'secret') for (const secret of spellings(part.name, values)) add({ secret, version: part.version });
    } else if (typeof item === 'object' && item !== null) {
      const inner = literal || literals.has(item);
      if (!inner && isReference(item)) add({ secret: item.secret, version: item.version });
      else for (const child of Object.values(item)) visit(child, inner);
    }
  };
  visit(value, false);
  return [...found.values()];
}

/** Every spelling of a name whose variables take every one of their values. */
function spellings(name: readonly Part[], values: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return name.reduce<readonly string[]>(
    (heads, part) => {
      const tails = part.type === 'text' ? [part.text] : part.type === 'variable' ? (values[part.name] ?? []) : [];
      return heads.flatMap((head) => tails.map((tail) => head + tail));
    },
    [''],
  );
}

/**
 * Replaces every reference by its value and every template by its text, or by a Template where it names variables.
 * Under the key `url` what is filled in is percent-encoded, unless the text begins with it: then it is the URL's own beginning.
 * @throws what `lookup` throws, and TemplateError
 */
export function resolveValue<T>(spec: T, lookup: Lookup): Resolved<T> {
  return resolve(spec, lookup, false, false) as Resolved<T>;
}

function resolve(value: unknown, lookup: Lookup, url: boolean, literal: boolean): unknown {
  if (typeof value === 'string') return value.includes('${') ? bind(parseTemplate(value), lookup, url) : value;
  if (typeof value !== 'object' || value === null) return value;
  const inner = literal || literals.has(value);
  if (!inner && isReference(value)) return lookup(value);
  if (Array.isArray(value)) return value.map((item: unknown) => resolve(item, lookup, false, inner));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, lookup, key === 'url' && !inner, inner)]));
}

type Piece = (variables: Variables) => string;

/** Looks up the secrets at once, so that a missing one is told before anything is dialled. */
function bind(parts: readonly Part[], lookup: Lookup, url: boolean): string | Template {
  const pieces = parts.map((part, index): string | Piece => {
    if (part.type === 'text') return part.text;
    const finish = (text: string): string => {
      const filtered = part.filters.reduce((current, filter) => filters[filter](current), text);
      return url && index > 0 ? encodeURIComponent(filtered.toWellFormed()) : filtered;
    };
    if (part.type === 'variable') return (variables) => finish(valueOf(part.name, variables));
    const name = bind(part.name, lookup, false);
    const secret = (spelled: string): string => finish(lookup({ secret: spelled, version: part.version }));
    return typeof name === 'string' ? secret(name) : (variables) => secret(name.render(variables));
  });
  const fill = (variables: Variables): string => pieces.map((piece) => (typeof piece === 'string' ? piece : piece(variables))).join('');
  return pieces.every((piece) => typeof piece === 'string')
    ? fill({})
    : new Template(
        fill,
        variablesOf(parts).map(({ name }) => name),
      );
}

function valueOf(name: string, variables: Variables): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) throw new TemplateError(`the variable ${JSON.stringify(name)} has no value`);
  return value;
}
