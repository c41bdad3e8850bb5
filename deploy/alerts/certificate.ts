/** Certificates that expire soon. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { Severity } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import { is, select, span } from '../monitoring/promql';
import { naming } from './schedule-class';
import { freshMs } from './windows';

const dayMs = 86_400_000;
/** Days: time to find out why a renewal did not happen, and the time after which that becomes urgent. */
const warnedDays = 21;
const urgentDays = 7;

/** @returns those targets that may have a certificate. */
export function certified({ config, kinds }: PlanContext): readonly Target[] {
  const tls = new Set(kinds.filter((kind) => kind.tls || kind.name === 'journey').map(({ name }) => name));
  return config.targets.filter(({ kind }) => tls.has(kind));
}

const validityOf = (conditions: Target['expect']): number | undefined => {
  const value = conditions['minCertificateValidity'];
  return typeof value === 'number' ? value / dayMs : undefined;
};

const window = (targets: readonly Target[]): string => span(freshMs(Math.max(...targets.map(({ periodMs }) => periodMs))));

/** A target may say itself, in `warn`, from when on it is to be told. What is urgent is told as that, and not twice. */
export function expiringQuery(context: PlanContext): string | undefined {
  const all = certified(context);
  const groups = groupBy(all, ({ warn }) => validityOf(warn) ?? warnedDays);
  const terms = [...groups].map(([days, targets]) => {
    const left = select('tls/days_until_expiry', context.config.environment, ...naming(targets, all));
    return `last_over_time(${left}[${window(all)}]) < ${Number(days.toFixed(4))}`;
  });
  return terms.length === 0 ? undefined : `(${terms.join(' or ')}) >= ${urgentDays}`;
}

/** What already fails because of its certificate is down, and not told again. */
export function urgentCertificateQuery(context: PlanContext, severity: Severity): string | undefined {
  const { environment } = context.config;
  const all = certified(context).filter((target) => target.severity === severity);
  if (all.length === 0) return undefined;
  const left = select('tls/days_until_expiry', environment, is('severity', severity));
  const failing = select('probe/problem', environment, is('outcome', 'failure'), is('domain', 'certificate'));
  return `last_over_time(${left}[${window(all)}]) < ${urgentDays} unless on (job, task_id) present_over_time(${failing}[${window(all)}])`;
}
