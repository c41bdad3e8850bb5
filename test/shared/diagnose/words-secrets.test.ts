/** What people read at night of secrets: broken ones, unreadable ones, rotations. */
import { testWords } from './words';

testWords([
  {
    title: 'a secret that is disabled',
    seen: {
      app: { reason: 'secret_disabled', findings: { 'redis-password': 'secret_disabled' } },
      cache: 'secret_unavailable',
      sessions: 'secret_unavailable',
    },
    words: `
secret/redis-password (high): The secret redis-password is no good: disabled
- redis-password: secret_disabled
- 2 that need it fail or can't be told: cache, sessions
`,
  },
  {
    title: 'a secret of which nobody tells what is wrong',
    seen: {
      app: { reason: 'secret_malformed', findings: { 'redis-password': 'untold', 'db-password': 'untold' } },
      cache: 'credentials_rejected',
    },
    words: `
secret/redis-password (high): The secret redis-password breaks a rule
- app finds that it breaks a rule
- 1 that needs it fails or can't be told: cache
secret/db-password (high): The secret db-password breaks a rule
- app finds that it breaks a rule
`,
  },
  {
    title: 'a secret that nobody can read',
    seen: { 'orders-db': 'secret_unavailable', 'reports-db': 'secret_unavailable' },
    unseen: ['app'],
    words: `
secret/db-password (medium): The secret db-password can't be read
- 2 of 2 targets that need it could not be tried: orders-db, reports-db
`,
  },
  {
    title: 'a secret that nobody can read, and a check that fails without saying of what',
    seen: {
      app: { reason: 'secret_destroyed', message: 'something is destroyed' },
      'orders-db': 'secret_unavailable',
      'reports-db': 'secret_unavailable',
    },
    words: `
secret/db-password (medium): The secret db-password can't be read
- app (secrets) fails with secret_destroyed: something is destroyed
- 2 of 2 targets that need it could not be tried: orders-db, reports-db
`,
  },
  {
    title: 'a check that fails without saying of what, and a secret that is refused',
    seen: {
      app: { reason: 'secret_destroyed', message: 'something is destroyed' },
      'shop-cart': 'secret_unavailable',
      cache: 'secret_unavailable',
    },
    words: `
secret/api-key (medium): The secret api-key can't be read
- app (secrets) fails with secret_destroyed: something is destroyed
- 1 of 1 target that needs it could not be tried: shop-cart
- 1 that needs it fails, too
`,
  },
  {
    title: 'a rotation',
    seen: {
      app: {
        observed: { 'secret.ageDays': { 'db-password': 0.5 }, 'secret.versions': { 'db-password': '8' } },
        startedAt: '2026-01-02T12:00:00.000Z',
      },
      'orders-db': { reason: 'credentials_rejected', observed: { 'secret.versions': { 'db-password': '8' } } },
      'reports-db': 'credentials_rejected',
    },
    circumstances: {
      at: '2026-01-02T12:00:00.000Z',
      lastSuccesses: [{ target: 'orders-db', at: '2026-01-01T12:00:00.000Z', secretVersions: { 'db-password': '7' } }],
    },
    words: `
secret/db-password (high): The secret db-password was rotated, and what it holds is refused
- orders-db worked with version 7; now version 8 is used, made at about 2026-01-02T00:00Z
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
  {
    title: 'a password that was changed on the server',
    seen: {
      'orders-db': { reason: 'credentials_rejected', observed: { 'secret.versions': { 'db-password': '7' } } },
      'reports-db': 'credentials_rejected',
    },
    circumstances: { lastSuccesses: [{ target: 'orders-db', secretVersions: { 'db-password': '7' } }] },
    words: `
secret/db-password (medium): What the secret db-password holds is refused
- version 7 is the one that orders-db worked with: it was changed on the server, not in the secret
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
  {
    title: 'a secret that is younger than the last success',
    seen: {
      app: { observed: { 'secret.ageDays': { 'db-password': 0.5 } }, startedAt: '2026-01-02T12:00:00.000Z' },
      'orders-db': 'credentials_rejected',
      'reports-db': 'credentials_rejected',
    },
    circumstances: { lastSuccesses: [{ target: 'orders-db', at: '2026-01-01T12:00:00.000Z' }] },
    words: `
secret/db-password (high): The secret db-password was rotated, and what it holds is refused
- its newest version is younger than the last success of orders-db, at 2026-01-01T12:00:00.000Z, made at about 2026-01-02T00:00Z
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
  {
    title: 'a secret that was made today, nobody knows when',
    seen: {
      app: { observed: { 'secret.ageDays': { 'db-password': 0.5 } } },
      'orders-db': 'credentials_rejected',
      'reports-db': 'credentials_rejected',
    },
    words: `
secret/db-password (medium): The secret db-password was rotated, and what it holds is refused
- its newest version is younger than a day, made 0.5 d ago
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
  {
    title: 'a secret that was made after the check',
    seen: {
      app: {
        observed: { 'secret.ageDays': { 'db-password': 30 }, 'secret.versions': { 'db-password': '7' } },
        startedAt: '2026-01-02T12:00:00.000Z',
      },
      'orders-db': { reason: 'credentials_rejected', observed: { 'secret.versions': { 'db-password': '8' } } },
      'reports-db': 'credentials_rejected',
    },
    circumstances: { at: '2026-01-02T13:00:00.000Z', lastSuccesses: [{ target: 'orders-db', secretVersions: { 'db-password': '7' } }] },
    words: `
secret/db-password (high): The secret db-password was rotated, and what it holds is refused
- orders-db worked with version 7; now version 8 is used, made after 2026-01-02T12:00Z, when version 7 was the newest
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
  {
    title: 'nobody knows anything of a secret that is refused',
    seen: { 'orders-db': 'credentials_rejected', 'reports-db': 'credentials_rejected' },
    unseen: ['app'],
    words: `
secret/db-password (medium): What the secret db-password holds is refused
- 2 of 2 targets that log in with it are refused: orders-db, reports-db
`,
  },
]);
