/** The certificates of a load balancer, managed by Google or by its owner (Compute Engine v1, `sslCertificates`). */
import * as z from 'zod';
import { timestamp, wallClock } from '../../shared/clock';
import { formatDuration } from '../../shared/config/duration';
import { canonicalHost } from '../../shared/hosts';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask, googleTime } from './ask';
import type { certificate } from './fields';
import { met, stateFinding, unmet, untold, where } from './findings';
import { inCompute } from './names';

const answer = z.object({
  expireTime: googleTime.optional(),
  subjectAlternativeNames: z.array(z.string()).optional(),
  managed: z
    .object({
      status: z.string().optional(),
      domains: z.array(z.string()).optional(),
      domainStatus: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});
type Answer = z.output<typeof answer>;

const dayMs = 86_400_000;

export async function checkCertificate(wanted: z.output<typeof certificate>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inCompute(wanted.name, 'sslCertificates', context.run);
  const actual = await ask({ api: 'compute', version: 'v1', what: 'certificate', name, answer }, context);
  const now = wallClock();
  if (actual.expireTime !== undefined)
    context.observe({ 'tls.daysUntilExpiry': Math.round(((actual.expireTime - now) / dayMs) * 100) / 100 });
  return [
    ...validity(actual, wanted.minValidity, now),
    ...(actual.managed ? [status(actual.managed), ...domainStatus(actual.managed)] : []),
    ...where(wanted.domains, (domains) => coverage(actual, domains)),
  ];
}

/** Of a managed certificate that was never issued its status says enough. */
function validity({ expireTime, managed }: Answer, minValidityMs: number | undefined, now: number): readonly Finding[] {
  if (expireTime === undefined)
    return managed !== undefined && managed.status !== 'ACTIVE'
      ? []
      : [untold('expireTime', { reason: 'api_unavailable', message: 'the API does not tell when the certificate expires' })];
  if (expireTime < now) return [unmet('expireTime', `the certificate expired on ${timestamp(expireTime)}`, 'certificate_expired')];
  const days = Math.floor(((expireTime - now) / dayMs) * 100) / 100;
  const told = `the certificate expires in ${days} d, on ${timestamp(expireTime)}`;
  if (minValidityMs === undefined || expireTime - now >= minValidityMs) return [met('expireTime', told)];
  return [unmet('expireTime', `${told}, expected at least ${formatDuration(minValidityMs)}`, 'certificate_expiring')];
}

type Managed = NonNullable<Answer['managed']>;

/** A certificate whose renewal failed still serves, until it expires. */
function status({ status: said }: Managed): Finding {
  if (said === 'RENEWAL_FAILED')
    return unmet('state', 'state is RENEWAL_FAILED, expected ACTIVE: the certificate serves until it expires', 'certificate_expiring');
  return stateFinding(said === 'MANAGED_CERTIFICATE_STATUS_UNSPECIFIED' ? undefined : said, 'ACTIVE');
}

function domainStatus({ domainStatus: states = {} }: Managed): readonly Finding[] {
  const wrong = Object.entries(states).filter(([, said]) => said !== 'ACTIVE');
  if (Object.keys(states).length === 0) return [];
  if (wrong.length === 0) return [met('domainStatus', 'all domains are ACTIVE')];
  const told = wrong.map(([domain, said]) => `${domain} is ${said}`).join(', ');
  return [unmet('domainStatus', `${told}, expected ACTIVE`, 'resource_not_ready')];
}

function coverage({ managed, subjectAlternativeNames = [] }: Answer, expected: readonly string[]): Finding {
  const names = [...new Set([...subjectAlternativeNames, ...(managed?.domains ?? [])].map(canonicalHost))];
  const lacking = expected.filter((domain) => !names.some((name) => covers(name, canonicalHost(domain))));
  const told = `the certificate is for ${names.join(', ') || 'no name'}`;
  if (lacking.length === 0) return met('domains', told);
  return unmet('domains', `${told}, expected ${lacking.join(', ')}, too`, 'certificate_name_mismatch');
}

/** A wildcard stands for exactly one label (RFC 9525, 6.3). */
function covers(name: string, domain: string): boolean {
  if (name === domain) return true;
  return name.startsWith('*.') && !domain.startsWith('*.') && domain.slice(domain.indexOf('.')) === name.slice(1);
}
