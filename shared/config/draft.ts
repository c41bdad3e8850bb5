/** A target on its way from the file to the configuration, so that all its mistakes are found at once. */
import type * as z from 'zod';
import type { Kind } from '../probe';
import { isMapping, parsePartly, parsing, type Partly } from './partly';
import type { Common, General } from './schema';

/** A target as the file has it, and as far as it could be parsed. */
export interface Draft extends Partly {
  readonly kind: Kind;
  readonly name: string;
  readonly value: unknown;
  /** The value, where it is a mapping; else nothing. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The kind's own fields, as good as `data`; absent where the target is no mapping at all. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** @returns the draft of a target. */
export function draftOf(kind: Kind, name: string, schema: z.ZodObject, value: unknown): Draft {
  if (!isMapping(value)) {
    const issues = schema.safeParse(value, parsing).error?.issues ?? [];
    return { kind, name, value, raw: {}, data: {}, issues };
  }
  const parsed = parsePartly(schema, value);
  const spec = {};
  for (const key of Object.keys(kind.fields)) {
    const property = Object.getOwnPropertyDescriptor(parsed.data, key);
    if (property) Object.defineProperty(spec, key, property);
  }
  return { ...parsed, kind, name, value, raw: value, spec };
}

/** When and how long a target is tried. */
export interface Timing {
  readonly schedule: string;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly intervalMs: number;
}

/** What of the file's first level is good. */
export type FileParts = Partial<General>;

/** @returns how long one attempt of a target may take; what the target says counts before the file's defaults, these before the kind's. */
export function timeoutOf({ data, kind }: Draft, file: FileParts): number {
  return (data as Partial<Common>).timeout ?? file.defaults?.timeout ?? kind.defaults.timeoutMs ?? 10_000;
}

/**
 * @returns the timing of a target. What the target says counts before the file's defaults, these before the kind's. Only the
 * schedule of a kind counts before that of the file: an hourly or quarter-hourly kind would not fit a minute.
 */
export function timingOf(draft: Draft, file: FileParts): Timing {
  const { schedule, confirm } = draft.data as Partial<Common>;
  const { defaults: own } = draft.kind;
  return {
    schedule: (schedule ?? own.schedule ?? file.defaults?.schedule ?? '* * * * *').trim().split(/\s+/).join(' '),
    timeoutMs: timeoutOf(draft, file),
    attempts: confirm?.attempts ?? file.defaults?.confirm?.attempts ?? own.attempts ?? 2,
    intervalMs: confirm?.interval ?? file.defaults?.confirm?.interval ?? 1_000,
  };
}
