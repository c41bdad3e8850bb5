/** Google's REST APIs with the function's own identity, or their plaintext stand-in without. */
import { GoogleAuth } from 'google-auth-library';
import { describe, Fault, isError } from '../fault';
import { code as grpcCode, call } from './call';

const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';
const limits = { totalMs: 6000, tryMs: 3000 } as const;

/** Calls one of Google's REST APIs. */
export interface Rest {
  /**
   * @param api the API's name, e.g. `cloudresourcemanager`.
   * @param path its path with the version, e.g. `/v3/projects/p:getIamPolicy`.
   * @returns the JSON answer.
   * @throws Fault `resource_missing` (404), `api_denied` (401, 403) or `api_unavailable`.
   */
  call(method: 'GET' | 'POST', api: string, path: string, signal: AbortSignal, body?: unknown): Promise<unknown>;
  /** @throws Fault `api_denied` or `api_unavailable`. */
  accessToken(scope: string, signal: AbortSignal): Promise<string>;
}

function statusFault(status: number, message: string, api: string): Error {
  if (status === 404) return new Fault('resource_missing', message, { code: '404' });
  if (status === 401 || status === 403) return new Fault('api_denied', `${api}: ${message}`, { code: String(status) });
  const isTransient = status === 429 || status >= 500;
  return Object.assign(new Error(`${api}: ${message}`), { code: isTransient ? grpcCode.unavailable : grpcCode.failedPrecondition });
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    const { error } = parsed as { error?: { message?: string } };
    return error?.message ?? `status ${response.status}`;
  } catch {
    return `status ${response.status}`;
  }
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
  return {
    accessToken,
    async call(method, api, path, signal, body) {
      const url = standIn ? `http://${standIn}/${api}${path}` : `https://${api}.googleapis.com${path}`;
      const authorization = standIn ? {} : { authorization: `Bearer ${await accessToken(cloudPlatform, signal)}` };
      try {
        return await call({ ...limits, signal }, async (timeoutMs) => {
          const response = await fetch(url, {
            method,
            headers: { ...authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
            body: body === undefined ? undefined : JSON.stringify(body),
            signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          }).catch((error: unknown) => {
            throw Object.assign(new Error(`${api}: ${describe(isError(error) ? (error.cause ?? error) : error).message}`), {
              code: grpcCode.unavailable,
            });
          });
          if (!response.ok) throw statusFault(response.status, await messageOf(response), api);
          return await response.json();
        });
      } catch (error) {
        if (error instanceof Fault) throw error;
        throw new Fault('api_unavailable', describe(error).message, { cause: error });
      }
    },
  };
}
