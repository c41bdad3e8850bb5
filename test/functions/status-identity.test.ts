/** Who asks the status function: assertions of Identity-Aware Proxy and identity tokens, real ones and all others. */
import { request } from 'node:http';
import type { SessionAnswer } from '../../shared/status/actions';
import { assertionOf, identityOf, ownUrl, startActing, type Acting } from '../support/acting';
import { confusedToken, ecSigner, encoded, rsaSigner, stripped } from '../support/signing';

const sections = {
  tcp: { mail: { host: '127.0.0.1', port: 1 } },
  status: { operators: ['user:Ann@Example.com', 'serviceAccount:robot@test-project.iam.gserviceaccount.com', 'domain:ours.example'] },
};
const ann = 'ann@example.com';
const robot = 'robot@test-project.iam.gserviceaccount.com';
const known = { identity: ann, operator: true, refused: null };
const unknown = (refused: string): object => ({ identity: null, operator: false, refused });

let acting: Acting;
beforeEach(async () => {
  acting = await startActing(sections);
});
afterEach(() => acting.close());

const behindIap = (assertion: string): Promise<SessionAnswer> => acting.session({ 'x-goog-iap-jwt-assertion': assertion });
const withToken = (token: string): Promise<SessionAnswer> => acting.session({ authorization: `Bearer ${token}` });
const now = (): number => Math.floor(Date.now() / 1000);

test('whoever brings nothing may look', async () => {
  expect(await acting.session()).toEqual({
    environment: 'test',
    project: 'test-project',
    region: 'us-central1',
    version: expect.any(String) as string,
    configHash: expect.any(String) as string,
    emulated: true,
    ...unknown('nothing says who you are: there is no identity token, and no assertion'),
  });
});

describe('an assertion of Identity-Aware Proxy', () => {
  test('makes an operator', async () => {
    expect(await behindIap(acting.iap.sign(assertionOf('Ann@example.com')))).toMatchObject(known);
    expect(await behindIap(acting.iap.sign(assertionOf('ben@example.com')))).toMatchObject({
      identity: 'ben@example.com',
      operator: false,
      refused: 'ben@example.com is none of the status.operators of the configuration',
    });
  });

  test.each([
    ['of another issuer', { iss: 'https://accounts.google.com' }, 'was issued by somebody else'],
    ['for another project', { aud: '/projects/987654321/locations/us-central1/services/synthetics-test-status' }, 'is for somebody else'],
    ['for another region', { aud: '/projects/123456789/locations/europe-west1/services/synthetics-test-status' }, 'is for somebody else'],
    ['for another service', { aud: '/projects/123456789/locations/us-central1/services/synthetics-test-verify' }, 'is for somebody else'],
    ['for a backend service', { aud: '/projects/123456789/global/backendServices/1' }, 'is for somebody else'],
    ['that has expired', { iat: now() - 700, exp: now() - 100 }, 'has expired'],
    ['from the time to come', { iat: now() + 100, exp: now() + 700 }, 'is not valid yet'],
    ['that is valid for a day', { exp: now() + 86_400 }, 'is valid for longer than Google makes them'],
    ['that names nobody', { email: undefined }, 'names no address'],
    ['with two audiences', { aud: ['a', 'b'] }, 'is no token'],
  ])('%s is none', async (_, claims, refused) => {
    const answer = await behindIap(acting.iap.sign(assertionOf(ann, claims)));
    expect(answer).toMatchObject({ identity: null, operator: false });
    expect(answer.refused).toContain(`the assertion of Identity-Aware Proxy ${refused}`);
  });

  test('that is signed by somebody else, or not at all, is none', async () => {
    const claims = assertionOf(ann);
    const { iap, google } = acting;
    const [header, , signature] = iap.sign(assertionOf('ben@example.com')).split('.');
    const forged = [
      [ecSigner(iap.keyId).sign(claims), 'has a signature that does not fit'],
      [`${header}.${encoded(claims)}.${signature}`, 'has a signature that does not fit'],
      [`${iap.sign(claims).split('.').slice(0, 2).join('.')}.`, 'has a signature that does not fit'],
      [ecSigner('iap-2').sign(claims), 'is signed with a key that is not published'],
      [iap.sign(claims, { kid: undefined }), 'is signed with a key that is not published'],
      [iap.sign(claims, { kid: '__proto__' }), 'is signed with a key that is not published'],
      [`${encoded({ alg: 'none', kid: iap.keyId })}.${encoded(claims)}.`, 'is not signed with ES256'],
      [confusedToken(iap, claims), 'is not signed with ES256'],
      [google.sign(claims), 'is not signed with ES256'],
      [stripped(iap.sign(claims)), 'has a signature that does not fit'],
      ['nonsense', 'is no token'],
      ['', 'is no token'],
    ] as const;
    for (const [assertion, refused] of forged)
      expect(await behindIap(assertion)).toMatchObject(unknown(`the assertion of Identity-Aware Proxy ${refused}`));
  });

  test('counts alone: no token makes up for a bad one, and of two none counts', async () => {
    const bad = ecSigner(acting.iap.keyId).sign(assertionOf(ann));
    const token = stripped(acting.google.sign(identityOf(ann)));
    const both = { 'x-goog-iap-jwt-assertion': bad, 'x-serverless-authorization': `Bearer ${token}` };
    expect(await acting.session(both)).toMatchObject({ identity: null, operator: false });
    const good = acting.iap.sign(assertionOf(ann));
    // As IAP does it: the token is that of IAP itself.
    const iapOwn = stripped(acting.google.sign(identityOf('service-1@gcp-sa-iap.iam.gserviceaccount.com')));
    expect(await acting.session({ 'x-goog-iap-jwt-assertion': good, 'x-serverless-authorization': `Bearer ${iapOwn}` })).toMatchObject(
      known,
    );
    const said = await new Promise<string>((fulfil, reject) => {
      const url = new URL('api/session', acting.status.url);
      request(url, { headers: { 'x-goog-iap-jwt-assertion': [good, good] }, agent: false }, (response) => {
        response.setEncoding('utf8').once('data', fulfil);
      })
        .once('error', reject)
        .end();
    });
    expect(said).toContain('more than one assertion');
  });

  test('needs the keys once, and again when there is a new one', async () => {
    const asked = (): number => acting.platform.requests().filter(({ path }) => path.startsWith('/gstatic/')).length;
    await behindIap(acting.iap.sign(assertionOf(ann)));
    await behindIap(acting.iap.sign(assertionOf(ann)));
    expect(asked()).toBe(1);
    // Whoever makes ids up does not make us ask each time.
    for (const id of ['x', 'y', 'z']) await behindIap(ecSigner(id).sign(assertionOf(ann)));
    expect(asked()).toBe(1);
  });

  test('proves nothing where the keys, or the number of the project, are not told', async () => {
    const heal = acting.platform.fault({ code: 503, resource: '/gstatic/', message: 'away' });
    expect((await behindIap(acting.iap.sign(assertionOf(ann)))).refused).toMatch(/^it could not be found out who you are: .*status 503/);
    heal();
    expect(await behindIap(acting.iap.sign(assertionOf(ann)))).toMatchObject(known);
    await acting.close();
    acting = await startActing(sections);
    acting.platform.put('/cloudresourcemanager/v3/projects/test-project', undefined);
    expect((await behindIap(acting.iap.sign(assertionOf(ann)))).refused).toMatch(
      /^it could not be found out who you are: cloudresourcemanager/,
    );
  });

  test('is for nobody where it is not known which service this is', async () => {
    await acting.close();
    acting = await startActing(sections, { service: undefined });
    expect((await behindIap(acting.iap.sign(assertionOf(ann)))).refused).toContain('K_SERVICE is not set');
  });
});

describe('an identity token', () => {
  test.each([
    ['its address', ownUrl],
    ['its other address', 'https://synthetics-test-status-123456789.us-central1.run.app'],
    ['a name of its own', 'status.example.com'],
    ['its address at Cloud Functions', 'https://us-central1-test-project.cloudfunctions.net/synthetics-test-status'],
  ])('makes an operator when it is for the service by %s', async (_, aud) => {
    acting.describe(
      { urls: [ownUrl, 'https://synthetics-test-status-123456789.us-central1.run.app'], customAudiences: ['status.example.com'] },
      ['allUsers'],
    );
    expect(await withToken(acting.google.sign(identityOf(ann, { aud })))).toMatchObject(known);
    expect(await withToken(acting.google.sign(identityOf(robot, { aud })))).toMatchObject({ identity: robot, operator: true });
  });

  test.each([
    ['for another service', { aud: 'https://another-abc-uc.a.run.app' }, 'the identity token is for somebody else'],
    ['of gcloud, for no service', { aud: '32555940559.apps.googleusercontent.com' }, 'the identity token is for somebody else'],
    ['of IAP', { iss: 'https://cloud.google.com/iap' }, 'the identity token was issued by somebody else'],
    ['that has expired', { iat: now() - 4000, exp: now() - 400 }, 'the identity token has expired'],
    ['with an address that is not verified', { email_verified: false }, `the address ${ann} in the identity token is not verified`],
    ['that does not say whether the address is verified', { email_verified: undefined }, 'is not verified'],
    ['without an address', { email: undefined }, 'the identity token names no address'],
  ])('%s is none', async (_, claims, refused) => {
    const answer = await withToken(acting.google.sign(identityOf(ann, claims)));
    expect([answer.operator, answer.refused]).toEqual([false, expect.stringContaining(refused)]);
  });

  test('that is signed by somebody else is none', async () => {
    const claims = identityOf(ann);
    const { google, iap } = acting;
    for (const [token, refused] of [
      [rsaSigner(google.keyId).sign(claims), 'the identity token has a signature that does not fit'],
      [`${encoded({ alg: 'none', kid: google.keyId })}.${encoded(claims)}.`, 'the identity token is not signed with RS256'],
      [confusedToken(google, claims), 'the identity token is not signed with RS256'],
      [iap.sign(claims), 'the identity token is not signed with RS256'],
      ['ya29.an-access-token', 'what is sent to authorize is no identity token'],
    ] as const)
      expect(await withToken(token)).toMatchObject(unknown(refused));
    expect(await acting.session({ authorization: 'Basic YTpi' })).toMatchObject(unknown('what is sent to authorize is no identity token'));
  });

  test.each([
    ['was issued by somebody else', { iss: 'https://cloud.google.com/iap' }],
    ['has expired', { iat: now() - 4000, exp: now() - 400 }],
    [' is not verified', { email_verified: false }],
    ['names no address', { email: undefined }],
  ])('without its signature is none either that %s', async (refused, claims) => {
    const answer = await withToken(stripped(acting.google.sign(identityOf(ann, claims))));
    expect([answer.operator, answer.refused]).toEqual([false, expect.stringContaining(refused)]);
  });

  test('without its signature makes an operator, since Cloud Run has looked at it', async () => {
    // A person's token is for gcloud, which Cloud Run takes.
    const token = stripped(acting.google.sign(identityOf(ann, { aud: '32555940559.apps.googleusercontent.com' })));
    expect(await withToken(token)).toMatchObject(known);
    expect(await acting.session({ 'x-serverless-authorization': `bearer ${token}` })).toMatchObject(known);
  });

  test.each([
    ['allUsers may call this service', {}, ['allUsers']],
    ['allAuthenticatedUsers may call this service', {}, ['user:a@example.com', 'allAuthenticatedUsers']],
    ['the IAM check of this service is switched off', { invokerIamDisabled: true }, []],
  ])('without its signature proves nothing where %s', async (why, service, members) => {
    acting.describe(service, members);
    expect(await withToken(stripped(acting.google.sign(identityOf(ann))))).toMatchObject(
      unknown(`the identity token has lost its signature, and proves nothing since ${why}`),
    );
  });

  test('without its signature proves nothing a minute after the service was opened to all', async () => {
    const token = stripped(acting.google.sign(identityOf(ann)));
    expect(await withToken(token)).toMatchObject(known);
    acting.describe({}, ['allUsers']);
    acting.pass(61_000);
    expect(await withToken(token)).toMatchObject({ identity: null, operator: false });
  });

  test('without its signature proves nothing where the policy can not be read', async () => {
    acting.platform.fault({ code: 403, resource: ':getIamPolicy', message: 'no' });
    expect((await withToken(stripped(acting.google.sign(identityOf(ann))))).refused).toBe('it could not be found out who you are: run: no');
  });

  test('that Cloud Run has not looked at, because another header came with it, is none', async () => {
    // Only X-Serverless-Authorization is checked where both are sent: whoever may call the service could write anything into the other.
    const forged = stripped(rsaSigner('any').sign(identityOf(ann)));
    const own = stripped(acting.google.sign(identityOf('ben@example.com')));
    expect(await acting.session({ authorization: `Bearer ${forged}`, 'x-serverless-authorization': `Bearer ${own}` })).toMatchObject({
      identity: 'ben@example.com',
      operator: false,
    });
  });
});
