/** Where each target leads: its endpoints, those of its steps, and its secrets, as the configuration shows them. */
import type { Config, Target } from '../config/config';
import { canonicalHost } from '../hosts';
import type { Endpoint, Kind } from '../probe';
import { secretResource } from '../secrets/resource-name';
import { secretsIn } from '../secrets/template';
import { isAddress } from './way';

/** One step of a journey. */
export interface Step {
  /** The kind of those targets that speak as it does; null where it asks nobody, as a comparison does. */
  readonly speaks: string | null;
  readonly endpoints: readonly string[];
  /** Where it compares what other steps brought. */
  readonly compares?: true;
}

/** What a target is reached by. */
export interface Leads {
  /** `host:port`, each once; empty where a secret holds the address. */
  readonly endpoints: readonly string[];
  /** The hosts of the endpoints. */
  readonly hosts: readonly string[];
  /** Paths of unix sockets. */
  readonly sockets: readonly string[];
  /** Endpoints of the same service without what stands in front of it. */
  readonly direct: readonly string[];
  /** By the name of each; null for a target without steps of its own way. */
  readonly steps: ReadonlyMap<string, Step> | null;
  /** Names of all secrets that it needs, ascending. */
  readonly secrets: readonly string[];
  /** Of these the ones that it shows to others: all but authorities. */
  readonly credentials: readonly string[];
}

/** @returns the name of a secret as people know it: bare in the configuration's own project. */
export function secretName(name: string, project: string): string {
  const own = secretResource('', project);
  return name.startsWith(own) ? name.slice(own.length) : name;
}

/** @returns `host:port`, an IPv6 address in brackets. */
export function endpointName(host: string, port: number): string {
  const name = canonicalHost(host);
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** @returns the host in `host:port`. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** @returns whether one of the hosts has to be looked up. */
export function hasName(hosts: readonly string[]): boolean {
  return hosts.some((host) => !isAddress(host));
}

const named = (ends: readonly Endpoint[]): readonly string[] => [
  ...new Set(ends.flatMap((end) => ('host' in end ? [endpointName(end.host, end.port)] : []))),
];

/** A value without what only tells whom to trust. */
function withoutAuthorities(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAuthorities);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.keys(value).length === 2 && 'secret' in value && 'version' in value) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key === 'ca' ? [] : [[key, withoutAuthorities(item)]])));
}

/** What a step of a journey may speak. */
export const protocols: readonly string[] = ['http', 'websocket', 'tcp'];

function stepsOf(kind: Kind, { spec }: Target): Leads['steps'] {
  if (kind.name !== 'journey' || !Array.isArray(spec['steps'])) return null;
  return new Map(
    spec['steps'].map((step: Readonly<Record<string, unknown>> & { readonly name: string }): [string, Step] => {
      const speaks = protocols.find((protocol) => step[protocol] !== undefined) ?? null;
      return [
        step.name,
        { speaks, endpoints: named(kind.endpoints({ ...spec, steps: [step] })), ...(step['assert'] !== undefined && { compares: true }) },
      ];
    }),
  );
}

/** @returns where a target leads; of a kind that is not known only the secrets are. */
export function leadsOf(target: Target, kind: Kind | undefined, { project }: Pick<Config, 'project'>): Leads {
  const { compareWith, ...main } = target.spec;
  const ends = kind?.endpoints(main) ?? [];
  const endpoints = named(ends);
  const all = compareWith === undefined ? endpoints : named(kind?.endpoints(target.spec) ?? []);
  const names = (secrets: Target['secrets']): readonly string[] =>
    [...new Set(secrets.map(({ secret }) => secretName(secret, project)))].toSorted();
  return {
    endpoints,
    hosts: [...new Set(endpoints.map(hostOf))],
    sockets: ends.flatMap((end) => ('path' in end ? [end.path] : [])),
    direct: all.filter((end) => !endpoints.includes(end)),
    steps: kind === undefined ? null : stepsOf(kind, target),
    secrets: names(target.secrets),
    credentials: names(secretsIn(withoutAuthorities(target.spec), kind?.secretVariables?.(target.spec))),
  };
}
