/** The certificates that the services themselves present, as the targets saw them over the rounds. */
import type { Target } from '../config/config';
import { groupBy } from '../group';
import type { Kind } from '../probe';
import { domainOf } from '../reasons';
import { excerptOf } from '../report/text';
import type { Finding, Result } from '../result';
import type { Declared, Mark } from './declaration';
import { passed, type Tally } from './tally';

/** What one target saw. */
interface Presented {
  readonly target: string;
  readonly mark: Mark;
  /** Absent where all is well: then the days say enough. */
  readonly state?: string;
  readonly days?: number;
}

/** A target of the configuration, and what became of it; absent where it was not asked for. */
interface Looked {
  readonly target: Target;
  readonly tally?: Tally;
}

const mostNames = 3;

/** @returns one line for all that are well, then one for each thing that is said of others. */
export function certificateLines(all: readonly Looked[], kinds: readonly Kind[]): readonly Declared[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const found = all.flatMap(({ target, tally }) => presentedTo(target, tally, byName.get(target.kind)) ?? []);
  const well = found.filter(({ state }) => state === undefined);
  const first = dayText(Math.min(...well.map(({ days = Infinity }) => days)));
  const others = groupBy(
    found.filter(({ state }) => state !== undefined),
    ({ mark, state }) => `${mark} ${state}`,
  );
  return [
    ...(well.length > 0
      ? [{ subject: subjectOf(well), state: well.length === 1 ? first : `the first ${first}`, mark: 'ok' as const }]
      : []),
    ...[...others.values()].map((same) => ({
      subject: subjectOf(same, true),
      state: same[0]?.state ?? '',
      mark: same[0]?.mark ?? 'unchecked',
    })),
  ];
}

function subjectOf(seen: readonly Presented[], named = false): string {
  const names = seen.slice(0, mostNames).map(({ target }) => target);
  const who = named && names.length === seen.length ? names.join(', ') : `${seen.length} target${seen.length === 1 ? '' : 's'}`;
  return seen.length === 1 ? `Certificate that ${who} sees` : `Certificates that ${who} see`;
}

const dayText = (days: number): string => (days < 0 ? `expired ${Math.ceil(-days)} d ago` : `expires in ${Math.floor(days)} d`);

/** What Google tells of a certificate is a resource's line. Nothing is said of what speaks no TLS, or was well without it. */
function presentedTo({ kind: name, name: target, spec }: Target, tally: Tally | undefined, kind: Kind | undefined): Presented | undefined {
  if (name === 'platform') return undefined;
  const results = tally?.results.filter((result) => result !== undefined) ?? [];
  const failed = results.findLast(({ outcome, domain }) => outcome === 'failure' && domain === 'certificate');
  if (failed) return { target, mark: 'failed', state: stated(failed.message) };
  const doubt = results.flatMap((result) => doubtsOf(result)).at(-1);
  if (doubt) return { target, mark: doubt.outcome === 'failure' ? 'failed' : 'degraded', state: stated(doubt.message) };
  const allDays = results.map(({ observed }) => observed['tls.daysUntilExpiry']).filter((days) => typeof days === 'number');
  if (allDays.length > 0) return lasting(target, Math.min(...allDays), spec['tls']);
  const mayHaveOne = kind?.tls === true && kind.plain?.(spec) !== true;
  return mayHaveOne && (results.length === 0 || results.some(({ outcome }) => !passed(outcome)))
    ? { target, mark: 'unchecked', state: 'not checked' }
    : undefined;
}

/** With the mode `require` nobody has looked at more than the days. */
function lasting(target: string, days: number, tls: unknown): Presented {
  const { mode } = (tls ?? {}) as { readonly mode?: unknown };
  if (days < 0) return { target, mark: 'failed', state: dayText(days) };
  if (mode === 'require') return { target, mark: 'unchecked', state: `${dayText(days)}, not checked further: its tls mode is require` };
  return { target, mark: 'ok', days };
}

/** What a result says of certificates besides its own reason. */
function doubtsOf({ warnings, findings }: Result): readonly Finding[] {
  return [...warnings, ...findings].filter(
    ({ outcome, reason }) => outcome !== 'success' && reason !== null && domainOf(reason) === 'certificate',
  );
}

const stated = (message: string): string => excerptOf(message.replace(/^the certificate (?=expire)/, ''));
