/** What stands before a function: who may call it, as Cloud Run decides, and what becomes of its answer. */
import type { IamPolicies } from './iam-policies';
import type { FunctionAnswer, FunctionRequest, LiveFunctions } from './live-functions';
import type { RunService } from './run-services';

/** Calls services as the world would. */
export interface FrontEnd {
  /** @param from Cloud Scheduler counts as inside. @returns what the caller gets: 404 where it comes from outside and must not, 401 or 403 without a fitting identity, else the function's own answer; 504 past its deadline. */
  readonly call: (service: RunService, request: FunctionRequest, from: 'inside' | 'outside') => Promise<FunctionAnswer>;
}

/** An identity token as Google signs it, without the signature: nobody here checks one. */
export function identityToken(email: string, audience: string): string {
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return [
    encoded({ alg: 'RS256', typ: 'JWT' }),
    encoded({ iss: 'https://accounts.google.com', aud: audience, email, email_verified: true }),
    'unsigned',
  ].join('.');
}

function claimsOf(authorization: string | undefined): { readonly aud?: string; readonly email?: string } | undefined {
  const [, payload] = /^Bearer [^.]+\.([^.]+)\.[^.]+$/.exec(authorization ?? '') ?? [];
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud?: string; email?: string };
  } catch {
    return undefined;
  }
}

/** @param live is undefined where functions are not started: then every call that may pass is answered 503. */
export function createFrontEnd(policies: IamPolicies, live: LiveFunctions | undefined): FrontEnd {
  const refuse = (status: number, text: string): FunctionAnswer => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(text),
  });
  return {
    async call(service, request, from) {
      if (from === 'outside' && service.function.serviceConfig['ingressSettings'] !== 'ALLOW_ALL') return refuse(404, 'Page not found');
      const claims = claimsOf(request.headers.authorization);
      if (request.headers.authorization !== undefined && claims?.aud !== service.uri) {
        return refuse(401, 'The access token could not be verified.');
      }
      const member = claims?.email === undefined ? 'nobody' : `serviceAccount:${claims.email}`;
      if (!policies.has(service.name, 'roles/run.invoker', member)) {
        return refuse(403, 'Your client does not have permission to get URL from this server.');
      }
      if (!live) return refuse(503, 'No functions are started here.');
      const deadline = new Promise<FunctionAnswer>((fulfil) => {
        const timer = setTimeout(
          () => fulfil(refuse(504, 'upstream request timeout')),
          service.function.serviceConfig.timeoutSeconds * 1000,
        );
        timer.unref();
      });
      return Promise.race([live.call(service, request), deadline]);
    },
  };
}
