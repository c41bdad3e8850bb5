/** A cause that `diagnose` names: it pages instead of the targets that it blocks. */
import type { Owner } from '../../shared/reasons';
import { severities, type Severity } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import { secretResource } from '../../shared/secrets/resource-name';
import { is, quoted, select, span } from '../monitoring/promql';
import { saidLatelyMs } from './blocked';
import { invalidSecretQuery } from './secret';

/** @returns the causes that block a target of the severity. */
function blocking({ config }: PlanContext, severity: Severity, window: string): string {
  return `count by (cause) (present_over_time(${select('probe/blocked', config.environment, is('severity', severity))}[${window}]))`;
}

/** A secret that breaks its rules is told by name, and not again as a cause. */
function toldBySecret(context: PlanContext, severity: Severity): string {
  const secrets = context.config.targets.filter((target) => target.kind === 'secrets' && target.severity === severity);
  if (secrets.length === 0) return '';
  const invalid = `count by (secret) (${invalidSecretQuery(context, severity, secrets)})`;
  // A cause names the secrets of the own project without their path, however the configuration spells them.
  const spelled = `(?:${secretResource('', context.config.project)})?(.+)`;
  return ` unless on (cause) label_replace(${invalid}, "cause", "secret/$1", "secret", ${quoted(spelled)})`;
}

/**
 * Two points are asked for, so that a cause which was seen once, e.g. while something restarts, wakes nobody. One series a cause. A cause
 * is worth what the targets are that it blocks, and critical where nothing is known of them. A target that is its own cause (`target/…`)
 * is told by its own policy, by its own severity.
 */
export function causeQuery(context: PlanContext, owner: Owner, severity: Severity): string {
  const window = span(saidLatelyMs(context));
  const matchers = [is('owner', owner), 'cause!~"target/.*"'];
  const active = `count_over_time(${select('cause/active', context.config.environment, ...matchers)}[${window}]) >= 2`;
  const above = severities.slice(0, severities.indexOf(severity)).map((each) => blocking(context, each, window));
  const below = severities.slice(severities.indexOf(severity) + 1).map((each) => blocking(context, each, window));
  const own = blocking(context, severity, window);
  const worth =
    severity === 'critical'
      ? ` unless on (cause) ((${below.join(' or ')}) unless on (cause) ${own})`
      : ` and on (cause) ${own} unless on (cause) (${above.join(' or ')})`;
  return `(${active})${worth}${toldBySecret(context, severity)}`;
}
