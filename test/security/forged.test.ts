/** Nobody acts in the name of an operator: by another site, by a forged or borrowed assertion, by headers that contradict each other. */
import { request } from 'node:http';
import { assertionOf, audience, identityOf } from '../support/acting';
import { startOperating, type Operating } from '../support/operating';
import { confusedToken, ecSigner, encoded, rsaSigner, stripped } from '../support/signing';
import { createHmac } from 'node:crypto';

jest.setTimeout(120_000);

let operating: Operating;
beforeAll(async () => {
  operating = await startOperating();
});
afterAll(() => operating.close());

const ann = 'ann@example.com';
const iapHeader = 'x-goog-iap-jwt-assertion';
const actions = ['run', 'verify'] as const;
const bodies = { run: { target: 'mail' }, verify: { rounds: 1, targets: ['mail'] } };
const now = (): number => Math.floor(Date.now() / 1000);

/** Sends headers as they are given, in their order, their case and number. */
function send(action: 'run' | 'verify', headers: readonly string[], method = 'POST', path = `/api/${action}`): Promise<number> {
  const body = JSON.stringify(bodies[action]);
  const { port } = new URL(operating.status.url);
  const all = ['Host', `127.0.0.1:${port}`, 'Content-Type', 'application/json', 'Content-Length', String(body.length), ...headers];
  return new Promise((fulfil, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: all, agent: false, setHost: false }, (response) => {
      response.resume().once('end', () => fulfil(response.statusCode ?? 0));
    });
    sent.once('error', reject).end(body);
  });
}

const good = (): string => operating.iap.sign(assertionOf(ann));
const own = (action: string): readonly string[] => ['X-Synthetics-Action', action];

/** Everything that is sent for it is refused, and no function is called. */
async function expectRefused(tries: readonly (readonly string[])[]): Promise<void> {
  for (const action of actions)
    for (const headers of tries)
      expect([headers.join(' ').slice(0, 300), await send(action, [...own(action), ...headers])]).toEqual([
        headers.join(' ').slice(0, 300),
        403,
      ]);
  expect(operating.server.accepted()).toBe(0);
}

test('pages of other sites, with the best of credentials', async () => {
  const { port } = new URL(operating.status.url);
  const sites: readonly (readonly string[])[] = [
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Sec-Fetch-Site', 'none'],
    ['Sec-Fetch-Site', 'Same-Origin'],
    ['Sec-Fetch-Site', 'same-origin, cross-site'],
    ['Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', ''],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Origin', ''],
    ['Origin', 'file://'],
    ['Origin', `http://127.0.0.1:${port}.evil.example`],
    ['Origin', `http://127.0.0.1:${port}@evil.example`],
    ['Origin', `https://evil.example#127.0.0.1:${port}`],
    ['Origin', 'http://localhost.evil.example'],
    ['Origin', 'http://127.0.0.1.evil.example'],
    ['Origin', `http://127.0.0.1:${port}, https://evil.example`],
    ['Origin', 'https://evil.example', 'X-Forwarded-Host', 'evil.example'],
    ['Origin', 'https://evil.example', 'Forwarded', 'host=evil.example'],
    ['Origin', `http://127.0.0.1:${port}`, 'Sec-Fetch-Site', 'cross-site'],
  ];
  await expectRefused(sites.map((site) => [iapHeader, good(), ...site]));
});

test('without the header that only the page itself can send', async () => {
  for (const action of actions)
    for (const headers of [
      [],
      ['X-Synthetics-Action', ''],
      ['X-Synthetics-Action', 'other'],
      own(action === 'run' ? 'verify' : 'run'),
      [...own(action), ...own('other')],
      ['X-Synthetics-Action', action.toUpperCase()],
    ])
      expect(await send(action, [...headers, iapHeader, good()])).toBe(403);
  for (const method of ['GET', 'PUT', 'PATCH', 'OPTIONS', 'DELETE'])
    for (const action of actions)
      expect(await send(action, [...own(action), 'X-HTTP-Method-Override', 'POST', iapHeader, good()], method)).toBe(405);
  expect(operating.server.accepted()).toBe(0);
});

test('assertions that nobody gave, or that were given for something else', async () => {
  const { iap, google } = operating;
  const [header = '', claims = '', signature = ''] = good().split('.');
  const hmacWith = (key: string): string =>
    `${encoded({ alg: 'HS256', kid: iap.keyId })}.${claims}.${createHmac('sha256', key)
      .update(`${encoded({ alg: 'HS256', kid: iap.keyId })}.${claims}`)
      .digest('base64url')}`;
  const bare = (fields: object): string => `${encoded(fields)}.${claims}.`;
  const kids = [
    '../../../dev/null',
    '/dev/null',
    "' OR '1'='1",
    'constructor',
    '__proto__',
    'toString',
    '',
    'https://evil.example/keys',
    `${iap.keyId}\0`,
    iap.keyId.toUpperCase(),
    'x'.repeat(5000),
  ];
  const tokens = [
    ...['none', 'None', 'NONE', 'nOnE', '', 'ES256 ', 'es256', 'HS256', 'RS256', 'PS256', 'ES384'].map((alg) =>
      bare({ alg, kid: iap.keyId }),
    ),
    ...['none', 'HS256'].map((alg) => `${encoded({ alg, kid: iap.keyId })}.${claims}.${signature}`),
    hmacWith(iap.publicKey),
    hmacWith(iap.publicKey.trim()),
    hmacWith(''),
    hmacWith(iap.keyId),
    confusedToken(iap, assertionOf(ann)),
    ...kids.map((kid) => ecSigner(iap.keyId).sign(assertionOf(ann), { kid })),
    ecSigner(iap.keyId).sign(assertionOf(ann), {
      jwk: { kty: 'EC' },
      jku: 'http://127.0.0.1:1/',
      x5u: 'http://127.0.0.1:1/',
      x5c: [iap.publicKey],
    }),
    ecSigner(iap.keyId).sign(assertionOf(ann), { crit: ['exp'], b64: false }),
    iap.sign(assertionOf(ann, { exp: now() - 3600, iat: now() - 4000 })),
    iap.sign(assertionOf(ann, { exp: 9e15 })),
    iap.sign(assertionOf(ann, { exp: '9999999999' })),
    iap.sign(assertionOf(ann, { exp: null })),
    iap.sign(assertionOf(ann, { iat: now() + 3600, exp: now() + 4000 })),
    iap.sign(assertionOf(ann, { iat: -1e15 })),
    ...[
      `${audience}x`,
      audience.toUpperCase(),
      `x${audience}`,
      '',
      '*',
      '/projects/123456789',
      `${audience}/../synthetics-test-verify`,
    ].map((aud) => iap.sign(assertionOf(ann, { aud }))),
    iap.sign(assertionOf(ann, { aud: [audience] })),
    iap.sign(assertionOf(ann, { iss: 'https://cloud.google.com/iap/' })),
    iap.sign(assertionOf(ann, { iss: ['https://cloud.google.com/iap'] })),
    ...[`${ann}.evil.example`, `${ann}\0`, `evil@example.com,${ann}`, `"${ann}"`, ` ${ann}`, 'ａnn@example.com', 'ann@examp1e.com'].map(
      (email) => iap.sign(assertionOf(email)),
    ),
    iap.sign(assertionOf('x', { email: [ann] })),
    iap.sign(assertionOf('x', { email: { toString: ann } })),
    google.sign(identityOf(ann)),
    google.sign(assertionOf(ann)),
    stripped(good()),
    `${header}.${claims}`,
    `${header}.${claims}.${signature}.${signature}`,
    `${header}..${signature}`,
    `${header}.${claims}.${signature.slice(0, -4)}`,
    `${header}.${claims}.${'A'.repeat(86)}`,
    `${header}.${claims}.${Buffer.alloc(64).toString('base64url')}`,
    `.${claims}.${signature}`,
    '..',
    '...',
    `${good()},${good()}`,
    `Bearer ${good()}`,
    `${'a'.repeat(6000)}.b.c`,
  ].map((token) => Buffer.from(token).toString('latin1').replaceAll('\0', '%00'));
  await expectRefused(tokens.map((token) => [iapHeader, token]));
});

test('identity tokens of the same sort', async () => {
  const { google, iap } = operating;
  const claims = identityOf(ann);
  const tokens = [
    rsaSigner(google.keyId).sign(claims),
    confusedToken(google, claims),
    iap.sign(claims),
    `${encoded({ alg: 'none', kid: google.keyId })}.${encoded(claims)}.`,
    google.sign(identityOf(ann, { aud: 'https://another.example' })),
    google.sign(identityOf(ann, { email_verified: 'true' })),
    google.sign(identityOf(ann, { email_verified: 1 })),
    google.sign(identityOf(ann, { exp: now() - 100, iat: now() - 3000 })),
    google.sign(identityOf(ann, { iss: 'https://accounts.google.com.evil.example' })),
  ];
  const schemes = ['Bearer', 'bearer', 'BEARER'];
  await expectRefused(
    tokens.flatMap((token) =>
      schemes.flatMap((scheme) => [
        ['Authorization', `${scheme} ${token}`],
        ['X-Serverless-Authorization', `${scheme} ${token}`],
      ]),
    ),
  );
  await expectRefused([
    ['Authorization', `Basic ${Buffer.from(`${ann}:x`).toString('base64')}`],
    ['Cookie', `GCP_IAP_UID=1; token=${google.sign(claims)}`],
    ['X-Goog-Authenticated-User-Email', `accounts.google.com:${ann}`],
    ['X-Forwarded-User', ann],
    ['X-Forwarded-Email', ann],
    ['From', ann],
  ]);
});

test('headers that contradict each other, in any case', async () => {
  const bad = ecSigner(operating.iap.keyId).sign(assertionOf(ann));
  const stranger = operating.iap.sign(assertionOf('eve@example.com'));
  const names = [iapHeader, 'X-Goog-IAP-JWT-Assertion', 'X-GOOG-IAP-JWT-ASSERTION'];
  await expectRefused([
    ...names.flatMap((first) => names.map((second) => [first, good(), second, good()])),
    ...names.flatMap((first) =>
      names.flatMap((second) => [
        [first, bad, second, good()],
        [first, good(), second, bad],
        [first, '', second, good()],
        [first, stranger, second, good()],
      ]),
    ),
    ...names.map((name) => [name, `${bad}, ${good()}`]),
    ['X_Goog_IAP_JWT_Assertion', good()],
    [iapHeader, '', 'Authorization', `Bearer ${operating.google.sign(identityOf(ann))}`],
    [iapHeader, bad, 'Authorization', `Bearer ${operating.google.sign(identityOf(ann))}`],
    [
      'Authorization',
      `Bearer ${operating.google.sign(identityOf(ann))}`,
      'authorization',
      `Bearer ${operating.google.sign(identityOf(ann))}`,
    ],
    ['Authorization', `Bearer ${operating.google.sign(identityOf(ann))}`, 'X-Serverless-Authorization', `Bearer ${bad}`],
  ]);
});

test('the one who may still may, by the page itself', async () => {
  operating.release();
  const { port } = new URL(operating.status.url);
  expect(await send('run', [...own('run'), iapHeader, good(), 'Origin', `http://127.0.0.1:${port}`, 'Sec-Fetch-Site', 'same-origin'])).toBe(
    200,
  );
  expect(operating.server.accepted()).toBe(1);
});
