/** Policies on causes that explain the failures of several targets: one an owner. */
import type { PlanContext } from '../../plan/plan';
import type { Owner } from '../../../shared/reasons';
import { causeQuery } from '../cause';
import { plainDocumentation } from '../documentation';
import type { PolicyDraft } from '../policy';

const owners: readonly Owner[] = ['infrastructure', 'application', 'operator', 'monitor'];

export function causePolicies(context: PlanContext): readonly PolicyDraft[] {
  return owners.map((owner): PolicyDraft => ({
    key: `cause-${owner}`,
    title: `a cause explains failures, for ${owner}`,
    severity: 'critical',
    owner,
    conditions: [{ name: 'cause', query: causeQuery(context, owner) }],
    subject: `\${metric.label.cause} (${owner})`,
    content: plainDocumentation({
      title: 'One cause, many failures: ${metric.label.cause}',
      meaning: ['What fails because of it pages nobody: this is the one page. It closes when the cause is gone.'],
      owner,
      looks: [
        'Which targets does it block? They are in `probe/blocked` with this cause.',
        'What changed just before it began: a deployment, a rotated secret, a resized or re-created resource?',
        'Repair the cause first; what still fails some minutes later pages for itself.',
      ],
      verify: '**After the fix**\n\n`npx synthetics verify` runs everything and signs off.',
    }),
  }));
}
