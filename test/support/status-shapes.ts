/** The answers of the status, strictly: no field more, none less. */
import * as z from 'zod';
import { domains, reasons } from '../../shared/reasons';
import { outcomes, severities } from '../../shared/result';
import type { Told } from './telling';

const verdict = z.enum(['healthy', 'degraded', 'unhealthy', 'unknown']);
const told = z.boolean().nullable();
export const infrastructure = z.strictObject({
  service: z.string(),
  environment: z.literal('test'),
  status: verdict,
  infrastructure_ready: told,
  infrastructure_components: z.record(z.string(), z.strictObject({ status: verdict, component: z.string(), critical: z.boolean() })),
  degraded_components: z.array(z.string()),
  vpc_connectivity: z.strictObject({ overall: told, degraded_count: z.int().min(0) }),
  infrastructure_team_actions: z.record(z.string(), z.string()).and(z.looseObject({ vpc_connector: z.string() })),
});
export const ready = z.strictObject({
  service: z.string(),
  environment: z.literal('test'),
  status: z.enum(['ready', 'not_ready', 'unknown']),
  core_db: z.enum(['connected', 'disconnected', 'unknown']),
  websocket_readiness: z.strictObject({ websocket_ready: told }),
});
const stamp = z.iso.datetime();
const owner = z.enum(['infrastructure', 'application', 'operator', 'monitor']);
const reason = z.enum(Object.keys(reasons));
const cause = z.strictObject({
  cause: z.string(),
  title: z.string(),
  owner,
  reason,
  severity: z.enum(severities),
  confidence: z.enum(['high', 'medium', 'low']),
  evidence: z.array(z.string()),
  changedAt: stamp.optional(),
  targets: z.array(z.string()),
  blocks: z.array(z.string()),
});
export const targets = z.strictObject({
  environment: z.literal('test'),
  version: z.string(),
  configHash: z.string(),
  readAt: stamp,
  stale: z.boolean(),
  problem: z.strictObject({ reason, message: z.string() }).nullable(),
  verdict,
  counts: z.strictObject({ success: z.int(), degraded: z.int(), failure: z.int(), unknown: z.int() }),
  causes: z.array(cause),
  targets: z.array(
    z.strictObject({
      kind: z.string(),
      target: z.string(),
      severity: z.enum(severities),
      outcome: z.enum(outcomes),
      reason: reason.nullable(),
      domain: z.enum(Object.keys(domains)).nullable(),
      owner: owner.nullable(),
      since: stamp.nullable(),
      sinceIsAtLeast: z.boolean(),
      lastSeen: stamp.nullable(),
      stale: z.boolean(),
      latencyMs: z.number().nullable(),
      blockedBy: z.string().nullable(),
      schedule: z.string(),
      public: z.boolean(),
      certificateDays: z.number().nullable(),
      invalidSecrets: z.array(z.string()),
    }),
  ),
});

/** Asks a status, and checks the shape of what it answers. */
export interface StatusAnswers {
  readonly health: () => Promise<[number, z.output<typeof infrastructure>]>;
  readonly readiness: () => Promise<[number, z.output<typeof ready>]>;
  readonly states: () => Promise<z.output<typeof targets>>;
  readonly stateOf: (name: string) => Promise<z.output<typeof targets>['targets'][number] | undefined>;
}

export function answersOf(ask: (path: string) => Promise<Told>): StatusAnswers {
  const states = async (): Promise<z.output<typeof targets>> => {
    const { status, body, text } = await ask('/api/targets');
    if (status !== 200) throw new Error(`status ${status}: ${text.slice(0, 300)}`);
    return targets.parse(body);
  };
  return {
    async health() {
      const { status, body } = await ask('/health/infrastructure');
      return [status, infrastructure.parse(body)];
    },
    async readiness() {
      const { status, body } = await ask('/health/ready');
      return [status, ready.parse(body)];
    },
    states,
    stateOf: async (name) => (await states()).targets.find(({ target }) => target === name),
  };
}
