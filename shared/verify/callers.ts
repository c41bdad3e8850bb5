/** Where the functions are: behind one address, or as services of Cloud Run. */
import type { RestApis } from '../cloud/cloud';
import type { IdentityTokens } from '../cloud/identity';
import type { Config } from '../config/config';
import type { FunctionCaller } from './caller';
import { open, post, type Opened } from './post';

/** @returns what reaches the functions as `<base>/functions/<kind>`, without a token. */
export function callerBehind(base: URL): FunctionCaller {
  const prefix = base.href.replace(/\/+$/, '');
  return { call: (kind, body, signal) => post(new URL(`${prefix}/functions/${kind}`), body, {}, signal) };
}

/** Reaches deployed functions, and gives their answers as they come, too. */
export interface DeployedCaller extends FunctionCaller {
  /**
   * Posts as `call` does.
   * @param accept the types that are asked for
   * @returns the answer once its header has come
   */
  open(kind: string, body: string, accept: string, signal: AbortSignal): Promise<Opened>;
}

/** How deployed functions are found and called. */
export interface DeployedOptions {
  readonly config: Pick<Config, 'project' | 'region'>;
  readonly rest: () => Pick<RestApis, 'get'>;
  readonly identity: IdentityTokens;
  /** @returns the name of a function, and of its service in Cloud Run. */
  readonly nameOf: (kind: string) => string;
}

/**
 * @returns what asks Cloud Run for the address of each function (Cloud Run Admin API v2, `projects.locations.services.get`, `uri`), once
 * as long as it is reached there, and calls it with an identity token for that address. No token is sent where it could be overheard.
 */
export function callerOfDeployed({ config, rest, identity, nameOf }: DeployedOptions): DeployedCaller {
  const known = new Map<string, URL>();
  const find = async (kind: string, signal: AbortSignal): Promise<URL> => {
    const path = `/v2/projects/${config.project}/locations/${config.region}/services/${nameOf(kind)}`;
    const { uri } = (await rest().get('run', path, signal)) as { readonly uri?: unknown };
    if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error(`Cloud Run tells no address of the service ${nameOf(kind)}`);
    return new URL(uri);
  };
  const reach = async <T extends { readonly status: number }>(
    kind: string,
    signal: AbortSignal,
    send: (url: URL, headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> => {
    const url = known.get(kind) ?? (await find(kind, signal));
    known.set(kind, url);
    try {
      const token = url.protocol === 'https:' ? await identity(url.origin, signal) : undefined;
      const answered = await send(url, token === undefined ? {} : { authorization: `Bearer ${token}` });
      if (answered.status === 404) known.delete(kind);
      return answered;
    } catch (error) {
      // It may be elsewhere by now.
      known.delete(kind);
      throw error;
    }
  };
  return {
    call: (kind, body, signal) => reach(kind, signal, (url, headers) => post(url, body, headers, signal)),
    open: (kind, body, accept, signal) => reach(kind, signal, (url, headers) => open(url, body, { ...headers, accept }, signal)),
  };
}

/**
 * @param service the name of our own service, as Cloud Run gives it in `K_SERVICE`.
 * @returns the names of the functions that were deployed along with us; of another name than a deployment gives nothing is known.
 */
export function namesBeside(service: string | undefined, self: string): (kind: string) => string {
  return (kind) => {
    if (!service?.endsWith(self)) throw new Error('it is not known where the functions are: K_SERVICE does not name this one');
    return `${service.slice(0, -self.length)}${kind}`;
  };
}
