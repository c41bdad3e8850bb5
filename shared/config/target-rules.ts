/** The rules of one target that its schema can't say: time, hosts, templates, certificates. A rule that needs what is wrong in itself is silent. */
import { canonicalHost, endpointProblem, forbiddenBy, isRefused, parseUrl } from '../hosts';
import { TemplateError } from '../secrets/bound-template';
import { variablesIn } from '../secrets/template';
import type { FileFacts } from '../probe';
import { longestMs, shareOfPeriod } from './budget';
import { formatDuration, parseDuration } from './duration';
import { timeoutOf, timingOf, type Draft, type FileParts } from './draft';
import { isMapping, tell } from './partly';
import type { Mistake } from './problems';
import { periodOf } from './schedule';

type Path = readonly (string | number)[];

/** What goes for all targets. */
export interface Surroundings {
  readonly file: FileParts;
  /** What of the lists is good. */
  readonly forbiddenHosts: readonly string[];
  readonly allowLinkLocal: readonly string[];
  readonly facts: FileFacts;
}

/** Under these keys stands what is sent, not what is reached. */
const sent = new Set(['send', 'json', 'body', 'headers']);

/** Every text of a value with the path to it. */
function* textsIn(value: unknown, path: Path = []): Generator<readonly [Path, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, key]);
}

function ofSent(path: Path): boolean {
  return path.some((segment) => typeof segment === 'string' && sent.has(segment));
}

/** Attempts and the pauses between them leave a fifth of the schedule's period free. */
function budget(draft: Draft, file: FileParts): readonly Mistake[] {
  const { schedule, timeoutMs, attempts, intervalMs } = timingOf(draft, file);
  const periodMs = periodOf(schedule);
  const takesMs = longestMs({ timeoutMs, confirm: { attempts, intervalMs } });
  const allowedMs = shareOfPeriod * periodMs;
  if (takesMs <= allowedMs) return [];
  const key = ['timeout', 'confirm', 'schedule'].find((name) => name in draft.raw);
  const tries =
    attempts === 1
      ? `1 attempt of ${formatDuration(timeoutMs)} takes`
      : `${attempts} attempts of ${formatDuration(timeoutMs)}, ${formatDuration(intervalMs)} apart, take`;
  const message = `${tries} up to ${formatDuration(takesMs)}, too long for the schedule ${JSON.stringify(schedule)}; allowed: ${formatDuration(Math.floor(allowedMs))}, ${shareOfPeriod} of its period`;
  return [{ path: key === undefined ? [] : [key], message }];
}

/** A step can't wait longer than the whole target. */
function waits(draft: Draft, file: FileParts): readonly Mistake[] {
  const timeoutMs = timeoutOf(draft, file);
  return [...textsIn(draft.raw)].flatMap(([path, text]): Mistake[] => {
    if ((path.at(-1) !== 'within' && path.at(-1) !== 'pause') || !path.includes('steps') || ofSent(path)) return [];
    const message = `${JSON.stringify(text)} is above the target's timeout; allowed: at most ${formatDuration(timeoutMs)}`;
    return (parseDuration(text) ?? 0) > timeoutMs ? [{ path, message }] : [];
  });
}

/** @returns the host that a text at this path names. */
function hostNamed(path: Path, text: string): string | undefined {
  const key = path.at(-1);
  if (path.at(-2) === 'domains') return canonicalHost(text);
  if (key === 'url' || key === 'origin') return parseUrl(text)?.host;
  if ((key !== 'host' && key !== 'serverName') || text.startsWith('/') || text.includes('${')) return undefined;
  return canonicalHost(text);
}

function hostMistakes(host: string, path: Path, around: Surroundings): readonly Mistake[] {
  const pattern = forbiddenBy(around.forbiddenHosts, host);
  if (pattern !== undefined)
    return [{ path, message: `names a host that forbiddenHosts refuses by ${JSON.stringify(pattern)}; allowed: any other host` }];
  if (!isRefused(host, around.allowLinkLocal)) return [];
  return [{ path, message: 'names a link-local or metadata address; allowed: any other host, or list it in allowLinkLocal' }];
}

/** No target leads to a forbidden or link-local host, and none names one in its stead. */
function hosts({ raw, kind, spec }: Draft, around: Surroundings): readonly Mistake[] {
  const named = [...textsIn(raw)].flatMap(([path, text]) => {
    const host = ofSent(path) ? undefined : hostNamed(path, text);
    return host === undefined ? [] : hostMistakes(host, path, around);
  });
  if (named.length > 0 || spec === undefined) return named;
  // A kind may find hosts in other places, e.g. among the parameters of a URL.
  const path = 'url' in raw ? ['url'] : [];
  return tell(() =>
    kind.endpoints(spec).flatMap((end): readonly Mistake[] => {
      const problem = endpointProblem(end);
      if (problem !== undefined) return [{ path, message: problem }];
      return 'host' in end ? hostMistakes(canonicalHost(end.host), path, around) : [];
    }),
  );
}

/** @returns whether nothing that stands before a place in its list is wrong: it might be what makes a variable known there. */
function isCertain(spec: Readonly<Record<string, unknown>>, [key, index]: Path): boolean {
  const list = spec[String(key)];
  return !Array.isArray(list) || typeof index !== 'number' || !list.slice(0, index + 1).includes(undefined);
}

/** The variables of a template that are not known in its place. */
function unknownVariables({ kind, spec = {} }: Draft, path: Path, used: ReturnType<typeof variablesIn>): readonly Mistake[] {
  return used.flatMap(({ name, inSecret }) =>
    tell((): Mistake[] => {
      if (!isCertain(spec, path)) return [];
      const fitting = inSecret ? Object.keys(kind.secretVariables?.(spec) ?? {}) : (kind.variablesAt?.(spec, path) ?? []);
      const message = `holds the unknown variable ${JSON.stringify(name)}${inSecret ? ' in the name of a secret' : ''}; allowed: ${fitting.join(', ') || 'none'}`;
      return fitting.includes(name) ? [] : [{ path, message }];
    }),
  );
}

/** Templates are well formed and use what is known in their place. */
function templates(draft: Draft): readonly Mistake[] {
  return [...textsIn(draft.raw)].flatMap(([path, text]): readonly Mistake[] => {
    if (!text.includes('${')) return [];
    try {
      return unknownVariables(draft, path, variablesIn(text));
    } catch (error) {
      if (error instanceof TemplateError) return [{ path, message: error.message }];
      throw error;
    }
  });
}

/** No certificate is asked of what has none. */
function certificates({ raw, kind, spec }: Draft): readonly Mistake[] {
  if (spec === undefined || kind.plain?.(spec) !== true) return [];
  return ['expect', 'warn'].flatMap((key): Mistake[] => {
    const conditions = raw[key];
    if (!isMapping(conditions) || !('minCertificateValidity' in conditions)) return [];
    return [{ path: [key, 'minCertificateValidity'], message: 'needs TLS, which this target does not use; allowed: on a target with TLS' }];
  });
}

/** @returns what is wrong inside a target; paths lead from the file. */
export function targetMistakes(draft: Draft, around: Surroundings): readonly Mistake[] {
  const { kind, name, spec } = draft;
  if (spec === undefined) return [];
  const found = [
    ...tell(() => budget(draft, around.file)),
    ...tell(() => waits(draft, around.file)),
    ...hosts(draft, around),
    ...templates(draft),
    ...tell(() => certificates(draft)),
    ...tell(() => kind.check?.(spec, around.facts) ?? []),
  ];
  return found.map((mistake) => ({ ...mistake, path: [kind.name, name, ...mistake.path] }));
}
