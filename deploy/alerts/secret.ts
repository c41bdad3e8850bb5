/** Secrets that break their rules, and secrets that soon will for their age. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { Severity } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import { among, is, select, span } from '../monitoring/promql';
import { freshMs } from './windows';

const dayMs = 86_400_000;
/** Share of the age at which a secret breaks its rule. */
const warned = 0.9;

const longestPeriod = (targets: readonly Target[]): number => Math.max(0, ...targets.map(({ periodMs }) => periodMs));

/** @returns one series for each secret whose latest point says that it breaks a rule. */
export function invalidSecretQuery({ config }: PlanContext, severity: Severity, targets: readonly Target[]): string {
  const valid = select('secrets/valid', config.environment, is('severity', severity), is('job', 'secrets'));
  return `last_over_time(${valid}[${span(freshMs(longestPeriod(targets)))}]) == 0`;
}

interface AgeRule {
  readonly task: string;
  readonly secret: string;
  readonly maxAgeMs: number;
}

/** The strictest rule on each secret of each target. */
function ageRules(targets: readonly Target[]): readonly AgeRule[] {
  return targets.flatMap(({ name, spec }) => {
    const rules = (spec['require'] ?? []) as readonly { readonly secret: string; readonly maxAge?: number }[];
    const strictest = new Map<string, number>();
    for (const { secret, maxAge } of rules)
      if (maxAge !== undefined) strictest.set(secret, Math.min(maxAge, strictest.get(secret) ?? Infinity));
    return [...strictest].map(([secret, maxAgeMs]) => ({ task: name, secret, maxAgeMs }));
  });
}

/**
 * One query for each target and age: which secrets it goes for stands in no label. What is older than allowed is invalid, and told as that.
 * @returns nothing where no age is configured
 */
export function oldSecretQuery({ config }: PlanContext, targets: readonly Target[]): string | undefined {
  const groups = groupBy(ageRules(targets), ({ task, maxAgeMs }) => `${task} ${maxAgeMs}`);
  const window = span(freshMs(longestPeriod(targets)));
  const terms = [...groups.values()].map((rules) => {
    const [{ task, maxAgeMs } = { task: '', maxAgeMs: 0 }] = rules;
    const secrets = among('secret', rules.map(({ secret }) => secret).toSorted());
    const age = select('secrets/age', config.environment, is('job', 'secrets'), is('task_id', task), secrets);
    return `last_over_time(${age}[${window}]) > ${Number(((maxAgeMs / dayMs) * warned).toFixed(4))}`;
  });
  if (terms.length === 0) return undefined;
  const valid = select('secrets/valid', config.environment, is('job', 'secrets'));
  return `(${terms.join(' or ')}) unless on (job, task_id, secret) (last_over_time(${valid}[${window}]) == 0)`;
}
