/** Uptime checks of public targets, from several regions of the world: what tells when the prober's own region is lost with the prober. */
import type { Target } from '../../shared/config/config';
import { severities } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import type { UptimeCheck } from './documents';
import { isPrivateHost } from './private-hosts';
import { requestOf, type Outside } from './uptime-requests';

/** Uptime checks in a metrics scope (Cloud Monitoring, "Quotas and limits"). */
const mostChecks = 100;
const longestTimeoutSeconds = 60;

/**
 * An execution a location is counted, a million a month and project is free. Every five minutes from three locations is 26 280 a
 * month: some 38 checks cost nothing. A region that is lost need not be known within the minute.
 */
const periods = [900, 600, 300] as const;

/**
 * Three locations, the least that is taken (google.monitoring.v3.UptimeCheckConfig, `selected_regions`), none of them where the
 * prober is. USA would mean three by itself.
 * @param region of the functions, e.g. `us-central1`.
 */
export function checkRegions(region: string): readonly string[] {
  if (region.startsWith('europe-')) return ['USA_VIRGINIA', 'USA_OREGON', 'ASIA_PACIFIC'];
  if (region.startsWith('asia-') || region.startsWith('australia-')) return ['USA_VIRGINIA', 'USA_OREGON', 'EUROPE'];
  return [region.startsWith('us-west') ? 'USA_VIRGINIA' : 'USA_OREGON', 'EUROPE', 'ASIA_PACIFIC'];
}

interface Candidate extends Outside {
  readonly target: Target;
}

/** @returns the more important first; of one severity those of a host that has no check yet, then by name. */
function ranked(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  const byName = candidates.toSorted(
    (a, b) => severities.indexOf(a.target.severity) - severities.indexOf(b.target.severity) || (a.target.name < b.target.name ? -1 : 1),
  );
  const further = new Set(byName.filter(({ host }) => seen.has(host) || !seen.add(host)));
  return byName.toSorted(
    (a, b) =>
      severities.indexOf(a.target.severity) - severities.indexOf(b.target.severity) || Number(further.has(a)) - Number(further.has(b)),
  );
}

function checkOf({ target, host, request }: Candidate, { config, names }: PlanContext): UptimeCheck {
  const seconds = target.periodMs / 1000;
  return {
    displayName: `${names.prefix}${target.name}`,
    userLabels: { ...names.labels, kind: target.kind, target: target.name },
    check: {
      monitoredResource: { type: 'uptime_url', labels: { project_id: config.project, host } },
      ...request,
      period: `${periods.find((period) => period <= seconds) ?? 300}s`,
      timeout: `${Math.min(longestTimeoutSeconds, Math.ceil(target.timeoutMs / 1000))}s`,
      selectedRegions: checkRegions(config.region),
    },
  };
}

/** What there is to check from outside, and what is left out, as sentences. */
export interface PublicChecks {
  readonly checks: readonly UptimeCheck[];
  readonly notes: readonly string[];
}

/** @returns the checks of the targets that are marked `public`, and a note on each that can't be checked, or not whole. */
export function publicChecks(context: PlanContext): PublicChecks {
  const notes: string[] = [];
  const candidates: Candidate[] = [];
  for (const target of context.config.targets.filter((one) => one.public)) {
    const outside = requestOf(target);
    if (typeof outside === 'string') notes.push(`${target.name} is public and gets no uptime check: ${outside}.`);
    else if (isPrivateHost(outside.host))
      notes.push(`${target.name} is marked public, but ${outside.host} is private: it gets no uptime check.`);
    else {
      if (outside.lacks !== undefined) notes.push(`The uptime check of ${target.name} only sees whether it answers: ${outside.lacks}.`);
      candidates.push({ ...outside, target });
    }
  }
  const chosen = ranked(candidates);
  const left = chosen.slice(mostChecks).length;
  if (left > 0) notes.push(`${left} public targets get no uptime check: a project may have ${mostChecks}; every host comes first.`);
  const checks = chosen.slice(0, mostChecks).map((candidate) => checkOf(candidate, context));
  return { checks: checks.toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1)), notes };
}

/** @returns the checks alone. */
export function uptimeChecks(context: PlanContext): readonly UptimeCheck[] {
  return publicChecks(context).checks;
}

/** @returns the hosts that have a check, each once: the label `host` of `monitoring.googleapis.com/uptime_check/check_passed` (resource `uptime_url`). */
export function uptimeHosts(context: PlanContext): readonly string[] {
  const hosts = uptimeChecks(context).map(({ check }) => (check['monitoredResource'] as { labels: { host: string } }).labels.host);
  return [...new Set(hosts)].toSorted();
}
