/** The one who looks at the status page: known or not, and whether that one may act. */
import type { IncomingMessage } from 'node:http';
import type { SessionAnswer } from '../../shared/status/actions';
import type { Environment } from '../../shared/environment';
import type { Instance } from '../../shared/serve/instance';
import { memberships } from './groups';
import { createIdentify } from './identity';
import { refusalOf } from './operators';
import { ownServiceOf } from './own-service';

/** Either an operator with an address, or a sentence that says why not. */
export type Viewer = Pick<SessionAnswer, 'identity'> &
  ({ readonly identity: string; readonly operator: true; readonly refused: null } | { readonly operator: false; readonly refused: string });

/** Looks at the headers of a request. */
export type Look = (request: Pick<IncomingMessage, 'rawHeaders'>) => Promise<Viewer>;

/** @param now milliseconds since 1970 */
export function viewers({ config, cloud }: Pick<Instance, 'config' | 'cloud'>, environment: Environment, now: () => number): Look {
  const rest = (): ReturnType<typeof cloud.rest> => cloud.rest();
  const own = ownServiceOf({ config, service: environment.service, rest, now });
  const identify = createIdentify({ own, standIn: environment.platformEmulator, now });
  const refusal = refusalOf(config.status.operators, memberships(rest, now));
  return async (request) => {
    const identity = await identify(request);
    if (typeof identity === 'string') return { identity: null, operator: false, refused: identity };
    const refused = await refusal(identity);
    return refused === undefined
      ? { identity: identity.address, operator: true, refused: null }
      : { identity: identity.address, operator: false, refused };
  };
}
