/** Hosts: one spelling, patterns, link-local addresses, and what a URL with templates leads to. */
import { canonicalHost, forbiddenBy, isLinkLocal, isRefused, matchesHost, parseUrl } from '../../shared/hosts';

test.each([
  ['DB.Example.COM.', 'db.example.com'],
  ['[::1]', '::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['0x7f.1', '127.0.0.1'],
  ['2130706433', '127.0.0.1'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['10.0.0.3', '10.0.0.3'],
])('%s is spelled %s', (host, spelled) => {
  expect(canonicalHost(host)).toBe(spelled);
});

test('a pattern with *. means every depth below, but not the name itself', () => {
  expect(matchesHost('*.old.example.com', 'a.b.OLD.example.com.')).toBe(true);
  expect(matchesHost('*.old.example.com', 'old.example.com')).toBe(false);
  expect(matchesHost('*.old.example.com', 'bold.example.com')).toBe(false);
  expect(matchesHost('Old.example.com', 'old.example.com')).toBe(true);
  expect(matchesHost('old.example.com', 'a.old.example.com')).toBe(false);
  expect(forbiddenBy(['a.example', '*.b.example'], 'x.b.example')).toBe('*.b.example');
});

test.each([
  '169.254.0.1',
  '169.254.169.254',
  '169.254.169.254.',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  'fe80::1',
  'febf::1%eth0',
  '[fe80::1]',
  'fd00:ec2::254',
  'fd20:ce::254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
  'metadata.google.internal',
  'METADATA.GOOGLE.INTERNAL.',
  'metadata',
])('%s is link-local or a metadata server', (host) => {
  expect(isLinkLocal(host)).toBe(true);
});

test.each([
  '10.0.0.3',
  '169.253.255.255',
  '169.255.0.0',
  'fec0::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  'db.internal',
  'metadata.example.com',
  '169.254.169.254.example.com',
])('%s is not', (host) => {
  expect(isLinkLocal(host)).toBe(false);
});

test('a link-local address is refused unless it is listed, however it is spelled', () => {
  expect(isRefused('169.254.169.254', [])).toBe(true);
  expect(isRefused('0xa9fea9fe', ['169.254.169.254'])).toBe(false);
  expect(isRefused('10.0.0.3', [])).toBe(false);
});

test.each([
  ['wss://api.example.com/ws?token=${secret:t}', { scheme: 'wss', host: 'api.example.com' }],
  ['wss://${secret:h}.example.com:8443/', { scheme: 'wss', port: 8443 }],
  ['redis://:${secret:p|base64url}@cache:${secret:port}/0', { scheme: 'redis', host: 'cache' }],
  ['postgres://u:p@[fe80::1]:5433/db', { scheme: 'postgres', host: 'fe80::1', port: 5433 }],
  ['postgres://u:p@%64b.internal/db', { scheme: 'postgres', host: 'db.internal' }],
  ['postgresql+asyncpg://u:p@/db?host=/cloudsql/a:b:c', { scheme: 'postgresql+asyncpg' }],
  ['wss://user:p%40ss@0xa9fea9fe/', { scheme: 'wss', host: '169.254.169.254' }],
  ['ws:\\\\old.example.com', { scheme: 'ws', host: 'old.example.com' }],
])('%s leads to its host as far as no template decides it', (text, expected) => {
  const { scheme, host, port } = parseUrl(text) ?? {};
  expect({ scheme, host, port }).toEqual({ host: undefined, port: undefined, ...expected });
});

test.each(['', 'cache', '${secret:url}', '${a}://h', 'http://', 'wss://h:99999'])('%j is no URL whose host is known', (text) => {
  expect(parseUrl(text)?.host).toBeUndefined();
});
