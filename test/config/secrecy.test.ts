/** Wherever a secret may stand, a mistake there or around it never shows it. */
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { errorOf, head, ownFolder } from './written';

const folder = ownFolder();
const secret = 'Hunter2-correct-horse';

/** Values that hold the secret and are wrong nearly everywhere. */
const shapes = [
  secret,
  `postgres://probe:${secret}@db.internal:5432/orders?sslmode=prefer`,
  `redis://:${secret}@cache`,
  `Bearer ${secret} \${nothing}`,
  `line\n${secret}`,
  [secret],
  { value: secret },
  { secret: `no name ${secret}` },
  { iam: secret },
  { file: `/nowhere/${secret.slice(0, 2)}` },
];

/** Every place of a target that may be, or hold, a secret. */
const places: readonly (readonly [string, (value: unknown) => object])[] = [
  ['a section', (value) => ({ postgres: value })],
  ['a target', (value) => ({ redis: { cache: value } })],
  ...['url', 'host', 'user', 'password', 'database', 'tls', 'query'].map(
    (key) => [`postgres ${key}`, (value: unknown) => ({ postgres: { db: { host: 'h', [key]: value } } })] as const,
  ),
  ...['ca', 'cert', 'key'].map(
    (key) => [`tls ${key}`, (value: unknown) => ({ redis: { cache: { host: 'h', tls: { [key]: value } } } })] as const,
  ),
  ...['url', 'username', 'password'].map(
    (key) => [`redis ${key}`, (value: unknown) => ({ redis: { cache: { host: 'h', [key]: value } } })] as const,
  ),
  ...['url', 'headers', 'subprotocols', 'steps', 'compareWith'].map(
    (key) => [`websocket ${key}`, (value: unknown) => ({ websocket: { chat: { url: 'wss://h', [key]: value } } })] as const,
  ),
  ['a header', (value) => ({ websocket: { chat: { url: 'wss://h', headers: { Authorization: value } } } })],
  ['a subprotocol', (value) => ({ websocket: { chat: { url: 'wss://h', subprotocols: ['jwt', value] } } })],
  ['a step', (value) => ({ websocket: { chat: { url: 'wss://h', steps: [value] } } })],
  ['what is sent', (value) => ({ websocket: { chat: { url: 'wss://h', steps: [{ send: value, within: '99s' }] } } })],
  ['what is compared with', (value) => ({ websocket: { chat: { url: 'wss://h', compareWith: { url: value } } } })],
  ['the name of a secret', (value) => ({ secrets: { app: { require: [{ secret: value }] } } })],
  ['a requirement', (value) => ({ secrets: { app: { require: [value] } } })],
  ['an unknown key', (value) => ({ redis: { cache: { host: 'h', passwrd: value } } })],
];

test.each(places)('%s', (_, at) => {
  let refused = 0;
  for (const shape of shapes) {
    const file = folder.write('s.json', JSON.stringify({ environment: 's', project: 'p', region: 'r', ...at(shape) }));
    const message = errorOf(() => loadConfig(file, kinds));
    if (message !== 'no error') refused += 1;
    expect(message).not.toContain(secret);
    expect(message).not.toContain(secret.slice(0, 7));
  }
  expect(refused).toBeGreaterThan(0);
});

test.each([
  `postgres: { db: { url: "${secret} }`,
  `postgres: { db: { password: ${secret}: x: y } }`,
  `postgres:\n  db:\n    password: 'a' ${secret}\n`,
  `postgres:\n  db:\n    password: "\\q${secret}"\n`,
  `postgres:\n  db:\n    password:${secret}\n`,
  `postgres: { db: { password:${secret}, host: h } }`,
  `postgres: { db: { password: *${secret} } }`,
  `postgres: { db: { password: !${secret} x } }`,
  `postgres: { db: { password: @${secret} } }`,
  `postgres: { db: { password: %${secret}\n`,
  `%${secret}\n---\na: b`,
])('what YAML itself refuses: %j', (body) => {
  const message = errorOf(() => loadConfig(folder.write('y.yaml', head + body), kinds));
  expect(message).toMatch(/^\S+y\.yaml:\d+:\d+ /);
  expect(message).not.toContain(secret.slice(0, 7));
});
