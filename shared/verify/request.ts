/** Reads what a caller asks of the function `verify`. */
import type { Request } from '@google-cloud/functions-framework';
import * as z from 'zod';
import type { Target } from '../config/config';
import { durationOrZero } from '../config/fields';
import { readFields, selectTargets, type Fields } from '../serve/fields';
import { baselineSchema } from './changes';
import { formats, type Format } from './report/format';
import type { VerifyRequest } from './verify';

/** What a caller asks for. */
export interface VerificationAsked extends VerifyRequest {
  /** Heads the report. */
  readonly issue?: string;
  readonly format: Format;
}

/** A baseline of ten thousand targets has a few megabytes. */
const maxBytes = 8 * 1024 * 1024;

const fields = {
  rounds: { schema: z.int().min(1).max(100), allowed: 'a whole number from 1 to 100', query: 'number' },
  interval: { schema: durationOrZero, allowed: 'a duration, e.g. 500ms, 10s, 2m', query: 'text' },
  targets: { schema: z.array(z.string()).min(1), allowed: 'a list of names of targets, not empty', query: 'list' },
  issue: { schema: z.string().min(1).max(200), allowed: 'a text of at most 200 characters', query: 'text' },
  format: { schema: z.enum(formats), allowed: formats.join(', '), query: 'text' },
  baseline: { schema: baselineSchema, allowed: 'an earlier answer of verify', query: 'body' },
} satisfies Fields;

/**
 * @param targets those of the configuration; a caller can only choose among them.
 * @throws BadRequest
 */
export async function readVerifyRequest(request: Request, targets: readonly Target[]): Promise<VerificationAsked> {
  const { rounds, interval, targets: names, issue, format = 'json', baseline } = await readFields(request, fields, maxBytes);
  return { rounds, intervalMs: interval, targets: names && selectTargets(names, targets), issue, format, baseline };
}
