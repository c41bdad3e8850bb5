/** The `secrets` probe: what a value has to be. */
import { startSecretChecks, type SecretChecks } from '../support/secret-checks';

let checks: SecretChecks;
beforeAll(async () => {
  checks = await startSecretChecks();
});
beforeEach(() => checks.clear());
afterAll(() => checks.close());

/** What is said of a value, without the secret's name; `ok` where nothing is. */
async function said(value: string | Uint8Array, rule: object = {}, forbiddenHosts?: readonly string[]): Promise<string> {
  const { message, outcome, reason } = await checks.value(value, rule, forbiddenHosts && { forbiddenHosts });
  if (outcome === 'success') return message;
  expect({ outcome, reason }).toEqual({
    outcome: 'failure',
    reason: /nothing but|is empty/.test(message) ? 'secret_empty' : 'secret_malformed',
  });
  return message.replace('secret app-key: ', '');
}

describe('emptiness', () => {
  test.each([
    ['', 'the value is empty'],
    [' \n', 'the value holds nothing but white space'],
    ['\uFEFF\u200B', 'the value holds nothing but white space'],
  ])('%j is secret_empty, also with allowWhitespace', async (value, message) => {
    expect(await said(value)).toBe(message);
    expect(await said(value, { allowWhitespace: true })).toBe(message);
    expect(await said(value, { format: 'json' })).toBe(message);
  });
});

describe('white space around a value', () => {
  test.each([
    ['value\n', 'the value ends in a line break'],
    ['value\r\n', 'the value ends in a line break'],
    [' good', 'the value begins or ends with white space'],
    ['value\u00A0', 'the value begins or ends with white space'],
    ['\uFEFFvalue', 'the value begins or ends with a character that nobody sees'],
    ['value\u200B', 'the value begins or ends with a character that nobody sees'],
  ])('%j is malformed, but with allowWhitespace', async (value, message) => {
    expect(await said(value)).toBe(message);
    expect(await said(value, { allowWhitespace: true })).toBe('ok');
  });

  test('is nothing to json, and inside a value nothing to anybody', async () => {
    expect(await said(' {"a": 1}\n', { format: 'json' })).toBe('ok');
    expect(await said('two words')).toBe('ok');
  });
});

describe('placeholders', () => {
  test.each([
    'null',
    'None',
    'nil',
    'UNDEFINED',
    'changeme',
    'Change-Me',
    'change_me',
    'todo',
    'TODO: ask ops',
    'tbd',
    'FIXME',
    'xxx',
    'XXXXXXXX',
    'placeholder',
    'replace-me',
    'REPLACE_ME',
    'replace-with-real-key',
    'your-api-key-here',
    'YOUR_PASSWORD_HERE',
    'your_api_key',
    '<password>',
    '<your api key>',
    '${DB_PASSWORD}',
    '{{ password }}',
    '$DB_PASSWORD',
    '%DB_PASSWORD%',
    'REDACTED',
    '[redacted]',
    '***',
    '"null"',
    "'changeme'",
    '""',
    'insert-key-here',
  ])('%s is one', async (value) => {
    expect(await said(value)).toMatch(/^the value is a (placeholder|\[redacted\])/);
  });

  test.each([
    'nullable-7',
    'Todo4you!',
    'hunter2',
    'p<a>ss${w}',
    'xxy',
    'none-of-your-business',
    '<b>9!kQ</b>',
    'changemeNot1',
    'x',
    '$2b$12$KIXQ',
    'yours-truly',
    '%41bc',
    '***secret***',
    '"quoted"',
  ])('%s is none', async (value) => {
    expect(await said(value)).toBe('ok');
  });
});

describe('length, in characters', () => {
  test.each([
    ['12345', { minLength: 6 }, 'the value is shorter than minLength, 6'],
    ['123456', { minLength: 6, maxLength: 6 }, 'ok'],
    ['1234567', { maxLength: 6 }, 'the value is longer than maxLength, 6'],
    ['😀😀😀', { minLength: 3, maxLength: 3 }, 'ok'],
  ])('%s by %j', async (value, rule, message) => {
    expect(await said(value, rule)).toBe(message);
  });
});

describe('patterns', () => {
  test.each([
    ['sk_live_abc', { matches: '^sk_live_[a-z]+$' }, 'ok'],
    ['sk_test_abc', { matches: '^sk_live_' }, 'the value does not match `matches`'],
    ['sk_test_abc', { notMatches: 'test' }, 'the value matches `notMatches`'],
    ['sk_live_abc', { notMatches: 'test' }, 'ok'],
  ])('%s by %j', async (value, rule, message) => {
    expect(await said(value, rule)).toBe(message);
  });
});

describe('format', () => {
  test.each([
    ['json', '{"a":[1]}', 'ok'],
    ['json', '"text"', 'ok'],
    ['json', '12', 'ok'],
    ['json', '{a:1}', 'the value is no JSON'],
    ['json', '\uFEFF{}', 'the value is no JSON'],
    ['integer', '42', 'ok'],
    ['integer', '-42', 'ok'],
    ['integer', '4.2', 'the value is no integer'],
    ['integer', '0x10', 'the value is no integer'],
    ['integer', '42\n', 'the value ends in a line break'],
    ['url', 'https://api.example.com/v1?x=@y', 'ok'],
    ['url', 'postgresql://app:p%40ss@10.0.0.5:5432/orders', 'ok'],
    ['url', 'postgresql://app:pass@/orders?host=/cloudsql/p:r:i', 'ok'],
    ['url', 'postgresql://a:b@one:5432,two:5433/orders', 'ok'],
    ['url', 'redis://:pass@[fd00::1]:6379/0', 'ok'],
    ['url', 'just-text', 'the value is no URL'],
    ['url', 'mailto:a@example.com', 'the value is no URL'],
    ['url', '//example.com/x', 'the value is no URL'],
    ['url', 'https://', 'the value is a URL without a valid host'],
    ['url', 'https://exa mple.com', 'the value is a URL that holds white space or control characters'],
    ['url', 'https://example.com:99999/', 'the value is a URL without a valid host'],
    ['url', 'postgresql://app:${PASSWORD}@db/orders', 'the value is a URL that holds a template which nobody expanded'],
    ['url', 'postgresql://app:p@ss@db/orders', 'the user or password in the URL is not percent-encoded'],
    ['url', 'postgresql://app:100%@db/orders', 'the user or password in the URL is not percent-encoded'],
    ['url', 'postgresql://app:a/b@db/orders', 'the user or password in the URL is not percent-encoded'],
    ['url', 'postgresql://app:12#b@db/orders', 'the user or password in the URL is not percent-encoded'],
  ])('%s of %j', async (format, value, message) => {
    expect(await said(value, { format })).toBe(message);
  });

  test.each([
    ['postgres://u:p@db/x', 'ok'],
    ['POSTGRES://u:p@db/x', 'ok'],
    ['mysql://u:p@db/x', 'the value is a URL whose scheme is mysql, not postgresql, postgres'],
    ['s3cr3t://u:p@db/x', 'the value is a URL whose scheme is none of postgresql, postgres'],
  ])('%s by its scheme', async (value, message) => {
    expect(await said(value, { format: 'url', schemes: ['postgresql', 'postgres'] })).toBe(message);
  });
});

test('bytes that are no text keep all rules but those that need one', async () => {
  const bytes = Buffer.from([0x30, 0x82, 0xff, 0xfe, 0x00, 0x0a]);
  expect(await said(bytes)).toBe('ok');
  expect(await said(bytes, { minLength: 3 })).toBe('the value is no text in UTF-8, which minLength needs');
});

describe('forbidden hosts', () => {
  const hosts = ['*.staging.example.com', 'old.example.com', '10.0.0.5', 'metadata'];
  const byPattern = (pattern: string): string => `the value names a host that forbiddenHosts rules out by ${pattern}`;

  test.each([
    ['postgresql://u:p@db.staging.example.com/x', '*.staging.example.com'],
    ['Host=DB.Staging.Example.COM;Port=1', '*.staging.example.com'],
    ['see db.staging.example.com.', '*.staging.example.com'],
    ['https%3A%2F%2Fdb%2Estaging.example.com', '*.staging.example.com'],
    ['https%253A%252F%252Fold.example.com%252Fx', 'old.example.com'],
    ['https://old.example.com', 'old.example.com'],
    ['https://%6Fld.example.com/', 'old.example.com'],
    ['{"a":{"b":"x\\nold.example.com"}}', 'old.example.com'],
    ['{"b":"\\u006fld.example.com"}', 'old.example.com'],
    ['redis://10.0.0.5:6379', '10.0.0.5'],
    ['http://0xa000005/', '10.0.0.5'],
    ['http://167772165/', '10.0.0.5'],
    ['http://metadata/computeMetadata', 'metadata'],
  ])('%j is malformed', async (value, pattern) => {
    expect(await said(value, {}, hosts)).toBe(byPattern(pattern));
  });

  test.each([
    'staging.example.com',
    'xold.example.com',
    'old.example.com.evil.org',
    'old-example.com',
    '210.0.0.5',
    '10.0.0.51',
    'my_metadata',
    '167772165',
    'notstaging.example.com',
  ])('%s is another host', async (value) => {
    expect(await said(value, {}, hosts)).toBe('ok');
  });

  test('are found in bytes, too', async () => {
    expect(await said(Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('old.example.com'), Buffer.from([0])]), {}, hosts)).toBe(
      byPattern('old.example.com'),
    );
  });
});
