/** Identity tokens of our own account, by which functions know their caller. */
import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { describe, Fault } from '../fault';
import { call } from './call';

const limits = { totalMs: 6000, tryMs: 3000 } as const;

/**
 * Gives an identity token for an audience: of a function its URL. Throws a Fault `api_denied` or `api_unavailable`.
 */
export type IdentityTokens = (audience: string, signal: AbortSignal) => Promise<string>;

/**
 * @returns tokens of the service account: of the function, of a key file, or impersonated. A person's own credentials are refused,
 * since Google gives none for an audience of one's choice to them (Cloud Run, "Authenticate developers"). Tokens are kept until
 * shortly before they expire.
 */
export function createIdentityTokens(): IdentityTokens {
  const auth = new GoogleAuth();
  const clients = new Map<string, ReturnType<GoogleAuth['getIdTokenClient']>>();
  const clientFor = async (audience: string): ReturnType<GoogleAuth['getIdTokenClient']> => {
    if ((await auth.getClient()) instanceof UserRefreshClient)
      throw new Fault('api_denied', "no identity token: the credentials are a person's, not those of a service account");
    const client = clients.get(audience) ?? auth.getIdTokenClient(audience);
    clients.set(audience, client);
    return client;
  };
  return async (audience, signal) => {
    try {
      return await call({ ...limits, signal }, async () => {
        const headers = await (await clientFor(audience)).getRequestHeaders();
        const token = headers.get('authorization')?.replace(/^Bearer /, '');
        if (!token) throw new Fault('api_denied', 'no identity token: the identity has none');
        return token;
      });
    } catch (error) {
      clients.delete(audience);
      if (error instanceof Fault) throw error;
      const { message } = describe(error);
      const denied = /could not load the default credentials|cannot fetch id token/i.test(message);
      throw new Fault(denied ? 'api_denied' : 'api_unavailable', `no identity token: ${message}`, { cause: error });
    }
  };
}
