/** What the control plane, the certificates and the secrets declare of themselves: the lines that close an incident. */
import type { Target } from '../config/config';
import type { Kind } from '../probe';
import { excerptOf } from '../report/text';
import type { Result } from '../result';
import { certificateLines } from './certificates';
import { passed, worstResult, type Tally } from './tally';

/** `unchecked`: nobody can tell, in one round at least. */
export type Mark = 'ok' | 'degraded' | 'failed' | 'unchecked';

/** One line, e.g. `VPC connector staging-connector`, `READY`; nothing in it that was not seen. */
export interface Declared {
  readonly subject: string;
  readonly state: string;
  readonly mark: Mark;
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

/**
 * @param targets all of the configuration: what was not asked for was not checked, and is declared so.
 * @returns the lines: resources by their type, certificates as they are presented, then the secrets. Logs are no resource, and declare nothing.
 */
export function declarationOf(targets: readonly Target[], kinds: readonly Kind[], tallies: readonly Tally[]): readonly Declared[] {
  const byName = new Map(tallies.filter(({ configured }) => configured).map((tally) => [tally.target, tally]));
  const all = targets.map((target) => ({ target, tally: byName.get(target.name) }));
  return [
    ...fields.flatMap((field) =>
      all.flatMap(({ target, tally }) => (target.kind === 'platform' ? resourceLine(field, target, tally) : [])),
    ),
    ...certificateLines(all, kinds),
    ...all.flatMap(({ target, tally }) =>
      target.kind === 'secrets' ? [lineOf(`Secrets ${target.name}`, tally, (result) => secretsState(result))] : [],
    ),
  ];
}

function resourceLine(field: keyof typeof resources, { name, spec }: Target, tally: Tally | undefined): readonly Declared[] {
  const wanted = spec[field];
  if (typeof wanted !== 'object' || wanted === null) return [];
  const own = Object.entries(wanted).find(
    ([key, value]) => ['name', 'instance', 'service'].includes(key) && typeof value === 'string',
  )?.[1] as string | undefined;
  return [lineOf(`${resources[field]} ${own?.split('/').at(-1) ?? name}`, tally, resourceState)];
}

const marks = { success: 'ok', degraded: 'degraded', failure: 'failed', unknown: 'unchecked' } as const;

/** @param stateOf what a result says of the state. */
function lineOf(subject: string, tally: Tally | undefined, stateOf: (result: Result) => string): Declared {
  if (!tally) return { subject, state: 'not checked', mark: 'unchecked' };
  const { worst, outcomes, results } = tally;
  const result = worstResult(tally);
  const times = outcomes.filter((outcome) => outcome === worst).length;
  const when = times === outcomes.length ? '' : ` in ${times} of ${outcomes.length} rounds`;
  const mark = marks[worst];
  if (worst !== 'unknown' && result) return { subject, state: `${stateOf(result)}${worst === 'failure' ? when : ''}`, mark };
  const why = result ? `: ${excerptOf(result.message)}` : '';
  const good = results.findLast((each) => each !== undefined && passed(each.outcome));
  return { subject, state: `${good ? `${stateOf(good)}, but ` : ''}not checked${when}${why}`, mark };
}

/** @returns the state and, of a certificate, how long it lasts, as the findings tell them; else what is wrong, or how it went. */
function resourceState({ outcome, message, findings, warnings }: Result): string {
  if (!passed(outcome)) return excerptOf(message);
  const said = (subject: string): string | undefined => findings.find((finding) => finding.subject === subject)?.message;
  const state = said('state')?.replace(/^state is /, '');
  const until = said('expireTime')?.replace(/^the certificate /, '');
  const doubts = [...new Set(warnings.map((warning) => `degraded: ${warning.message.replace(/^the certificate /, '')}`))];
  // What a doubt is about is told with it.
  const told = [state, doubts.some((doubt) => doubt.includes('expires')) ? undefined : until].filter((part) => part !== undefined);
  return [...(told.length > 0 ? told : ['passed']), ...doubts].map((part) => excerptOf(part)).join(', ');
}

const mostNamed = 3;

/** Each finding speaks of one secret. */
function secretsState({ findings, message, warnings }: Result): string {
  if (findings.length === 0) return excerptOf(message);
  const good = findings.filter(({ outcome }) => passed(outcome)).length;
  const wrong = [...findings.filter(({ outcome }) => outcome !== 'success'), ...warnings];
  const named = [...new Set(wrong.map((each) => `${each.outcome === 'unknown' ? 'not checked: ' : ''}${excerptOf(each.message, 120)}`))];
  const more = named.length > mostNamed ? [`and ${named.length - mostNamed} more`] : [];
  return [`${good}/${findings.length}`, ...named.slice(0, mostNamed), ...more].join('; ');
}
