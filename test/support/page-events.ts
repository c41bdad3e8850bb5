/** Dependencies, alerts, logs, errors and switches, as the status page is told of them. */
import type { ErrorsAnswer, IncidentsAnswer, LogsAnswer } from '../../shared/status/events';
import type { VerifyLine } from '../../shared/status/actions';
import type { DependenciesAnswer, DependencyNode, TargetState } from '../../shared/status/state';
import type { Verification } from '../../shared/verify/verification';
import { minutesAgo } from './page-targets';

const fresh = (): { readAt: string; stale: boolean; problem: null } => ({ readAt: minutesAgo(0.2), stale: false, problem: null });

/** @returns every target, with the connector and a secret that they need. */
export function dependenciesOf(states: readonly TargetState[]): DependenciesAnswer {
  const ofTarget = (state: TargetState): DependencyNode => ({
    id: `target/${state.target}`,
    label: state.target,
    kind: state.kind,
    outcome: state.outcome,
    cause: null,
    blockedBy: state.blockedBy,
  });
  const resources: readonly DependencyNode[] = [
    { id: 'vpc-connector', label: 'vpc-connector', kind: null, outcome: 'failure', cause: 'vpc-connector', blockedBy: null },
    {
      id: 'secret/jwt-secret-staging',
      label: 'jwt-secret-staging',
      kind: null,
      outcome: 'failure',
      cause: 'secret/jwt-secret-staging',
      blockedBy: null,
    },
    { id: 'cloud-sql/staging', label: 'staging', kind: null, outcome: null, cause: null, blockedBy: null },
  ];
  const named = new Set(states.map(({ target }) => target));
  const behindConnector = states.filter(({ kind }) => ['postgres', 'redis', 'tcp', 'http'].includes(kind));
  const edge = (from: string, to: string): readonly { from: string; to: string }[] =>
    [from, to].every((id) => !id.startsWith('target/') || named.has(id.slice(7))) ? [{ from, to }] : [];
  return {
    ...fresh(),
    nodes: [...states.map(ofTarget), ...resources],
    edges: [
      ...behindConnector.map(({ target }) => ({ from: `target/${target}`, to: 'vpc-connector' })),
      ...edge('target/golden-path', 'target/chat'),
      ...edge('target/golden-path', 'target/auth'),
      ...edge('target/chat', 'target/backend'),
      ...edge('target/backend', 'target/orders-db'),
      ...edge('target/backend', 'target/cache'),
      ...edge('target/auth', 'secret/jwt-secret-staging'),
      ...edge('target/golden-path', 'secret/jwt-secret-staging'),
      ...edge('target/orders-db', 'cloud-sql/staging'),
      ...edge('target/reporting-db', 'cloud-sql/staging'),
    ],
  };
}

export function incidentsAnswer(): IncidentsAnswer {
  return {
    ...fresh(),
    truncated: false,
    incidents: [
      {
        policy: 'cause-critical-infrastructure',
        title: 'Cause vpc-connector blocks critical targets',
        severity: 'critical',
        owner: 'infrastructure',
        state: 'open',
        openedAt: minutesAgo(9),
        closedAt: null,
        target: null,
        cause: 'vpc-connector',
        subject: 'cause vpc-connector',
        channels: ['projects/my-project/notificationChannels/1', 'projects/my-project/notificationChannels/on-call'],
      },
      {
        policy: 'secret-invalid',
        title: 'Secret jwt-secret-staging is not valid',
        severity: 'error',
        owner: 'operator',
        state: 'open',
        openedAt: minutesAgo(90),
        closedAt: null,
        target: 'app',
        cause: null,
        subject: 'secret jwt-secret-staging',
        channels: [],
      },
      {
        policy: 'target-down-critical',
        title: 'sessions is down',
        severity: 'critical',
        owner: 'infrastructure',
        state: 'closed',
        openedAt: minutesAgo(70),
        closedAt: minutesAgo(52),
        target: 'sessions',
        cause: null,
        subject: 'redis sessions',
        channels: ['projects/my-project/notificationChannels/1'],
      },
    ],
    blocked: ['backend', 'cache', 'chat', 'clickhouse', 'orders-db'].map((target) => ({ target, cause: 'vpc-connector' })),
  };
}

const severities = ['INFO', 'INFO', 'WARNING', 'ERROR', 'INFO'] as const;

export function logsAnswer(count: number): LogsAnswer {
  const lines = Array.from({ length: count }, (_, index) => ({
    at: minutesAgo(index / 4),
    severity: severities[index % severities.length] ?? 'INFO',
    function: index % 3 === 0 ? 'postgres' : 'http',
    event: index % 5 === 3 ? 'result' : 'run',
    message:
      index % 5 === 3
        ? 'orders-db: connect_timeout: no answer from 10.166.204.83:5432 within 10 s'
        : 'run of 12 targets: healthy, 48 points written',
    target: index % 5 === 3 ? 'orders-db' : null,
    runId: `01JQ${index}`,
  }));
  return { ...fresh(), lines, truncated: true };
}

export function errorsAnswer(): ErrorsAnswer {
  return {
    ...fresh(),
    truncated: false,
    groups: [
      {
        headline: 'postgres orders-db: connect_timeout',
        service: 'synthetics-staging-postgres',
        count: 12,
        firstSeen: minutesAgo(12),
        lastSeen: minutesAgo(0.5),
        kind: 'postgres',
        target: 'orders-db',
        outcome: 'failure',
        reason: 'connect_timeout',
        owner: 'infrastructure',
        message:
          'postgres orders-db: connect_timeout\nno answer from 10.166.204.83:5432 within 10 s\n    at dial (/workspace/index.js:1:1)',
      },
    ],
  };
}

export const verification: Verification = {
  verdict: 'not_signed_off',
  overallStatus: 'UNHEALTHY',
  criticalFailures: 2,
  rounds: 2,
  passRate: 0.8765,
  categories: [
    { name: 'connectivity', critical: true, passed: 3, total: 5, ok: false },
    { name: 'startup', critical: true, passed: 2, total: 2, ok: true },
    { name: 'agents', critical: false, passed: 0, total: 1, ok: false },
  ],
  causes: [
    {
      cause: 'vpc-connector',
      owner: 'infrastructure',
      confidence: 'high',
      evidence: ['platform vpc: state is ERROR'],
      blocks: ['orders-db', 'cache'],
    },
  ],
  targets: [
    {
      kind: 'postgres',
      target: 'orders-db',
      severity: 'critical',
      outcomes: ['failure', 'failure'],
      latencyMs: { min: 9000, median: 9500, max: 10000 },
      blockedBy: 'vpc-connector',
    },
    {
      kind: 'http',
      target: 'frontend',
      severity: 'critical',
      outcomes: ['success', 'success'],
      latencyMs: { min: 80, median: 96, max: 120 },
      blockedBy: null,
    },
  ],
  changes: [],
  nextActions: [
    'infrastructure: bring the VPC connector staging-connector back to READY',
    'operator: put a longer value into jwt-secret-staging',
  ],
  runIds: ['01JQ1', '01JQ2'],
  version: '0.1.0',
  configHash: '9f2c41d07be3',
  startedAt: minutesAgo(1),
  durationMs: 24_311,
};

/** A verification of two rounds, line by line. */
export const verifyLines: readonly VerifyLine[] = [
  ...[1, 2].flatMap((round): readonly VerifyLine[] => [
    { type: 'round', round, of: 2, functions: ['postgres', 'http', 'redis'] },
    { type: 'answered', round, of: 2, kind: 'http', durationMs: 240, verdict: 'healthy', problem: null },
    { type: 'answered', round, of: 2, kind: 'postgres', durationMs: 10_020, verdict: 'unhealthy', problem: null },
    { type: 'answered', round, of: 2, kind: 'redis', durationMs: 3, verdict: null, problem: 'redis does not answer: ECONNREFUSED' },
    { type: 'done', round, of: 2, durationMs: 10_040 },
    ...(round === 1 ? [{ type: 'pause', next: 2, of: 2, ms: 1000 } as const] : []),
  ]),
  {
    type: 'verified',
    verification,
    markdown: '# Verification\n\n**Not signed off**\n',
    text: 'Overall Status: UNHEALTHY, Critical Failures: 2\n',
  },
];

/** What can be broken, as the embedded stack tells it. */
export const faults = [
  {
    name: 'postgres-frozen',
    title: 'PostgreSQL accepts connections, then stays silent',
    on: false,
    expects: [
      { kind: 'postgres', target: 'orders-db', outcome: 'failure', reason: 'timeout', owner: 'infrastructure' },
      { kind: 'postgres', target: 'reporting-db', outcome: 'failure', reason: 'timeout', owner: 'infrastructure' },
    ],
  },
  {
    name: 'vpc-connector-down',
    title: 'The VPC connector is in state ERROR',
    on: true,
    expects: [{ kind: 'platform', target: 'vpc', outcome: 'failure', reason: 'resource_not_ready', owner: 'infrastructure' }],
  },
  {
    name: 'monitoring-down',
    title: 'Cloud Monitoring is unavailable: points are not written, no target is at fault',
    on: false,
    expects: [],
  },
] as const;
