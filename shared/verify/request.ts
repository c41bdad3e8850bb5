/** Reads what a caller asks of the function `verify`. */
import type { Request } from '@google-cloud/functions-framework';
import * as z from 'zod';
import type { Target } from '../config/config';
import { durationOrZero } from '../config/fields';
import { readFields, type Fields } from '../serve/read-fields';
import { select } from '../serve/request';
import { baselineSchema } from './changes';
import { formats, type Format } from './report/format';
import type { VerifyRequest } from './verify';

/** What a caller asks for. */
export interface VerificationAsked extends VerifyRequest {
  /** Heads the report. */
  readonly issue?: string;
  readonly format: Format;
}

const pageShape = {
  rounds: z.int().min(1).max(100),
  interval: durationOrZero,
  targets: z.array(z.string()).min(1),
  issue: z.string().min(1).max(200),
};

/** What the status page may ask for. */
const pageFields: Fields<typeof pageShape> = {
  shape: pageShape,
  allowed: {
    rounds: 'a whole number from 1 to 100',
    interval: 'a duration, e.g. 500ms, 10s, 2m',
    targets: 'a list of names of targets, not empty',
    issue: 'a text of 1 to 200 characters',
  },
  truths: [],
  numbers: ['rounds'],
};

const shape = { ...pageShape, format: z.enum(formats), baseline: baselineSchema };

const fields: Fields<typeof shape> = {
  ...pageFields,
  shape,
  allowed: {
    ...pageFields.allowed,
    format: formats.join(', '),
    baseline: 'an earlier answer of verify, in the body',
  },
};

/**
 * @param targets those of the configuration; a caller can only choose among them.
 * @throws BadRequest
 */
export async function readVerifyRequest(request: Request, targets: readonly Target[]): Promise<VerificationAsked> {
  const { rounds, interval, targets: names, issue, format = 'json', baseline } = await readFields(request, fields);
  return { rounds, intervalMs: interval, targets: names && select(names, targets), issue, format, baseline };
}

/**
 * @param targets those of the configuration
 * @returns what a caller asks of the function by way of the status page: the body of the request to it, as JSON.
 * @throws BadRequest
 */
export async function readVerifyRequestOfPage(request: Request, targets: readonly Target[]): Promise<string> {
  const { rounds, interval, targets: names, issue } = await readFields(request, pageFields);
  if (names) select(names, targets);
  return JSON.stringify({ rounds, interval: interval === undefined ? undefined : `${interval}ms`, targets: names, issue });
}
