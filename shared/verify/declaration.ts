/** What the control plane and the secrets declare of themselves: the lines that close an incident. */
import type { Target } from '../config/config';
import { excerptOf } from '../report/text';
import type { Finding } from '../result';
import { passed, type Tally } from './tally';

/** One line, e.g. `VPC connector staging-connector`, `READY`. */
export interface Declared {
  readonly subject: string;
  readonly state: string;
  readonly ok: boolean;
}

/** By the field of a target of `platform`, in the order of the lines. */
const resources = {
  vpcConnector: 'VPC connector',
  cloudSql: 'Cloud SQL',
  certificate: 'Certificate',
  backendService: 'Load balancer',
  cloudRun: 'Cloud Run',
  memorystore: 'Memorystore',
  schedulerJob: 'Scheduler job',
} as const;
const fields = Object.keys(resources) as readonly (keyof typeof resources)[];

/** @returns the lines: resources by their type, certificates as they are presented, then the secrets. Logs are no resource, and declare nothing. */
export function declarationOf(targets: readonly Target[], tallies: readonly Tally[]): readonly Declared[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const seen = tallies.flatMap((tally) => {
    const target = tally.configured ? byName.get(tally.target) : undefined;
    return target ? [{ target, tally }] : [];
  });
  return [
    ...fields.flatMap((field) =>
      seen.flatMap(({ target, tally }) => (target.kind === 'platform' ? resourceLine(field, target, tally) : [])),
    ),
    ...presentedLine(seen.flatMap(({ target, tally }) => (target.kind === 'platform' ? [] : [tally]))),
    ...seen.flatMap(({ target, tally }) => (target.kind === 'secrets' ? [secretsLine(target, tally)] : [])),
  ];
}

const notSeen = 'not seen';

function resourceLine(field: keyof typeof resources, { name, spec }: Target, { telling, worst }: Tally): readonly Declared[] {
  const wanted = spec[field];
  if (typeof wanted !== 'object' || wanted === null) return [];
  const own = Object.entries(wanted).find(
    ([key, value]) => ['name', 'instance', 'service'].includes(key) && typeof value === 'string',
  )?.[1] as string | undefined;
  const subject = `${resources[field]} ${own?.split('/').at(-1) ?? name}`;
  const ok = passed(worst);
  if (!telling) return [{ subject, state: notSeen, ok: false }];
  if (!ok) return [{ subject, state: excerptOf(telling.message), ok }];
  return [{ subject, state: stateIn(telling.findings) ?? 'as expected', ok }];
}

/** @returns the state and, of a certificate, how long it lasts, where the findings tell it. */
function stateIn(findings: readonly Finding[]): string | undefined {
  const said = (subject: string): string | undefined => findings.find((finding) => finding.subject === subject)?.message;
  const state = said('state')?.replace(/^state is /, '');
  const until = said('expireTime')?.replace(/^the certificate /, '');
  const parts = [state, until].flatMap((part) => (part === undefined ? [] : [excerptOf(part)]));
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** What the services themselves present, all in one line. */
function presentedLine(tallies: readonly Tally[]): readonly Declared[] {
  const days = tallies.flatMap(({ telling, worst }) => {
    const left = telling?.observed['tls.daysUntilExpiry'];
    return typeof left === 'number' ? [{ left, ok: passed(worst) || telling?.domain !== 'certificate' }] : [];
  });
  if (days.length === 0) return [];
  const first = Math.floor(Math.min(...days.map(({ left }) => left)));
  const subject = days.length === 1 ? 'Certificate that 1 target sees' : `Certificates that ${days.length} targets see`;
  return [{ subject, state: `valid, the first for ${first} d`, ok: days.every(({ ok }) => ok) && first >= 0 }];
}

/** Each finding speaks of one secret. */
function secretsLine({ name }: Target, { telling, worst }: Tally): Declared {
  if (!telling || telling.findings.length === 0) return { subject: `Secrets ${name}`, state: notSeen, ok: false };
  const good = telling.findings.filter(({ outcome }) => passed(outcome)).length;
  return { subject: `Secrets ${name}`, state: `${good}/${telling.findings.length}`, ok: passed(worst) };
}
