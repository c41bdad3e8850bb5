/** What Google's control plane says of ourselves: where we are reached, and whether it lets in nobody unknown. */
import type { RestApis } from '../../shared/cloud/cloud';
import type { Config } from '../../shared/config/config';
import { Fault } from '../../shared/fault';
import { keep } from './keep';

/** Our own service. Every method throws a Fault where it can't be told. */
export interface OwnService {
  /** The audience of the assertions that IAP makes for us. */
  assertionAudience(): Promise<string>;
  /** The audiences of identity tokens that are meant for us. */
  tokenAudiences(): Promise<readonly string[]>;
  /** Why somebody may come in without having been looked at, a sentence; undefined where nobody may. */
  openTo(): Promise<string | undefined>;
}

/** Cloud Run Admin API v2, `projects.locations.services`. */
interface Service {
  readonly uri?: unknown;
  readonly urls?: unknown;
  readonly customAudiences?: unknown;
  readonly invokerIamDisabled?: unknown;
}

/** The same API, `:getIamPolicy`. */
interface Policy {
  readonly bindings?: readonly { readonly members?: readonly string[] }[];
}

/** Whoever opens the service to everybody opens it for no longer than this. */
const keepMs = { freshMs: 60_000, failedMs: 1_000, oldMs: 0 } as const;
/** A project never changes its number. */
const keepNumber = { freshMs: Infinity, failedMs: 1_000, oldMs: 0 } as const;
const limitMs = 6_000;

const everybody: ReadonlySet<string> = new Set(['allUsers', 'allAuthenticatedUsers']);

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter((each) => typeof each === 'string');

/**
 * @param options `service` is the name that Cloud Run gives in `K_SERVICE`; `now` tells milliseconds since 1970.
 */
export function ownServiceOf(options: {
  readonly config: Pick<Config, 'project' | 'region'>;
  readonly service: string | undefined;
  readonly rest: () => Pick<RestApis, 'get'>;
  readonly now: () => number;
}): OwnService {
  const { config, rest, now } = options;
  const { project, region } = config;
  const name = (): string => {
    if (options.service === undefined) throw new Fault('config_invalid', 'it is not known which service this is: K_SERVICE is not set');
    return options.service;
  };
  const path = (): string => `/v2/projects/${project}/locations/${region}/services/${name()}`;
  const get = (api: 'run' | 'cloudresourcemanager', where: string): Promise<unknown> =>
    rest().get(api, where, AbortSignal.timeout(limitMs));
  const described = keep(async () => (await get('run', path())) as Service, keepMs, now);
  const policy = keep(async () => (await get('run', `${path()}:getIamPolicy`)) as Policy, keepMs, now);
  const projectNumber = keep(
    async () => {
      const { name: found } = (await get('cloudresourcemanager', `/v3/projects/${project}`)) as { readonly name?: unknown };
      const number = /^projects\/(\d+)$/.exec(String(found))?.[1];
      if (number === undefined) throw new Fault('api_unavailable', `cloudresourcemanager: no number of the project ${project}`);
      return number;
    },
    keepNumber,
    now,
  );
  return {
    async assertionAudience() {
      const service = name();
      return `/projects/${(await projectNumber()).value}/locations/${region}/services/${service}`;
    },
    async tokenAudiences() {
      const { uri, urls, customAudiences } = (await described()).value;
      // A function has an address of Cloud Functions besides.
      return [...texts(uri), ...texts(urls), ...texts(customAudiences), `https://${region}-${project}.cloudfunctions.net/${name()}`];
    },
    async openTo() {
      if ((await described()).value.invokerIamDisabled === true) return 'the IAM check of this service is switched off';
      const members = (await policy()).value.bindings?.flatMap((binding) => binding.members ?? []) ?? [];
      const anybody = members.find((member) => everybody.has(member));
      return anybody === undefined ? undefined : `${anybody} may call this service`;
    },
  };
}
