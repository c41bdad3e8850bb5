/** The catalogue of metrics: every name, type, unit and label there is; descriptors and points come from here alone. */

export const metricPrefix = 'custom.googleapis.com/synthetic/';

/** Every label there is, with its description. */
export const labels = {
  kind: 'The kind of probe, e.g. postgres.',
  target: 'The name of the target in the configuration.',
  severity: 'critical, error or warning: what the target is worth.',
  outcome: 'degraded, failure or unknown.',
  reason: 'The reason, from a closed list.',
  domain: 'What is broken: network, certificate, credentials, capacity, state, service, gateway, secret, platform or monitor.',
  owner: 'Who acts: infrastructure, application, operator or monitor.',
  phase: 'The timed part of the probe.',
  event: 'The name of the step that waited for the event.',
  step: "The name of the journey's step.",
  secret: 'The name of the secret.',
  cause: 'The cause that explains failures of others.',
  shard: 'The number of the Scheduler job.',
  trigger: 'Who called: schedule, manual or synthetic.',
} as const;

export type Label = keyof typeof labels;

/** One metric: a gauge. */
export interface Metric {
  readonly valueType: 'INT64' | 'DOUBLE';
  /** UCUM. */
  readonly unit: '1' | 'ms' | 's' | 'd';
  readonly displayName: string;
  readonly description: string;
  readonly labels: readonly Label[];
  /**
   * The observed fact that it exports as it stands: a number, or an object that holds a number for each value of its last label.
   */
  readonly fact?: string;
}

const ofTarget = ['kind', 'target', 'severity'] as const;
const ofRun = ['kind', 'shard', 'trigger'] as const;

const flag = (displayName: string, description: string, more: readonly Label[] = [], base: readonly Label[] = ofTarget): Metric => ({
  valueType: 'INT64',
  unit: '1',
  displayName,
  description,
  labels: [...base, ...more],
});
const measure = (
  unit: Metric['unit'],
  displayName: string,
  description: string,
  more: readonly Label[] = [],
  base: readonly Label[] = ofTarget,
): Metric => ({
  valueType: 'DOUBLE',
  unit,
  displayName,
  description,
  labels: [...base, ...more],
});
const exporting = (fact: string, metric: Metric): Metric => ({ ...metric, fact });

export const metrics = {
  'probe/success': flag(
    'Probe success',
    '1 when the target works, also when degraded; 0 when it fails; no point when that could not be told.',
  ),
  'probe/first_success': flag('First attempt success', 'Like success, but of the first attempt, before any confirmation.'),
  'probe/problem': flag('Probe problem', 'Always 1; its labels say what is wrong. Written when degraded, failed or unknown.', [
    'outcome',
    'reason',
    'domain',
    'owner',
  ]),
  'probe/latency': measure('ms', 'Probe latency', 'How long the last attempt took, from name resolution to the last answer.'),
  'probe/phase_latency': measure('ms', 'Phase latency', 'How long one phase of the last attempt took.', ['phase']),
  'tls/days_until_expiry': exporting(
    'tls.daysUntilExpiry',
    measure('d', 'Days until certificate expiry', 'Days until the earliest certificate of the chain expires; negative once it has.'),
  ),
  'postgres/connection_utilization': exporting(
    'postgres.connectionUtilization',
    measure('1', 'PostgreSQL connection utilization', 'Connections in use against those that ordinary users may have.'),
  ),
  'postgres/replication_lag': exporting(
    'postgres.replicationLag',
    measure('s', 'PostgreSQL replication lag', 'How far a standby is behind.'),
  ),
  'redis/memory_utilization': exporting(
    'redis.memoryUtilization',
    measure('1', 'Redis memory utilization', 'Memory in use against the limit.'),
  ),
  'websocket/ping_rtt': exporting('websocket.pingMs', measure('ms', 'WebSocket ping round trip', 'From ping to pong.')),
  'websocket/event_latency': exporting(
    'websocket.eventLatencyMs',
    measure('ms', 'WebSocket event latency', 'From the beginning of a named step to its event.', ['event']),
  ),
  'journey/step_latency': exporting(
    'journey.stepLatencyMs',
    measure('ms', 'Journey step latency', 'How long a step took; of several users the slowest.', ['step']),
  ),
  'secrets/valid': flag(
    'Secret valid',
    '1 when the secret keeps all its rules, 0 when it does not; no point when that could not be told.',
    ['secret'],
  ),
  'secrets/age': exporting('secret.ageDays', measure('d', 'Secret age', "Days since the secret's version was created.", ['secret'])),
  'probe/blocked': flag('Probe blocked', 'Always 1; the failure is explained by the cause that the label names.', ['cause']),
  'cause/active': flag('Cause active', 'Always 1; the cause explains failures of targets.', ['cause', 'owner'], ['kind']),
  'prober/healthy': flag('Prober healthy', 'The heartbeat of a function: 1, or 0 when a result is unknown.', [], ofRun),
  'prober/run_duration': measure('ms', 'Run duration', 'How long the run took.', [], ofRun),
  'prober/event_loop_delay': measure(
    'ms',
    'Event loop delay',
    "The longest time for which the prober's own event loop was blocked during the run.",
    [],
    ofRun,
  ),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
