/** Policies on causes that explain the failures of several targets: one an owner and severity of the targets. */
import type { PlanContext } from '../../plan/plan';
import type { Owner } from '../../../shared/reasons';
import { severities, type Severity } from '../../../shared/result';
import { causeQuery } from '../cause';
import { plainDocumentation } from '../documentation';
import type { PolicyDraft } from '../policy';

const owners: readonly Owner[] = ['infrastructure', 'application', 'operator', 'monitor'];

export function causePolicies(context: PlanContext): readonly PolicyDraft[] {
  const worth = severities.filter(
    (severity) => severity === 'critical' || context.config.targets.some((target) => target.severity === severity),
  );
  return worth.flatMap((severity) => owners.map((owner) => policyFor(context, owner, severity)));
}

function policyFor(context: PlanContext, owner: Owner, severity: Severity): PolicyDraft {
  return {
    key: `cause-${severity}-${owner}`,
    title: `a cause explains failures of ${severity} targets, for ${owner}`,
    severity,
    owner,
    conditions: [{ name: 'cause', query: causeQuery(context, owner, severity) }],
    subject: `\${metric_or_resource.label.cause} (${owner})`,
    content: plainDocumentation(context, {
      title: 'One cause, many failures: ${metric_or_resource.label.cause}',
      meaning: ['What fails because of it pages nobody: this is the one page. It closes when the cause is gone.'],
      owner,
      looks: [
        'Which targets does it block? They are in `probe/blocked` with this cause.',
        'What changed just before it began: a deployment, a rotated secret, a resized or re-created resource?',
        'Repair the cause first; what still fails some minutes later pages for itself.',
      ],
    }),
  };
}
