/** Identity tokens, from a metadata server on loopback or not at all; asked for by a program of its own, as the library loads parts late. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ownFolder } from '../../config/written';

const folder = ownFolder();
const part = (document: object): string => Buffer.from(JSON.stringify(document)).toString('base64url');
const tokenFor = (audience: string): string => `${part({ alg: 'none' })}.${part({ aud: audience, exp: 4_000_000_000 })}.sign`;

const asked: string[] = [];
let metadata: Server;
beforeAll(async () => {
  metadata = createServer(({ url = '' }, response) => {
    const audience = new URL(url, 'http://metadata').searchParams.get('audience');
    if (audience !== null) asked.push(audience);
    response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'text/plain' });
    response.end(audience === null ? 'googleapis.com' : tokenFor(audience));
  }).listen(0, '127.0.0.1');
  await once(metadata, 'listening');
});
afterAll(async () => {
  metadata.closeAllConnections();
  metadata.close();
  await once(metadata, 'close');
});

/** @returns for each audience, asked for in turn, the token or what the fault says. */
async function tokensFor(audiences: readonly string[], credentials = ''): Promise<readonly string[]> {
  const module = resolve(__dirname, '../../../shared/cloud/identity.js');
  const script = `
    const tokens = require(${JSON.stringify(module)}).createIdentityTokens();
    (async () => {
      const found = [];
      for (const audience of ${JSON.stringify(audiences)})
        found.push(await tokens(audience, AbortSignal.timeout(10_000)).catch(({ reason, message }) => reason + ': ' + message));
      process.stdout.write(JSON.stringify(found));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder.path,
      CLOUDSDK_CONFIG: folder.path,
      GOOGLE_APPLICATION_CREDENTIALS: credentials,
      GCE_METADATA_HOST: `127.0.0.1:${(metadata.address() as AddressInfo).port}`,
      METADATA_SERVER_DETECTION: 'assume-present',
    },
  });
  return JSON.parse(stdout) as string[];
}

beforeEach(() => void (asked.length = 0));

test('a service account gets a token for the audience, which is kept while it is good', async () => {
  const [a, b] = ['https://a.run.app', 'https://b.run.app'];
  expect(await tokensFor([a, b, a])).toEqual([tokenFor(a), tokenFor(b), tokenFor(a)]);
  // On a busy machine the first may be asked for again.
  expect(asked.at(-1)).toBe(b);
});

test("a person's credentials give none", async () => {
  const person = { type: 'authorized_user', client_id: 'a', client_secret: 'b', refresh_token: 'c' };
  const [said] = await tokensFor(['https://a.run.app'], folder.write('person.json', JSON.stringify(person)));
  expect(said).toBe("api_denied: no identity token: the credentials are a person's, not those of a service account");
});

test('credentials that can not be read are told', async () => {
  const [said] = await tokensFor(['https://a.run.app'], join(folder.path, 'nowhere.json'));
  expect(said).toMatch(/^api_unavailable: no identity token: .*nowhere\.json/);
});
