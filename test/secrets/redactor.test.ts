/** The redactor: what it takes out of texts, and what it leaves. */
import { createRedactor } from '../../shared/secrets/redactor';

/** What becomes of a text once the values are known. */
function redacted(text: string, ...values: string[]): string {
  const redactor = createRedactor();
  for (const value of values) redactor.learn(value);
  return redactor.redact(text);
}

describe('a value', () => {
  test('is taken out wherever and how often it stands', () => {
    expect(redacted('user=hunter2x, "hunter2x"hunter2xhunter2x', 'hunter2x')).toBe('user=[redacted], "[redacted]"[redacted][redacted]');
  });

  test('is known without the white space around it, too', () => {
    expect(redacted('got hunter2x.', 'hunter2x\n')).toBe('got [redacted].');
    expect(redacted('got hunter2x\n.', 'hunter2x\n')).toBe('got [redacted].');
  });

  test.each(['', 'a', 'admin', ' admin\n'])('as short as %j is left, since it would tear words apart', (value) => {
    expect(redacted('administrator admin a', value)).toBe('administrator admin a');
  });

  test('of six characters is long enough', () => {
    expect(redacted('a abcdef b', 'abcdef')).toBe('a [redacted] b');
  });

  test('that holds another is taken out whole', () => {
    expect(redacted('long-password-2 and password', 'password', 'long-password-2')).toBe('[redacted] and [redacted]');
  });

  test('leaves everything else as it is', () => {
    const text = 'FATAL: password authentication failed for user "probe" (28P01) $& $1';
    expect(redacted(text, 'other-value', 'hunter2x')).toBe(text);
    expect(createRedactor().redact(text)).toBe(text);
  });
});

describe('encodings', () => {
  const value = 'p@ss/w:rd ?#%&=+é"\\\n\'(!)*~';
  const strict = encodeURIComponent(value).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  const forms: readonly (readonly [string, string])[] = [
    ['a URI component', encodeURIComponent(value)],
    ['a URI component with small digits', encodeURIComponent(value).replaceAll(/%../g, (escape) => escape.toLowerCase())],
    ['RFC 3986', strict.toUpperCase().replaceAll('P%40SS', 'p%40ss').replaceAll('W%3ARD', 'w%3Ard')],
    ['a URI', encodeURI(value)],
    ['a path', encodeURIComponent(value).replaceAll('%2F', '/')],
    ['a form', encodeURIComponent(value).replaceAll('%20', '+')],
    ['URLSearchParams', String(new URLSearchParams({ q: value })).slice(2)],
    ['base64', Buffer.from(value).toString('base64')],
    ['base64url', Buffer.from(value).toString('base64url')],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['JSON in ASCII', JSON.stringify(value).slice(1, -1).replaceAll('é', '\\u00e9')],
    ['JSON with escaped slashes', JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/')],
  ];
  test.each(forms)('%s', (_, form) => {
    expect(redacted(`before ${form} after`, value)).toBe('before [redacted] after');
  });

  test.each(['', 'x', 'xy', 'user:'])('base64 inside a longer text, after %j', (before) => {
    const secret = 'a-longer-secret-value';
    const encoded = Buffer.from(`${before}${secret}:and more`).toString('base64');
    expect(redacted(encoded, secret)).toContain('[redacted]');
    expect(redacted(encoded, secret).replace('[redacted]', '').length).toBeLessThan(encoded.length - 24);
  });

  test('half a surrogate pair breaks nothing', () => {
    expect(redacted('x \uD83Dsecret y', '\uD83Dsecret')).toBe('x [redacted] y');
  });
});

describe('a URL', () => {
  test('is known whole, and by its password as written and as read', () => {
    const url = 'postgresql://app:p%40ss%2Fword@db.example.com/orders';
    for (const text of [url, 'p%40ss%2Fword', 'p@ss/word', Buffer.from('app:p@ss/word').toString('base64')])
      expect(redacted(text, url)).toBe('[redacted]');
    expect(redacted('user app of db.example.com/orders', url)).toBe('user app of db.example.com/orders');
  });

  test.each([
    ['redis://:p@ssw@rd@cache/0', 'p@ssw@rd'],
    ['postgresql://app:pass/word@db/x', 'pass/word'],
    ['postgresql://app:pass#word@db/x', 'pass#word'],
    ['postgresql://app:100%word@db/x', '100%word'],
    ['  https://u:pass word@host/\n', 'pass word'],
  ])('that is not well formed has a password, too: %j', (url, password) => {
    expect(redacted(`rejected ${password}!`, url)).toBe('rejected [redacted]!');
  });

  test('without a password has no parts', () => {
    expect(redacted('https://example.com/other', 'https://example.com/')).toBe('[redacted]other');
    expect(redacted('example.com', 'https://user@example.com/')).toBe('example.com');
  });
});

describe('a value of several lines', () => {
  const body = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'];
  const pem = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', ''].join('\n');

  test('is known whole, escaped and by its lines, but not by its frame', () => {
    for (const text of [pem, JSON.stringify(pem).slice(1, -1), ...body]) expect(redacted(text, pem)).toBe('[redacted]');
    expect(redacted('bad -----BEGIN PRIVATE KEY-----', pem)).toBe('bad -----BEGIN PRIVATE KEY-----');
  });

  test('is known with other line ends', () => {
    expect(redacted(body.join('\n'), pem.replaceAll('\n', '\r\n'))).toBe('[redacted]\n[redacted]');
  });
});

test('learns more at any time', () => {
  const redactor = createRedactor();
  redactor.learn('first-value');
  expect(redactor.redact('first-value second-value')).toBe('[redacted] second-value');
  redactor.learn('second-value');
  redactor.learn('second-value');
  expect(redactor.redact('first-value second-value')).toBe('[redacted] [redacted]');
});

test('a password in the query of a URL is one, too', () => {
  expect(redacted('bad QuerySecret77', 'redis://127.0.0.1:1/0?db=1&password=QuerySecret77')).toBe('bad [redacted]');
});

test('a value is known with its blanks made one', () => {
  expect(redacted('says two spaces here', 'two  spaces \n here')).toBe('says [redacted]');
});
