/** Reads what a caller asks of a kind: its fields, and the headers that say who calls. */
import type { Request } from '@google-cloud/functions-framework';
import * as z from 'zod';
import type { Target } from '../config/config';
import { triggers, type Trigger } from '../result';
import { BadRequest, type Fields, readFields } from './read-fields';

const maxListed = 20;

/** What a caller asks for. */
export interface Asked {
  readonly targets: readonly Target[];
  readonly trigger: Trigger;
  readonly strict: boolean;
  readonly shard: number;
  readonly attempts?: number;
  readonly record: boolean;
  readonly format: 'json' | 'text';
}

const shape = {
  targets: z.array(z.string()).min(1),
  trigger: z.enum(triggers),
  strict: z.boolean(),
  shard: z.int().min(0).max(9999),
  attempts: z.int().min(1).max(100),
  record: z.boolean(),
  format: z.enum(['json', 'text']),
};

const fields: Fields<typeof shape> = {
  shape,
  allowed: {
    targets: 'a list of names of targets, not empty',
    trigger: triggers.join(', '),
    strict: 'true or false',
    shard: 'a whole number from 0 to 9999',
    attempts: 'a whole number from 1 to 100',
    record: 'true or false',
    format: 'json or text',
  },
  truths: ['strict', 'record'],
  numbers: ['shard', 'attempts'],
};

/**
 * @param names those that a caller names; undefined for all.
 * @param targets those that may be chosen.
 * @throws BadRequest
 */
export function select(names: readonly string[] | undefined, targets: readonly Target[]): readonly Target[] {
  if (!names) return targets;
  const unknown = names.find((name) => !targets.some((target) => target.name === name));
  if (unknown === undefined) return targets.filter(({ name }) => names.includes(name));
  const known = targets.map(({ name }) => name);
  const listed = known.slice(0, maxListed).join(', ') || 'none is configured';
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  throw new BadRequest(`unknown target ${JSON.stringify(unknown)}; allowed: ${listed}${more}`);
}

/** @returns who calls: what the headers say counts before what a field says. */
export function triggerOf(request: Request, given: Trigger | undefined): Trigger {
  if (request.headers['synthetic-execution-id'] !== undefined) return 'synthetic';
  if (String(request.headers['x-cloudscheduler'] ?? '').toLowerCase() === 'true') return 'schedule';
  return given ?? 'manual';
}

/**
 * @param targets those of the function; a caller can only choose among them.
 * @throws BadRequest
 */
export async function readRequest(request: Request, targets: readonly Target[]): Promise<Asked> {
  const given = await readFields(request, fields);
  return {
    targets: select(given.targets, targets),
    trigger: triggerOf(request, given.trigger),
    strict: given.strict ?? false,
    shard: given.shard ?? 0,
    attempts: given.attempts,
    record: given.record ?? true,
    format: given.format ?? 'json',
  };
}
