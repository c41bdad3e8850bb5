/** The rules of one target that its schema can't say: time, hosts, templates, certificates. */
import { canonicalHost, forbiddenBy, isRefused, parseUrl } from '../hosts';
import { TemplateError } from '../secrets/bound-template';
import { variablesIn } from '../secrets/template';
import { formatDuration, parseDuration } from './duration';
import type { Draft, Timing } from './draft';
import type { Mistake } from './problems';
import { periodOf } from './schedule';

type Path = readonly (string | number)[];

/** What goes for all targets. */
export interface Surroundings {
  readonly forbiddenHosts: readonly string[];
  readonly allowLinkLocal: readonly string[];
  /** Absent where it is wrong itself. */
  readonly timing?: Timing;
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
function budget({ data }: Draft, { schedule, timeoutMs, attempts, intervalMs }: Timing): readonly Mistake[] {
  const periodMs = periodOf(schedule);
  const longestMs = attempts * timeoutMs + (attempts - 1) * intervalMs;
  if (longestMs <= 0.8 * periodMs) return [];
  const key = ['timeout', 'confirm', 'schedule'].find((name) => name in data);
  const tries =
    attempts === 1
      ? `1 attempt of ${formatDuration(timeoutMs)} takes`
      : `${attempts} attempts of ${formatDuration(timeoutMs)}, ${formatDuration(intervalMs)} apart, take`;
  const message = `${tries} up to ${formatDuration(longestMs)}, too long for the schedule ${JSON.stringify(schedule)}; allowed: ${formatDuration(Math.floor(0.8 * periodMs))}, 0.8 of its period`;
  return [{ path: key === undefined ? [] : [key], message }];
}

/** A step can't wait longer than the whole target. */
function waits({ raw }: Draft, { timeoutMs }: Timing): readonly Mistake[] {
  return [...textsIn(raw)].flatMap(([path, text]): Mistake[] => {
    if ((path.at(-1) !== 'within' && path.at(-1) !== 'pause') || !path.includes('steps') || ofSent(path)) return [];
    const message = `${JSON.stringify(text)} is above the target's timeout; allowed: at most ${formatDuration(timeoutMs)}`;
    return (parseDuration(text) ?? 0) > timeoutMs ? [{ path, message }] : [];
  });
}

/** @returns the host that a text at this key names. */
function hostNamed(key: string | number | undefined, text: string): string | undefined {
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
    const host = ofSent(path) ? undefined : hostNamed(path.at(-1), text);
    return host === undefined ? [] : hostMistakes(host, path, around);
  });
  if (named.length > 0 || spec === undefined) return named;
  // A kind may find hosts in other places, e.g. among the parameters of a URL.
  const place = 'url' in raw ? ['url'] : [];
  return kind.endpoints(spec).flatMap((end) => ('host' in end ? hostMistakes(canonicalHost(end.host), place, around) : []));
}

/** Templates are well formed and use what is known in their place. */
function templates({ raw, kind, spec }: Draft): readonly Mistake[] {
  return [...textsIn(raw)].flatMap(([path, text]): Mistake[] => {
    if (!text.includes('${')) return [];
    try {
      if (spec === undefined) return variablesIn(text) && [];
      const known = kind.variablesAt?.(spec, path) ?? [];
      const listed = Object.keys(kind.secretVariables?.(spec) ?? {});
      return variablesIn(text).flatMap(({ name, inSecret }) => {
        const fitting = inSecret ? listed : known;
        const message = `holds the unknown variable ${JSON.stringify(name)}${inSecret ? ' in the name of a secret' : ''}; allowed: ${fitting.join(', ') || 'none'}`;
        return fitting.includes(name) ? [] : [{ path, message }];
      });
    } catch (error) {
      if (error instanceof TemplateError) return [{ path, message: error.message }];
      throw error;
    }
  });
}

/** No certificate is asked of what has none. */
function certificates({ data, kind, spec }: Draft): readonly Mistake[] {
  if (spec === undefined || kind.plain?.(spec) !== true) return [];
  return ['expect', 'warn'].flatMap((key): Mistake[] => {
    const conditions = data[key];
    if (typeof conditions !== 'object' || conditions === null || !('minCertificateValidity' in conditions)) return [];
    return [{ path: [key, 'minCertificateValidity'], message: 'needs TLS, which this target does not use; allowed: on a target with TLS' }];
  });
}

/** @returns what is wrong inside a target; paths lead from the file. */
export function targetMistakes(draft: Draft, around: Surroundings): readonly Mistake[] {
  const { timing } = around;
  const found = [
    ...(timing ? [...budget(draft, timing), ...waits(draft, timing)] : []),
    ...hosts(draft, around),
    ...templates(draft),
    ...certificates(draft),
    ...(draft.spec === undefined ? [] : (draft.kind.check?.(draft.spec) ?? [])),
  ];
  return found.map((mistake) => ({ ...mistake, path: [draft.kind.name, draft.name, ...mistake.path] }));
}
