/** Reads what a caller asks for: the body as JSON whatever its type, the query, and the headers that say who calls. */
import type { Request } from '@google-cloud/functions-framework';
import * as z from 'zod';
import type { Target } from '../config/config';
import { triggers, type Trigger } from '../result';

const maxBodyBytes = 1024 * 1024;
const maxListed = 20;

/** A request that can't be carried out as it stands; the message says what is wrong and what is allowed. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

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

const allowed = {
  targets: 'a list of names of targets, not empty',
  trigger: triggers.join(', '),
  strict: 'true or false',
  shard: 'a whole number from 0 to 9999',
  attempts: 'a whole number from 1 to 100',
  record: 'true or false',
  format: 'json or text',
} as const;
type Field = keyof typeof allowed;

const fields = {
  targets: z.array(z.string()).min(1),
  trigger: z.enum(triggers),
  strict: z.boolean(),
  shard: z.int().min(0).max(9999),
  attempts: z.int().min(1).max(100),
  record: z.boolean(),
  format: z.enum(['json', 'text']),
} satisfies Record<Field, z.ZodType>;

const schema = z.strictObject(fields).partial();
type Given = z.output<typeof schema>;

const tooLarge = (): BadRequest => new BadRequest(`the body is larger than ${maxBodyBytes} bytes`);

/** The framework reads a body only where it can make sense of its content type; what it left is still to be read. */
async function rawBodyOf(request: Request): Promise<Buffer> {
  if (request.rawBody) return request.rawBody;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw tooLarge();
  }
  return Buffer.concat(chunks);
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const raw = await rawBodyOf(request);
  if (raw.length > maxBodyBytes) throw tooLarge();
  const text = raw.toString('utf8').trim();
  if (!text) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BadRequest('the body is not JSON');
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) throw new BadRequest('the body is not a JSON object');
  return parsed as Record<string, unknown>;
}

const booleans: Readonly<Record<string, boolean>> = { '1': true, true: true, '0': false, false: false };

/** Query parameters are texts: what is a number or a truth in the body is read from its text here. */
function queryOf(url: string): Record<string, unknown> {
  // Not by URL: a path such as // would be taken for a host.
  const query = new URLSearchParams(url.split('#', 1)[0]?.split('?').slice(1).join('?'));
  const found: Record<string, unknown> = {};
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    const value = values[0] ?? '';
    if (key === 'target') found['targets'] = values;
    else if (values.length > 1)
      throw new BadRequest(`query parameter ${JSON.stringify(key)} is given ${values.length} times; allowed: once`);
    else if (key === 'strict' || key === 'record') found[key] = Object.hasOwn(booleans, value) ? booleans[value] : value;
    else if (key === 'shard' || key === 'attempts') found[key] = /^\d{1,9}$/.test(value) ? Number(value) : value;
    // As a query parameter, the targets are only called target.
    else if (key === 'targets' || key === '__proto__') throw unknownField(key, 'query parameter');
    else found[key] = value;
  }
  return found;
}

function unknownField(key: string, place: 'field' | 'query parameter'): BadRequest {
  const names = Object.keys(allowed).map((name) => (place === 'query parameter' && name === 'targets' ? 'target' : name));
  return new BadRequest(`unknown ${place} ${JSON.stringify(key)}; allowed: ${names.join(', ')}`);
}

function parse(values: Record<string, unknown>, place: 'field' | 'query parameter'): Given {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(allowed, key));
  if (unknown !== undefined) throw unknownField(unknown, place);
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? '') as Field;
  throw new BadRequest(`${place} ${JSON.stringify(field)} is wrong; allowed: ${allowed[field]}`);
}

function select(names: readonly string[] | undefined, targets: readonly Target[]): readonly Target[] {
  if (!names) return targets;
  const unknown = names.find((name) => !targets.some((target) => target.name === name));
  if (unknown === undefined) return targets.filter(({ name }) => names.includes(name));
  const known = targets.map(({ name }) => name);
  const listed = known.slice(0, maxListed).join(', ') || 'none is configured';
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  throw new BadRequest(`unknown target ${JSON.stringify(unknown)}; allowed: ${listed}${more}`);
}

function triggerOf(request: Request, given: Trigger | undefined): Trigger {
  if (request.headers['synthetic-execution-id'] !== undefined) return 'synthetic';
  if (String(request.headers['x-cloudscheduler'] ?? '').toLowerCase() === 'true') return 'schedule';
  return given ?? 'manual';
}

/**
 * @param targets those of the function; a caller can only choose among them.
 * @throws BadRequest
 */
export async function readRequest(request: Request, targets: readonly Target[]): Promise<Asked> {
  const body = parse(await bodyOf(request), 'field');
  const query = parse(queryOf(request.originalUrl), 'query parameter');
  const given = { ...body, ...query };
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
