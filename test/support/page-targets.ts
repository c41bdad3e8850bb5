/** An environment as the status function would tell of it: targets of every kind, two causes, and what they block. */
import type { Cause } from '../../shared/diagnose/diagnosis';
import { reasons, type Owner, type Reason } from '../../shared/reasons';
import { countOutcomes, type Outcome, type Verdict } from '../../shared/result';
import type { TargetsAnswer, TargetState } from '../../shared/status/state';

const minuteMs = 60_000;

/** @returns RFC 3339 of so many minutes ago. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * minuteMs).toISOString();
}

type Given = Partial<TargetState> & Pick<TargetState, 'kind' | 'target'>;

/** @returns a target that works, but for what is given. */
export function stateOf(given: Given): TargetState {
  return {
    severity: 'critical',
    outcome: 'success',
    reason: null,
    domain: given.reason ? reasons[given.reason].domain : null,
    owner: null,
    since: minutesAgo(8000),
    sinceIsAtLeast: false,
    lastSeen: minutesAgo(0.4),
    stale: false,
    latencyMs: 31.4,
    blockedBy: null,
    schedule: '* * * * *',
    public: false,
    certificateDays: null,
    invalidSecrets: [],
    ...given,
  };
}

const problem = (outcome: Outcome, reason: Reason, owner: Owner, minutes: number): Partial<TargetState> => ({
  outcome,
  reason,
  owner,
  since: minutesAgo(minutes),
});

const connectorDown = { ...problem('failure', 'connect_timeout', 'infrastructure', 12), blockedBy: 'vpc-connector' };

/** The targets of a staging environment whose VPC connector is down and one of whose secrets is malformed. */
export function stagingTargets(): readonly TargetState[] {
  return [
    stateOf({
      kind: 'secrets',
      target: 'app',
      ...problem('failure', 'secret_malformed', 'operator', 95),
      invalidSecrets: ['jwt-secret-staging'],
    }),
    stateOf({ kind: 'secrets', target: 'mail', severity: 'error' }),
    stateOf({ kind: 'postgres', target: 'orders-db', ...connectorDown, certificateDays: 364.2 }),
    stateOf({
      kind: 'postgres',
      target: 'reporting-db',
      severity: 'error',
      ...problem('degraded', 'too_many_connections', 'infrastructure', 41),
    }),
    stateOf({ kind: 'redis', target: 'cache', ...connectorDown }),
    stateOf({ kind: 'redis', target: 'sessions', latencyMs: 0.8 }),
    stateOf({
      kind: 'websocket',
      target: 'chat',
      ...problem('failure', 'upgrade_rejected', 'application', 11),
      blockedBy: 'vpc-connector',
    }),
    stateOf({ kind: 'http', target: 'backend', ...problem('failure', 'assertion_failed', 'application', 11), blockedBy: 'vpc-connector' }),
    stateOf({ kind: 'http', target: 'auth', latencyMs: 184 }),
    stateOf({ kind: 'http', target: 'frontend', latencyMs: 96, certificateDays: 61 }),
    stateOf({ kind: 'http', target: 'schema-validation', severity: 'warning', latencyMs: 4210 }),
    stateOf({ kind: 'tcp', target: 'clickhouse', ...connectorDown, severity: 'error' }),
    stateOf({ kind: 'tcp', target: 'smtp-relay', severity: 'warning', public: true }),
    stateOf({
      kind: 'journey',
      target: 'golden-path',
      ...problem('unknown', 'secret_unavailable', 'monitor', 27),
      stale: true,
      latencyMs: null,
    }),
    stateOf({ kind: 'platform', target: 'vpc', ...problem('failure', 'resource_not_ready', 'infrastructure', 13) }),
    stateOf({ kind: 'platform', target: 'database' }),
    stateOf({
      kind: 'platform',
      target: 'staging-certificate',
      certificateDays: 18,
      ...problem('degraded', 'certificate_expiring', 'infrastructure', 4000),
    }),
  ];
}

/** What explains them. */
export const stagingCauses: readonly Cause[] = [
  {
    cause: 'vpc-connector',
    title: 'The VPC connector staging-connector is not READY',
    owner: 'infrastructure',
    reason: 'resource_not_ready',
    severity: 'critical',
    confidence: 'high',
    evidence: [
      'platform vpc: state is ERROR, expected READY',
      '5 of 7 targets behind the connector fail',
      '4 of them time out while connecting',
      'both targets that don’t need it work',
    ],
    targets: ['vpc'],
    blocks: ['backend', 'cache', 'chat', 'clickhouse', 'orders-db'],
  },
  {
    cause: 'secret/jwt-secret-staging',
    title: 'The secret jwt-secret-staging is malformed',
    owner: 'operator',
    reason: 'secret_malformed',
    severity: 'critical',
    confidence: 'medium',
    evidence: ['version 8 has 12 characters, expected at least 32'],
    changedAt: minutesAgo(96),
    targets: ['app'],
    blocks: ['golden-path'],
  },
];

function verdictOver(states: readonly TargetState[]): Verdict {
  const critical = states.filter(({ severity }) => severity === 'critical');
  if (critical.some(({ outcome }) => outcome === 'failure')) return 'unhealthy';
  if (critical.some(({ outcome }) => outcome === 'unknown')) return 'unknown';
  return states.every(({ outcome }) => outcome === 'success') ? 'healthy' : 'degraded';
}

/** @returns the whole answer. */
export function targetsAnswer(states: readonly TargetState[], causes: readonly Cause[]): TargetsAnswer {
  return {
    environment: 'staging',
    version: '0.1.0',
    configHash: '9f2c41d07be3',
    readAt: minutesAgo(0.3),
    stale: false,
    problem: null,
    verdict: verdictOver(states),
    counts: countOutcomes(states),
    causes,
    targets: states,
  };
}

const manyKinds = ['http', 'postgres', 'redis', 'tcp'] as const;

/** @returns so many targets, of which one in fifty fails. */
export function manyTargets(count: number): readonly TargetState[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = manyKinds[index % manyKinds.length] ?? 'http';
    const given = { kind, target: `${kind}-target-${String(index).padStart(4, '0')}`, latencyMs: 10 + (index % 90) };
    return index % 50 === 0
      ? stateOf({ ...given, ...problem('failure', 'connect_refused', 'infrastructure', index % 300) })
      : stateOf(given);
  });
}
