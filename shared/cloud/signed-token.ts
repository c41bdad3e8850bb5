/** Signed tokens that say who calls (JSON Web Tokens, RFC 7519): what they claim, and whether Google signed it for us. */
import { OAuth2Client } from 'google-auth-library';
import * as z from 'zod';
import type { SigningKeys } from './signing-keys';

const header = z.looseObject({ alg: z.string(), kid: z.string().optional() });
const claims = z.looseObject({
  iss: z.string(),
  aud: z.string(),
  /** Seconds since 1970. */
  iat: z.number(),
  exp: z.number(),
  email: z.string().min(1).optional(),
  email_verified: z.boolean().optional(),
  /** The domain of Google Workspace or Cloud Identity that the account belongs to. */
  hd: z.string().optional(),
});
/** What a token says; of a token without proof nothing of it is known to be true. */
export type Claims = z.output<typeof claims>;

/** A token in its parts. */
export interface Token {
  readonly whole: string;
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly claims: Claims;
  readonly signature: string;
}

/** What a token must claim. */
export interface ClaimRules {
  readonly issuers: readonly string[];
  /** One of them; undefined where whoever passed it on has looked at it. */
  readonly audiences?: readonly string[];
  /** Seconds from its issue to its end, at most. */
  readonly longestSeconds: number;
}

/** What a token must be to prove something. */
export interface TokenRules extends ClaimRules {
  /** Never the one that the token chooses. */
  readonly algorithm: 'ES256' | 'RS256';
  readonly audiences: readonly string[];
}

/** Clocks may differ by so many seconds (IAP, "Securing your app with signed headers"). */
const skewSeconds = 30;
/** Tokens have some hundred characters; headers are limited to a few thousand anyway. */
const longestToken = 16_384;

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** @returns the token in its parts, or undefined where the text is none. */
export function readToken(whole: string): Token | undefined {
  const parts = whole.length > longestToken ? [] : whole.split('.');
  const [first, second, signature] = parts;
  if (parts.length !== 3 || first === undefined || second === undefined || signature === undefined) return undefined;
  const envelope = header.safeParse(jsonOf(first));
  const body = claims.safeParse(jsonOf(second));
  if (!envelope.success || !body.success) return undefined;
  return { whole, algorithm: envelope.data.alg, keyId: envelope.data.kid, claims: body.data, signature };
}

/**
 * @param now milliseconds since 1970
 * @returns what is wrong with the claims, as the end of a sentence; undefined where nothing is. The signature is not looked at.
 */
export function claimsProblem({ claims: { iss, aud, iat, exp } }: Token, rules: ClaimRules, now: number): string | undefined {
  const seconds = now / 1000;
  if (!rules.issuers.includes(iss)) return 'was issued by somebody else';
  if (rules.audiences?.includes(aud) === false) return 'is for somebody else than this service (its audience)';
  if (seconds > exp + skewSeconds) return 'has expired';
  if (seconds < iat - skewSeconds) return 'is not valid yet';
  if (exp - iat > rules.longestSeconds) return 'is valid for longer than Google makes them';
  return undefined;
}

const client = new OAuth2Client();

/**
 * @param keysFor gives the keys, told the id that the token names
 * @param now milliseconds since 1970
 * @returns why the token proves nothing, as the end of a sentence; undefined where it holds.
 * @throws Fault `api_unavailable` where the keys could not be fetched
 */
export async function tokenProblem(
  token: Token,
  rules: TokenRules,
  keysFor: (id: string) => Promise<SigningKeys>,
  now: number,
): Promise<string | undefined> {
  if (token.algorithm !== rules.algorithm) return `is not signed with ${rules.algorithm}`;
  const problem = claimsProblem(token, rules, now);
  if (problem !== undefined) return problem;
  const { keyId } = token;
  const keys = keyId === undefined ? {} : await keysFor(keyId);
  if (keyId === undefined || !Object.hasOwn(keys, keyId)) return 'is signed with a key that is not published';
  try {
    await client.verifySignedJwtWithCertsAsync(token.whole, keys, [...rules.audiences], [...rules.issuers]);
    return undefined;
  } catch {
    // What it says holds the whole token; of what it looks at, only the signature has not been looked at yet.
    return 'has a signature that does not fit';
  }
}
