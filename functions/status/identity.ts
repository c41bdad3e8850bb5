/** Who asks, as far as it is proved: by an assertion of Identity-Aware Proxy, or by an identity token. */
import type { IncomingMessage } from 'node:http';
import { signingKeysAt } from '../../shared/cloud/signing-keys';
import { claimsProblem, readToken, tokenProblem, type Claims } from '../../shared/cloud/signed-token';
import { Fault } from '../../shared/fault';
import type { OwnService } from './own-service';

/** Somebody who is known. */
export interface Identity {
  /** In small letters. */
  readonly address: string;
  /** The domain whose administrators look after the account; undefined for others, and for service accounts. */
  readonly domain?: string;
}

/** Says who asks, or in a sentence why that is not known. */
export type Identify = (request: Pick<IncomingMessage, 'rawHeaders'>) => Promise<Identity | string>;

const assertionHeader = 'x-goog-iap-jwt-assertion';
const serverlessHeader = 'x-serverless-authorization';

const ofIap = { algorithm: 'ES256', issuers: ['https://cloud.google.com/iap'], longestSeconds: 660 } as const;
const ofGoogle = { algorithm: 'RS256', issuers: ['https://accounts.google.com', 'accounts.google.com'], longestSeconds: 3_660 } as const;

/** What Cloud Run puts in the place of the signature of a token that it has looked at. */
const strippedSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';

/** @returns the values of a header, each as it was sent: what is sent twice may have been looked at only once. */
function valuesOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function identityOf({ email, hd }: Claims): Identity | undefined {
  if (email === undefined) return undefined;
  return { address: email.toLowerCase(), ...(hd === undefined ? {} : { domain: hd.toLowerCase() }) };
}

/**
 * The assertion counts before tokens: behind IAP, the token is IAP's own.
 * @param options `standIn` is the `host:port` of a plaintext stand-in for Google's APIs; `now` tells milliseconds since 1970.
 */
export function createIdentify(options: {
  readonly own: OwnService;
  readonly standIn: string | undefined;
  readonly now: () => number;
}): Identify {
  const { own, standIn, now } = options;
  const iapKeys = signingKeysAt(
    standIn ? `http://${standIn}/gstatic/iap/verify/public_key` : 'https://www.gstatic.com/iap/verify/public_key',
  );
  const googleKeys = signingKeysAt(standIn ? `http://${standIn}/www/oauth2/v1/certs` : 'https://www.googleapis.com/oauth2/v1/certs');

  const byAssertion = async (whole: string): Promise<Identity | string> => {
    const token = readToken(whole);
    if (!token) return 'the assertion of Identity-Aware Proxy is no token';
    const audiences = [await own.assertionAudience()];
    const problem = await tokenProblem(token, { ...ofIap, audiences }, iapKeys, now());
    if (problem !== undefined) return `the assertion of Identity-Aware Proxy ${problem}`;
    return identityOf(token.claims) ?? 'the assertion of Identity-Aware Proxy names no address';
  };

  const byToken = async (authorization: string): Promise<Identity | string> => {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const token = bearer === undefined ? undefined : readToken(bearer);
    if (!token) return 'what is sent to authorize is no identity token';
    if (token.signature === strippedSignature) {
      const open = await own.openTo();
      if (open !== undefined) return `the identity token has lost its signature, and proves nothing since ${open}`;
      const problem = claimsProblem(token, ofGoogle, now());
      if (problem !== undefined) return `the identity token ${problem}`;
    } else {
      const audiences = await own.tokenAudiences();
      const problem = await tokenProblem(token, { ...ofGoogle, audiences }, googleKeys, now());
      if (problem !== undefined) return `the identity token ${problem}`;
    }
    const identity = identityOf(token.claims);
    if (!identity) return 'the identity token names no address: a service account has to ask for one that does';
    return token.claims.email_verified === true ? identity : `the address ${identity.address} in the identity token is not verified`;
  };

  const identify: Identify = async (request) => {
    const [assertion, ...assertions] = valuesOf(request, assertionHeader);
    if (assertions.length > 0) return 'more than one assertion of Identity-Aware Proxy is sent';
    if (assertion !== undefined) return byAssertion(assertion);
    // Where both are sent, Cloud Run looks at this one alone, and the other may hold anything.
    const serverless = valuesOf(request, serverlessHeader);
    const [authorization, ...more] = serverless.length > 0 ? serverless : valuesOf(request, 'authorization');
    if (more.length > 0) return 'more than one identity token is sent';
    return authorization === undefined ? 'nothing says who you are: there is no identity token, and no assertion' : byToken(authorization);
  };
  return async (request) => {
    try {
      return await identify(request);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return `it could not be found out who you are: ${error.message}`;
    }
  };
}
