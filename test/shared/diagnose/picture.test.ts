/** The lines of the picture of dependencies: what people see of who needs what. */
import { kinds } from '../../../functions/kinds';
import { graphOf } from '../../../shared/diagnose/graph';
import { dependenciesOf, secretsUsed } from '../../../shared/diagnose/picture';
import { loaded, ownFolder } from '../../config/written';

const folder = ownFolder();

function pictureOf(file: string): { readonly lines: readonly string[]; readonly secrets: readonly string[] } {
  const nodes = [...graphOf(loaded(folder, file), kinds).nodes.values()];
  return { lines: dependenciesOf(nodes).map(({ from, to, by }) => `${from} -${by}- ${to}`), secrets: secretsUsed(nodes) };
}

test('targets lead to what they need, and they and the checks to the secrets that are used', () => {
  const { lines, secrets } = pictureOf(`
secrets:
  app: { require: [{ secret: db-password }, { secret: unused }] }
postgres:
  db: { host: 10.0.0.2, database: app, user: probe, password: { secret: db-password } }
http:
  shop: { url: https://shop.example.com/, headers: { x-key: "\${secret:api-key}" } }
platform:
  sql: { cloudSql: { instance: orders } }
dependencies: { shop: [db] }
`);
  expect(secrets).toEqual(['api-key', 'db-password']);
  expect(lines.toSorted()).toEqual([
    'app -secret- db-password',
    'db -needs- sql',
    'db -secret- db-password',
    'shop -needs- db',
    'shop -secret- api-key',
  ]);
});

test('a journey without needs of its own goes by the addresses that others lead to, each once', () => {
  const { lines } = pictureOf(`
http:
  shop: { url: https://shop.example.com/ }
  cart: { url: https://shop.example.com/cart }
  pay: { url: https://pay.example.com/ }
journey:
  order: { steps: [{ name: a, http: { url: https://shop.example.com/a } }, { name: b, http: { url: https://shop.example.com/b } }] }
  other: { steps: [{ name: a, http: { url: https://shop.example.com/a } }] }
  declared: { steps: [{ name: a, http: { url: https://shop.example.com/a } }] }
dependencies: { declared: [pay] }
`);
  expect(lines.toSorted()).toEqual([
    'declared -needs- pay',
    'order -address- cart',
    'order -address- shop',
    'other -address- cart',
    'other -address- shop',
  ]);
});

test('a secret may be called as a target is: its line is another one', () => {
  const { lines } = pictureOf(`
redis:
  cache: { host: 10.0.0.3 }
  app: { host: 10.0.0.4, password: { secret: cache } }
  cache-too: { host: 10.0.0.5, password: { secret: cache-too } }
dependencies: { app: [cache] }
`);
  expect(lines.toSorted()).toEqual(['app -needs- cache', 'app -secret- cache', 'cache-too -secret- cache-too']);
});
