/** Policies on secrets: invalid ones by severity, and old ones. */
import { severities } from '../../../shared/result';
import type { PlanContext } from '../../plan/plan';
import { failureDocumentation, plainDocumentation } from '../documentation';
import type { PolicyDraft } from '../policy';
import { invalidSecretQuery, oldSecretQuery } from '../secret';

export function secretPolicies(context: PlanContext): readonly PolicyDraft[] {
  const all = context.config.targets.filter(({ kind }) => kind === 'secrets');
  const invalid = severities.flatMap((severity): readonly PolicyDraft[] => {
    const targets = all.filter((target) => target.severity === severity);
    if (targets.length === 0) return [];
    return [
      {
        key: `secret-invalid-${severity}`,
        title: `${severity} secrets break a rule`,
        severity,
        owner: 'operator',
        conditions: [{ name: 'invalid', query: invalidSecretQuery(context, severity, targets) }],
        subject: `the secret \${metric_or_resource.label.secret} is invalid (${severity}, operator)`,
        content: failureDocumentation(context, {
          title: `A ${severity} secret breaks a rule: \${metric_or_resource.label.secret}`,
          meaning: [
            'It is missing, disabled, empty, malformed, too old or not readable by those who need it. Whoever starts next may fail.',
          ],
          owner: 'operator',
          targets,
        }),
      },
    ];
  });
  const query = oldSecretQuery(context, all);
  if (query === undefined) return invalid;
  const old: PolicyDraft = {
    key: 'secret-old',
    title: 'secrets will soon be too old',
    severity: 'warning',
    owner: 'operator',
    conditions: [{ name: 'old', query }],
    subject: 'the secret ${metric_or_resource.label.secret} will soon be too old',
    content: plainDocumentation(context, {
      title: 'Soon too old: ${metric_or_resource.label.secret}',
      meaning: ['Nine tenths of the age that the configuration allows (`maxAge`) are over. It still works.'],
      owner: 'operator',
      looks: [
        'Who rotates it, and why did that not happen?',
        'Rotate it on both sides: at the service that takes it, then as a new version of the secret.',
        'Old versions: disable them only when nobody reads them any more.',
      ],
      run: true,
    }),
  };
  return [...invalid, old];
}
