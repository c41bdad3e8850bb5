/** A target on its way from the file to the configuration, so that all its mistakes are found at once. */
import type * as z from 'zod';
import type { Kind } from '../probe';
import type { Common, General } from './schema';
import { messageFor } from './messages';

/** An object that was parsed as far as it goes. */
export interface Partly {
  readonly data: Readonly<Record<string, unknown>>;
  /** Keys whose value is wrong or missing. */
  readonly failed: ReadonlySet<string>;
  readonly issues: readonly z.core.$ZodIssue[];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses an object; where something is wrong, the other keys are parsed all the same. */
export function parsePartly(schema: z.ZodObject, raw: unknown): Partly {
  const whole = schema.safeParse(raw, { error: messageFor });
  if (whole.success) return { data: whole.data, failed: new Set(), issues: [] };
  const { issues } = whole.error;
  const keys = Object.keys(schema.shape);
  if (!isMapping(raw)) return { data: {}, failed: new Set(keys), issues };
  const failed = new Set(issues.flatMap(({ path }) => (path.length > 0 ? [String(path[0])] : [])));
  const good = keys.flatMap((key) => {
    const parsed = failed.has(key) ? undefined : (schema.shape[key] as z.ZodType).safeParse(raw[key]);
    return parsed?.success && parsed.data !== undefined ? [[key, parsed.data] as const] : [];
  });
  return { data: Object.fromEntries(good), failed, issues };
}

/** A target as the file has it, and as far as it could be parsed. */
export interface Draft extends Partly {
  readonly kind: Kind;
  readonly name: string;
  readonly value: unknown;
  /** The value, where it is a mapping; else nothing. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The kind's own fields, where all of them are good; contradictions can be told only then. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** @returns the draft of a target. */
export function draftOf(kind: Kind, name: string, schema: z.ZodObject, value: unknown): Draft {
  const parsed = parsePartly(schema, value);
  const keys = Object.keys(kind.fields);
  const whole = isMapping(value) && !keys.some((key) => parsed.failed.has(key));
  const spec = whole
    ? Object.fromEntries(keys.flatMap((key) => (key in parsed.data ? [[key, parsed.data[key]] as const] : [])))
    : undefined;
  return { ...parsed, kind, name, value, raw: isMapping(value) ? value : {}, spec };
}

/** When and how long a target is tried. */
export interface Timing {
  readonly schedule: string;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly intervalMs: number;
}

type Defaults = NonNullable<General['defaults']>;

/**
 * @returns the timing of a target; undefined where a part of it is wrong. What the target says counts before the file's defaults, these
 * before the kind's. Only the schedule of a kind counts before that of the file: an hourly or quarter-hourly kind would not fit a minute.
 */
export function timingOf(draft: Draft, defaults: Defaults | undefined): Timing | undefined {
  if (['schedule', 'timeout', 'confirm'].some((key) => draft.failed.has(key))) return undefined;
  const { schedule, timeout, confirm } = draft.data as Partial<Common>;
  const { defaults: own } = draft.kind;
  return {
    schedule: (schedule ?? own.schedule ?? defaults?.schedule ?? '* * * * *').trim().split(/\s+/).join(' '),
    timeoutMs: timeout ?? defaults?.timeout ?? own.timeoutMs ?? 10_000,
    attempts: confirm?.attempts ?? defaults?.confirm?.attempts ?? own.attempts ?? 2,
    intervalMs: confirm?.interval ?? defaults?.confirm?.interval ?? 1_000,
  };
}
