/** Templates: what is replaced, what is encoded, and that nothing is expanded twice. */
import { inspect } from 'node:util';
import { render, Template } from '../../shared/secrets/bound-template';
import { asLiteral, parseTemplate, resolveValue, secretsIn, variablesIn } from '../../shared/secrets/template';
import type { SecretReference } from '../../shared/probe';
import { errorOf } from '../config/written';

const tricky = [
  '${secret:other}',
  '${token}',
  "$& $1 $` $'",
  '"quotes" and \\',
  "it's",
  'two\nlines\r\n',
  'a@b:c/d?e#f%20&g=h+i',
  'ünïcödé 🚀',
  '',
  '$${',
];

function lookup(values: Readonly<Record<string, string>>): (reference: SecretReference) => string {
  return ({ secret, version }) => {
    const value = values[`${secret}@${version}`];
    if (value === undefined) throw new Error(`no secret ${secret}@${version}`);
    return value;
  };
}

const encoded = (value: string): string => resolveValue('jwt.${secret:a|base64url}', lookup({ 'a@latest': value }));
const filled = (text: string): string => resolveValue(text, lookup({ 'a@latest': 'A' }));

describe('a secret in a text', () => {
  test.each(tricky)('is put in as it is: %j', (value) => {
    const spec = {
      text: 'before ${secret:a} after',
      whole: '${secret:a}',
      list: ['${secret:a@7}'],
      at: { secret: 'a', version: 'latest' },
    };
    const resolved = resolveValue(spec, lookup({ 'a@latest': value, 'a@7': 'seven' }));
    expect(resolved).toEqual({ text: `before ${value} after`, whole: value, list: ['seven'], at: value });
    expect(render(resolved, { token: 'T' })).toEqual(resolved);
  });

  test.each(tricky)('is percent-encoded inside a url, so that the url reads back: %j', (value) => {
    const spec = { url: 'https://probe:${secret:a}@host/?q=${secret:a}', nested: { url: '${secret:base}/x' } };
    const { url, nested } = resolveValue(spec, lookup({ 'a@latest': value, 'base@latest': 'wss://h:1' }));
    const parsed = new URL(url);
    expect(parsed.host).toBe('host');
    expect(decodeURIComponent(parsed.password)).toBe(value);
    expect(parsed.searchParams.get('q')).toBe(value);
    expect(nested.url).toBe('wss://h:1/x');
  });

  test('is base64url-encoded without padding by the filter', () => {
    expect(encoded('???>>>')).toBe('jwt.Pz8_Pj4-');
    expect(encoded('ü')).toBe('jwt.w7w');
    expect(encoded('')).toBe('jwt.');
  });

  test('is looked up at once, also in a text whose variables come later', () => {
    expect(errorOf(() => resolveValue('${token} ${secret:missing}', lookup({})))).toBe('no secret missing@latest');
  });
});

describe('a variable', () => {
  const resolved = resolveValue(
    { send: '${secret:a}:${token}:$${x}', url: 'https://h/${id}?t=${token|base64url}', rest: 5 },
    lookup({ 'a@latest': '${token}' }),
  );

  test('is filled in later, beside secrets that are not expanded again', () => {
    expect(render(resolved, { token: '${id}', id: 'a/b c' })).toEqual({
      send: '${token}:${id}:${x}',
      url: 'https://h/a%2Fb%20c?t=JHtpZH0',
      rest: 5,
    });
  });

  test('leaves a template behind that shows nothing when it is printed', () => {
    const template: unknown = resolved.send;
    expect(template).toBeInstanceOf(Template);
    expect([String(template), JSON.stringify(template), inspect(template, { showHidden: true, depth: 9 })]).toEqual([
      '[template]',
      '"[template]"',
      '[template]',
    ]);
  });

  test('without a value is an error, also one that every object has', () => {
    expect(errorOf(() => render(resolved, { id: '1' }))).toBe('the variable "token" has no value');
    expect(errorOf(() => render(resolveValue('${constructor}', lookup({})), {}))).toBe('the variable "constructor" has no value');
  });

  test('may stand inside the name of a secret', () => {
    const spec = { password: '${secret:probe-${user}-password@2}' };
    expect(secretsIn(spec, { user: ['1', '2'] })).toEqual([
      { secret: 'probe-1-password', version: '2' },
      { secret: 'probe-2-password', version: '2' },
    ]);
    const bound = resolveValue(spec, lookup({ 'probe-2-password@2': 'second' }));
    expect(render(bound, { user: '2' })).toEqual({ password: 'second' });
  });
});

describe('the text', () => {
  test('$${ is a literal ${, wherever it stands', () => {
    expect(filled('$${secret:a}')).toBe('${secret:a}');
    expect(filled('$$${secret:a}')).toBe('$${secret:a}');
    expect(filled('costs $5 {or} $x')).toBe('costs $5 {or} $x');
    expect(filled('{${secret:a}}$')).toBe('{A}$');
  });

  test.each([
    '${',
    '${}',
    'a ${b',
    '${secret:}',
    '${secret:a b}',
    '${secret:a@}',
    '${secret:a@b@c}',
    '${a b}',
    '${1a}',
    '${a|}',
    '${a|rot13}',
    '${a|constructor}',
    '${${a}}',
    '${secret:${secret:a}}',
    '${a${b}}',
  ])('%j is refused with what is allowed', (text) => {
    expect(errorOf(() => parseTemplate(text))).toMatch(/^holds .+; allowed: /);
  });

  test('tells its variables, and which of them stand inside the name of a secret', () => {
    expect(variablesIn('${a} ${secret:b-${c}} ${name.1|base64url} $${d}')).toEqual([
      { name: 'a', inSecret: false },
      { name: 'c', inSecret: true },
      { name: 'name.1', inSecret: false },
    ]);
  });
});

describe('a value', () => {
  test('names each secret once, by full names and versions, too', () => {
    const spec = ['${secret:a}', { secret: 'a', version: 'latest' }, { x: '${secret:a@2} ${secret:projects/p/secrets/s}' }];
    expect(secretsIn(spec)).toEqual([
      { secret: 'a', version: 'latest' },
      { secret: 'a', version: '2' },
      { secret: 'projects/p/secrets/s', version: 'latest' },
    ]);
  });

  test('that is sent as it stands keeps what looks like a reference, but fills in its templates', () => {
    const spec = { send: asLiteral({ secret: 'a', version: 'b', inner: { secret: 'c', version: '${secret:d}' }, __proto__key: 1 }) };
    expect(secretsIn(spec)).toEqual([{ secret: 'd', version: 'latest' }]);
    expect(resolveValue(spec, lookup({ 'd@latest': 'D' }))).toEqual({
      send: { secret: 'a', version: 'b', inner: { secret: 'c', version: 'D' }, __proto__key: 1 },
    });
  });

  test('with a lone surrogate in a captured text can still stand in a url', () => {
    const bound = resolveValue({ url: 'https://h/${id}' }, lookup({}));
    expect(render(bound, { id: '\ud800' })).toEqual({ url: 'https://h/%EF%BF%BD' });
  });
});
