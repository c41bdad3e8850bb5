/** What the targets of the control plane stand for, and which other targets live on it: read from their fields. */
import type { Target } from '../config/config';
import { canonicalHost } from '../hosts';

/** A resource of Google Cloud that a target of the control plane checks. */
export interface Resource {
  readonly type: 'vpcConnector' | 'cloudSql' | 'cloudRun' | 'backendService' | 'certificate' | 'memorystore' | 'schedulerJob' | 'logs';
  /** Without the path in front of it; empty for logs. */
  readonly name: string;
  /** The last part of the connector of a Cloud Run service. */
  readonly connector?: string;
  /** Names of the settings that are asked for. */
  readonly settings: readonly string[];
  /** Of a certificate, as the URL parser spells hosts; may begin with `*.`. */
  readonly domains: readonly string[];
}

const types = ['vpcConnector', 'cloudSql', 'cloudRun', 'backendService', 'certificate', 'memorystore', 'schedulerJob', 'logs'] as const;
const nameKeys = ['name', 'instance', 'service'] as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns the last part of a resource's name, in each of its spellings. */
export function shortName(name: string): string {
  return name.split(/[/:]/).at(-1) ?? name;
}

/** @returns what a target of the control plane checks; undefined for every other target. */
export function resourceOf({ kind, spec }: Pick<Target, 'kind' | 'spec'>): Resource | undefined {
  if (kind !== 'platform') return undefined;
  const type = types.find((each) => isFields(spec[each]));
  const fields = type === undefined ? undefined : spec[type];
  if (type === undefined || !isFields(fields)) return undefined;
  const name = nameKeys.map((key) => fields[key]).find((value) => typeof value === 'string');
  const { connector, domains } = fields;
  return {
    type,
    name: typeof name === 'string' ? shortName(name) : '',
    settings: Object.keys(fields),
    ...(typeof connector === 'string' ? { connector: shortName(connector) } : {}),
    domains: Array.isArray(domains) ? domains.filter((domain) => typeof domain === 'string').map(canonicalDomain) : [],
  };
}

/** @returns the name of the Cloud SQL instance behind a socket, e.g. `/cloudsql/project:region:instance/.s.PGSQL.5432`. */
export function instanceOfSocket(path: string): string | undefined {
  const [, connection] = /^\/cloudsql\/([^/]+)/.exec(path) ?? [];
  return connection === undefined ? undefined : shortName(connection);
}

/**
 * @returns whether a host is the usual one of a Cloud Run service: `service-hash-region.a.run.app` or
 * `service-number.region.run.app` (Cloud Run, "Custom domains and URLs").
 */
export function isHostOfService(host: string, service: string): boolean {
  return host.startsWith(`${service}-`) && /^([a-z0-9]{10}-[a-z]{2,3}\.a|\d+\.[a-z0-9-]+)\.run\.app$/.test(host.slice(service.length + 1));
}

const canonicalDomain = (domain: string): string =>
  domain.startsWith('*.') ? `*.${canonicalHost(domain.slice(2))}` : canonicalHost(domain);
