/** Policies on what runs out: certificates, connections, memory, the connector, the error budget. */
import { severities } from '../../../shared/result';
import type { PlanContext } from '../../plan/plan';
import { burnRateQuery, burnWindowsText, tiersFor } from '../burn-rate';
import { expiringQuery, urgentCertificateQuery } from '../certificate';
import { connectorCommand } from '../commands';
import { plainDocumentation } from '../documentation';
import { chunks, conditionsInPolicy, type ConditionDraft, type PolicyDraft } from '../policy';
import { span } from '../../monitoring/promql';
import { connectorQuery, fullQueries, gauges } from '../utilisation';

const certificateLooks = [
  'Who renews it: Certificate Manager, a managed certificate, cert-manager, a person? Why did that not happen?',
  'Was it renewed but not loaded? Compare what the server presents: `openssl s_client -connect HOST:PORT -servername NAME`.',
  'Does only an intermediate expire? The earliest certificate of the chain counts.',
];

export function certificatePolicies(context: PlanContext): readonly PolicyDraft[] {
  const soon = expiringQuery(context);
  if (soon === undefined) return [];
  const owner = 'infrastructure';
  const warning: PolicyDraft = {
    key: 'certificate-soon',
    title: 'certificates expire soon',
    severity: 'warning',
    owner,
    conditions: [{ name: 'certificate', query: soon }],
    subject: 'the certificate of ${metric_or_resource.label.task_id} expires soon',
    content: plainDocumentation(context, {
      title: 'Expires soon: the certificate of ${metric_or_resource.label.task_id}',
      meaning: ['It has less than 21 days left, or less than the target states in `warn`. There is time, if somebody takes it.'],
      owner,
      looks: certificateLooks,
      run: true,
    }),
  };
  const urgent = severities.flatMap((severity): readonly PolicyDraft[] => {
    const query = urgentCertificateQuery(context, severity);
    if (query === undefined) return [];
    return [
      {
        key: `certificate-week-${severity}`,
        title: `certificates of ${severity} targets expire within a week`,
        severity,
        owner,
        conditions: [{ name: 'certificate', query }],
        subject: `the certificate of \${metric_or_resource.label.task_id} expires within a week (${severity})`,
        content: plainDocumentation(context, {
          title: 'Expires within a week: the certificate of ${metric_or_resource.label.task_id}',
          meaning: ['After that every client that verifies it is refused, and the target is down.'],
          owner,
          looks: certificateLooks,
          run: true,
        }),
      },
    ];
  });
  return [warning, ...urgent];
}

function connectorPolicies(context: PlanContext): readonly PolicyDraft[] {
  const query = connectorQuery(context);
  if (query === undefined) return [];
  return [
    {
      key: 'connector',
      title: 'the VPC connector is busy',
      severity: 'warning',
      owner: 'infrastructure',
      conditions: [{ name: 'connector', query }],
      subject: 'the VPC connector ${metric_or_resource.label.connector_name} is busy',
      content: plainDocumentation(context, {
        title: 'The VPC connector ${metric_or_resource.label.connector_name} is busy',
        meaning: [
          'Its machines used more than 70 % of their CPU for ten minutes. Before it fails it drops packets: look-ups and connections time out.',
        ],
        owner: 'infrastructure',
        looks: [
          `More machines: \`${connectorCommand()}\` (ten are the most), or larger ones: \`--machine-type=e2-standard-4\`.`,
          'What sends so much? Which services use it, and with all their traffic or only that to private ranges?',
          'Direct VPC egress needs no connector at all.',
        ],
      }),
    },
  ];
}

/** Connections and memory, and the connector. */
export function utilisationPolicies(context: PlanContext): readonly PolicyDraft[] {
  const conditions = gauges.flatMap((gauge): readonly ConditionDraft[] =>
    fullQueries(context, gauge).map((query, index) => ({ name: index === 0 ? gauge.kind : `${gauge.kind}, part ${index + 1}`, query })),
  );
  const gaugePolicies = chunks(conditions, conditionsInPolicy).map((own, index): PolicyDraft => ({
    key: index === 0 ? 'utilisation' : `utilisation-${index + 1}`,
    title: 'connections or memory run out',
    severity: 'warning',
    owner: 'infrastructure',
    conditions: own,
    subject: '${metric_or_resource.label.task_id} runs full',
    content: plainDocumentation(context, {
      title: 'Runs full: ${metric_or_resource.label.job} / ${metric_or_resource.label.task_id}',
      meaning: ["A database's connections or a cache's memory were above their threshold for ten minutes. What comes next is refused."],
      owner: 'infrastructure',
      looks: [
        'Connections: who holds them, and is it a leak? `SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2`',
        'Memory: what grew, and may it be evicted? `redis-cli info memory`, `redis-cli --bigkeys`',
        'Did something else change at that time: a deployment, a pool size, the number of instances?',
      ],
      run: true,
    }),
  }));
  return [...gaugePolicies, ...connectorPolicies(context)];
}

/** Nobody in particular owns a budget: it goes to the route of its severity that asks for no owner. */
export function burnRatePolicies(context: PlanContext): readonly PolicyDraft[] {
  const { alerts, targets } = context.config;
  const { slo } = alerts;
  if (slo === undefined || !targets.some(({ severity }) => severity === 'critical')) return [];
  return tiersFor(context, slo).map((tier): PolicyDraft => {
    const { rate, longMs, severity } = tier;
    return {
      key: `burn-rate-${span(longMs)}`,
      title: `the error budget is used up ${rate} times too fast`,
      severity,
      conditions: [{ name: 'burn rate', query: burnRateQuery(context, slo, tier) }],
      subject: `the error budget is used up ${rate} times too fast`,
      content: plainDocumentation(context, {
        title: `The error budget of all critical targets is used up ${rate} times too fast`,
        meaning: [
          `First attempts failed ${rate} times as often as the objective of ${slo} allows, ${burnWindowsText(context, slo, tier)}, though nothing was down for long.`,
          'Targets that are down, and those that a cause explains, are left out: they have their own pages.',
        ],
        looks: [
          'Which targets fail most? Sum `1 - probe/first_success` by target over this window.',
          'Do they share an owner or a reason? It is in `probe/problem`.',
          'Since when? A slow burn often begins with a deployment.',
        ],
        closes: 'The short window shows it first.',
      }),
    };
  });
}
