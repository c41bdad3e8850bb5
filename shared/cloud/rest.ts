/** Google's REST APIs with the function's own identity, or their plaintext stand-in without. */
import { GoogleAuth } from 'google-auth-library';
import { describe, Fault, isError } from '../fault';
import { code as grpcCode, call, initialized } from './call';
import type { RestApi, RestApis } from './cloud';

const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';
const limits = { totalMs: 6000, tryMs: 3000 } as const;

/** The REST APIs, and the identity that asks them. */
export interface Rest extends RestApis {
  /** @throws Fault `api_denied` or `api_unavailable`. */
  accessToken(scope: string, signal: AbortSignal): Promise<string>;
}

/** The body of an error (Google Cloud API design guide, "Errors"); the older APIs add `errors` with a reason of their own. */
interface ErrorBody {
  readonly error?: { readonly message?: string; readonly errors?: readonly { readonly reason?: string }[] };
}

const transient = (message: string): Error => Object.assign(new Error(message), { code: grpcCode.unavailable });

async function refusal(response: Response, api: RestApi): Promise<Error> {
  const { status } = response;
  const { error } = (parsed(await response.text()) ?? {}) as ErrorBody;
  const message = `${api}: ${error?.message ?? `status ${status}`}`;
  const code = String(status);
  // Compute Engine and Cloud SQL say 403 where others say 429.
  const isLimited = error?.errors?.some(({ reason }) => /^(rateLimit|userRateLimit|quota)Exceeded$/.test(reason ?? '')) === true;
  if (status === 429 || status >= 500 || isLimited) return transient(message);
  if (status === 404) return new Fault('resource_missing', message, { code });
  if (status === 401 || status === 403) return new Fault('api_denied', message, { code });
  return new Fault(status === 400 ? 'config_invalid' : 'api_unavailable', message, { code });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function urlOf(standIn: string | undefined, api: RestApi, path: string): string {
  if (standIn) return `http://${standIn}/${api}${path}`;
  // Compute Engine alone repeats its name in the path.
  return `https://${api}.googleapis.com${api === 'compute' ? '/compute' : ''}${path}`;
}

/** @param standIn `host:port` of a plaintext stand-in, or undefined for the real APIs. */
export function createRest(standIn: string | undefined): Rest {
  const auths = new Map<string, GoogleAuth>();
  const accessToken = async (scope: string, signal: AbortSignal): Promise<string> => {
    const auth = auths.get(scope) ?? new GoogleAuth({ scopes: [scope] });
    auths.set(scope, auth);
    try {
      const token = await call({ ...limits, signal }, () => auth.getAccessToken());
      if (token) return token;
    } catch (error) {
      const { message } = describe(error);
      const denied = /could not load the default credentials/i.test(message);
      throw new Fault(denied ? 'api_denied' : 'api_unavailable', `no access token: ${message}`, { cause: error });
    }
    throw new Fault('api_denied', 'no access token: the identity has none');
  };
  const ask = async (api: RestApi, path: string, signal: AbortSignal, init: RequestInit): Promise<unknown> => {
    const authorization = standIn ? {} : { authorization: `Bearer ${await accessToken(cloudPlatform, signal)}` };
    try {
      return await call({ ...limits, signal }, async (timeoutMs) => {
        const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const headers = { ...authorization, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) };
        const response = await fetch(urlOf(standIn, api, path), { ...init, headers, signal: until }).catch((error: unknown) => {
          throw transient(`${api}: ${describe(isError(error) ? (error.cause ?? error) : error).message}`);
        });
        if (!response.ok) throw await refusal(response, api);
        const answer = parsed(await response.text());
        if (typeof answer === 'object' && answer !== null) return answer;
        throw new Fault('api_unavailable', `${api}: the answer is not a JSON object`);
      });
    } catch (error) {
      if (error instanceof Fault) throw error;
      const { message } = describe(error);
      throw new Fault('api_unavailable', message.startsWith(`${api}: `) ? message : `${api}: ${message}`, { cause: error });
    }
  };
  return {
    accessToken,
    ready: () => initialized({ initialize: async () => standIn ?? accessToken(cloudPlatform, AbortSignal.timeout(limits.tryMs)) }),
    get: (api, path, signal) => ask(api, path, signal, { method: 'GET' }),
    post: (api, path, body, signal) => ask(api, path, signal, { method: 'POST', body: JSON.stringify(body) }),
  };
}
