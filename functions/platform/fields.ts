/** What may be expected of each resource of the control plane, as the configuration writes it. */
import * as z from 'zod';
import { duration } from '../../shared/config/fields';

const project = '[A-Za-z0-9.:-]+';
const place = '[a-z0-9-]+';
const simple = '[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?';

/** The name of a resource: alone, in the configuration's own project and region, or whole. */
function named(what: string, parent: string, shown: string): z.ZodString {
  return z.string().regex(new RegExp(`^(${parent})?${simple}$`), { error: `is not the name of ${what}; allowed: its name, or ${shown}` });
}

const inLocation = (what: string, collection: string): z.ZodString =>
  named(what, `projects/${project}/locations/${place}/${collection}/`, `projects/P/locations/L/${collection}/N`);

const ofCompute = (what: string, collection: string): z.ZodString =>
  named(
    what,
    `(https://(www|compute)\\.googleapis\\.com/compute/v1/)?projects/${project}/(global|regions/${place})/${collection}/`,
    `projects/P/global/${collection}/N, or projects/P/regions/R/${collection}/N`,
  );

const network = ofCompute('a network', 'networks');
const connector = inLocation('a connector', 'connectors');
const countError = 'is not a number of instances; allowed: 0 or more';
const count = z.int({ error: countError }).min(0, { error: countError });

export const vpcConnector = z.strictObject({
  name: connector,
  network: network.optional(),
  ipCidrRange: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, { error: 'is not a range of addresses; allowed: e.g. 10.8.0.0/28' })
    .optional(),
  minInstances: count.optional(),
  maxInstances: count.optional(),
});

export const cloudSql = z.strictObject({
  instance: z.string().regex(new RegExp(`^(projects/${project}/instances/|${project}:${place}:)?[a-z]([a-z0-9-]*[a-z0-9])?$`), {
    error: 'is not the name of an instance; allowed: its name, project:region:name, or projects/P/instances/N',
  }),
  privateNetwork: z
    .union([z.boolean(), network], { error: 'is not a network; allowed: true, false, or the name of one' })
    .optional()
    .describe('true: any; or the network by its name'),
  requireSsl: z.boolean().optional().describe('Connections without TLS are refused, by requireSsl or by sslMode'),
  version: z
    .string()
    .regex(/^[A-Z]+_[A-Z0-9_]+$/i, { error: 'is not a version; allowed: e.g. POSTGRES_16' })
    .optional(),
});

export const cloudRun = z.strictObject({
  service: inLocation('a service', 'services'),
  connector: connector.optional(),
  egress: z.enum(['all-traffic', 'all', 'private-ranges-only']).optional(),
  minInstances: count.optional().describe('At least so many are kept'),
  timeout: duration.optional().describe('A request may take at least so long'),
  startupProbe: z
    .union([z.boolean(), duration], { error: 'is not a start-up probe; allowed: true, false, or a time such as 240s' })
    .optional()
    .describe('A start may take at least so long before the probe gives up; true: there is a probe; false: there is none'),
  trafficOnLatest: z.boolean().optional().describe('All traffic goes to the revision that was created last'),
});

export const backendService = z.strictObject({
  name: ofCompute('a backend service', 'backendServices'),
  minTimeout: duration.optional(),
  healthyBackends: count.optional().describe('At least so many are healthy'),
});

const domain = z
  .string()
  .regex(/^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\.?$/, { error: 'is not a domain; allowed: a name, or *. before one' });

export const certificate = z.strictObject({
  name: ofCompute('a certificate', 'sslCertificates'),
  minValidity: duration.optional(),
  domains: z.array(domain).min(1).readonly().optional(),
});

export const memorystore = z.strictObject({
  instance: inLocation('an instance', 'instances'),
  matches: z.string().optional().describe('A target of redis that has to lead to this instance'),
});

export const schedulerJob = z.strictObject({
  name: inLocation('a job', 'jobs'),
  maxAge: duration.optional().describe('The last attempt is at most so old'),
});

/** The API takes filters of up to 20 000 characters; the rest is for the time window. */
const longestFilter = 19_000;

export const logs = z.strictObject({
  filter: z.string().min(1).max(longestFilter).describe('In the Logging query language'),
  within: duration.default(900_000).describe('So far back; default: 15m'),
  atMost: z.int().min(0).max(10_000).default(0).describe('So many entries are fine'),
});
