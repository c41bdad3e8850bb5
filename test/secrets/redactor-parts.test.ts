/** Parts of values that are secret by themselves, and words that only begin like a value. */
import { createRedactor } from '../../shared/secrets/redactor';

function redacted(text: string, value: string): string {
  const redactor = createRedactor();
  redactor.learn(value);
  return redactor.redact(text);
}

test.each([
  ['a token in place of a login', 'https://sk_live_abcdefgh1234:@api.internal/', 'Invalid API Key provided: sk_live_abcdefgh1234'],
  ['the same without a colon', 'redis://abcdefghij123456@cache.internal:6379', 'unknown user abcdefghij123456'],
  ['the path of a webhook', 'https://hooks.internal/hooks/abcdefgh12345678', 'Cannot GET /hooks/abcdefgh12345678'],
  ['a parameter that authorises', 'https://a.internal/?auth=abcdefgh12345678', 'bad auth abcdefgh12345678'],
  ['a password in JSON', '{"username":"app","password":"pa55-word-x"}', 'refused pa55-word-x'],
  ['the password of a connection string', 'host=db user=app password=pa55-word-x', 'refused pa55-word-x'],
])('%s is known by itself', (_, value, text) => {
  const clean = redacted(text, value);
  expect(clean).toContain('[redacted]');
  expect(clean).not.toMatch(/abcdefgh|pa55/);
});

test.each([
  ['administrator1', 'the administrators group'],
  ['production-database', 'production-data.internal does not answer'],
  ['db.internal.example.com:5432', 'getaddrinfo ENOTFOUND db.internal.example.org'],
  ['postgresql://app:pa55-word-x@db/production_orders', 'database "production_orders" does not exist'],
])('a word that begins like %s is another word', (value, text) => {
  expect(redacted(text, value)).toBe(text);
});

test.each(['"abcdefghijklmno"', "'abcdefghijklmno...'", 'abcdefghijklmno', 'abcdefghijklmno…'])(
  '%s is a value that was cut off',
  (text) => {
    expect(redacted(text, 'abcdefghijklmnopqrstuvwxyz')).toContain('[redacted]');
  },
);
