/** The schema of the whole file: what speaks of all targets, and of each kind its targets. */
import * as z from 'zod';
import { maxLatency, minCertificateValidity } from '../conditions';
import type { Kind } from '../probe';
import { severities } from '../result';
import { duration, durationOrZero, fraction, name } from './fields';
import { scheduleProblem } from './schedule';

const schedule = z
  .string()
  .superRefine((text, context) => {
    const message = scheduleProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('Cron with five fields, UTC');

/** A URL whose `{reason}` is replaced. */
const runbook = z.string().superRefine((text, context) => {
  const unknown = text.match(/\{[^}]*\}/g)?.find((placeholder) => placeholder !== '{reason}');
  if (!/^https?:\/\/\S+$/.test(text) || !URL.canParse(text.replaceAll('{reason}', 'reason')))
    context.addIssue({ code: 'custom', message: 'is not a URL; allowed: https://…, {reason} in it is replaced' });
  else if (unknown !== undefined)
    context.addIssue({ code: 'custom', message: `holds the unknown placeholder ${unknown}; allowed: {reason}` });
});

const confirm = z.strictObject({
  attempts: z.int().min(1).max(100).optional().describe('All attempts, the first included'),
  interval: durationOrZero.optional(),
});

/** It becomes a label's value. */
const environment = z.string().regex(/^[A-Za-z0-9_.-]{1,63}$/, {
  error: 'is not the name of an environment; allowed: letters, digits, _, - and ., at most 63',
});

const word = (what: string): z.ZodString =>
  z.string().regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, { error: `is not ${what}; allowed: lower-case letters, digits and hyphens` });

const network = z.strictObject({
  connector: z
    .string()
    .regex(/^(projects\/[^/\s]+\/locations\/[^/\s]+\/connectors\/)?[a-z][a-z0-9-]*$/, { error: 'is not a connector; allowed: its name' })
    .optional(),
  network: word('a network').optional(),
  subnet: word('a subnet').optional(),
  egress: z.enum(['private-ranges-only', 'all']).default('private-ranges-only'),
  warmUp: duration.optional(),
});

const hostPattern = z.string().regex(/^(\*\.)?[^\s*/:?#@]+$/, { error: 'is not a host; allowed: a name, or *. before one' });
const plainHost = z.string().regex(/^[^\s*/?#@]+$/, { error: 'is not a host; allowed: a name or an address' });
const member = z.string().regex(/^(user|group|serviceAccount|domain|principal|principalSet):\S+$/, {
  error: 'is not a member; allowed: user:…, group:…, serviceAccount:…, domain:…, principal:…, principalSet:…',
});
const channel = z.string().regex(/^projects\/[^/\s]+\/notificationChannels\/[^/\s]+$/, {
  error: 'is not a notification channel; allowed: projects/P/notificationChannels/N',
});

const category = z.strictObject({ targets: z.array(z.string()).min(1), critical: z.boolean().default(false) });
const route = z.strictObject({
  severity: z.enum(severities).optional(),
  owner: z.enum(['infrastructure', 'application', 'operator', 'monitor']).optional(),
  channels: z.array(channel).min(1),
});
/** No objective may be higher (google.monitoring.v3.ServiceLevelObjective, `goal`). */
const highestSlo = 0.9999;
const sloError = `is not an objective; allowed: above 0, at most ${highestSlo}`;

/** The sections that speak of all targets. */
export const general = {
  environment,
  project: z.string().regex(/^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i, { error: 'is not a project; allowed: its id' }),
  region: word('a region'),
  network: network.optional(),
  defaults: z
    .strictObject({
      schedule: schedule.optional(),
      timeout: duration.optional(),
      severity: z.enum(severities).optional(),
      confirm: confirm.optional(),
    })
    .optional(),
  concurrency: z.int().min(1).max(1000).default(20).describe('Targets probed at once in one run'),
  forbiddenHosts: z.array(hostPattern).default([]),
  allowLinkLocal: z.array(plainHost).default([]),
  dependencies: z.record(z.string(), z.array(z.string())).default({}),
  verify: z
    .strictObject({
      rounds: z.int().min(1).max(100).default(3),
      interval: durationOrZero.optional(),
      passRate: fraction.default(0.8),
      categories: z.record(z.string().min(1), category).default({}),
    })
    .optional(),
  alerts: z
    .strictObject({
      consecutive: z.int().min(1).max(100).default(2),
      latency: duration.optional(),
      slo: z.number({ error: sloError }).gt(0, { error: sloError }).lte(highestSlo, { error: sloError }).optional(),
      runbook: runbook.optional(),
      routes: z.array(route).default([]),
    })
    .optional(),
  status: z.strictObject({ operators: z.array(member).default([]) }).optional(),
  syntheticMonitors: z.array(z.string()).default([]),
};
export type General = z.output<z.ZodObject<typeof general>>;

const costError = 'is not an amount of money; allowed: a number of USD, 0 or more';

/** What every target has, whatever its kind. */
const common = {
  schedule: schedule.optional(),
  timeout: duration.optional().describe('Bounds one attempt, from dns to the last answer'),
  severity: z.enum(severities).optional(),
  confirm: confirm.optional(),
  runbook: runbook.optional(),
  public: z.boolean().default(false).describe('Can be reached from outside the VPC'),
  costPerRun: z
    .number({ error: costError })
    .min(0, { error: costError })
    .optional()
    .describe("USD that a run spends elsewhere, e.g. on a model's answer"),
};
export type Common = z.output<z.ZodObject<typeof common>>;

/** @returns the schema of the kind's conditions. */
function conditionsOf(kind: Kind): z.ZodObject {
  const shared = kind.tls
    ? { minCertificateValidity: minCertificateValidity.schema, maxLatency: maxLatency.schema }
    : { maxLatency: maxLatency.schema };
  const own = Object.entries(kind.conditions).map(([key, condition]) => [key, condition.schema.optional()] as const);
  const rest = Object.entries(shared).map(([key, schema]) => [key, schema.optional()] as const);
  return z.strictObject(Object.fromEntries([...own, ...rest]));
}

/** @returns the schema of one target of the kind. */
export function targetSchema(kind: Kind): z.ZodObject {
  const conditions = conditionsOf(kind);
  return z.strictObject({ ...kind.fields, ...common, expect: conditions.optional(), warn: conditions.optional() });
}

/** @returns the schema of the whole file. */
export function fileSchema(kinds: readonly Kind[]): z.ZodObject {
  const sections = kinds.map((kind) => [kind.name, z.record(name, targetSchema(kind)).optional().describe(kind.title)] as const);
  return z.strictObject({ ...general, ...Object.fromEntries(sections) });
}

/** @returns the schema of the file's first level: the sections of kinds may still hold anything. */
export function outlineSchema(kinds: readonly Kind[]): z.ZodObject {
  const sections = kinds.map((kind) => [kind.name, z.record(z.string(), z.unknown()).optional()] as const);
  return z.strictObject({ ...general, ...Object.fromEntries(sections) });
}
