/** Reads the fields of a request, strictly: from the body as JSON whatever its type, and from the query. */
import type { Request } from '@google-cloud/functions-framework';
import * as z from 'zod';

const maxBodyBytes = 1024 * 1024;

/** A request that can't be carried out as it stands; the message says what is wrong and what is allowed. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** What each field of a request may be. */
export interface Fields<Shape extends z.ZodRawShape> {
  readonly shape: Shape;
  /** In words, for the messages. */
  readonly allowed: Readonly<Record<keyof Shape & string, string>>;
  /** Fields of the query that stand for a truth, or for a number. */
  readonly truths: readonly string[];
  readonly numbers: readonly string[];
}

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

type AnyFields = Omit<Fields<z.ZodRawShape>, 'shape'>;

/** Query parameters are texts: what is a number or a truth in the body is read from its text here. */
function queryOf(url: string, fields: AnyFields): Record<string, unknown> {
  // Not by URL: a path such as // would be taken for a host.
  const query = new URLSearchParams(url.split('#', 1)[0]?.split('?').slice(1).join('?'));
  const found: Record<string, unknown> = {};
  const hasTargets = Object.hasOwn(fields.allowed, 'targets');
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    const value = values[0] ?? '';
    if (key === 'target' && hasTargets) found['targets'] = values;
    else if (values.length > 1)
      throw new BadRequest(`query parameter ${JSON.stringify(key)} is given ${values.length} times; allowed: once`);
    else if (fields.truths.includes(key)) found[key] = Object.hasOwn(booleans, value) ? booleans[value] : value;
    else if (fields.numbers.includes(key)) found[key] = /^\d{1,9}$/.test(value) ? Number(value) : value;
    // As a query parameter, the targets are only called target.
    else if (key === 'targets' || key === '__proto__') throw unknownField(key, 'query parameter', fields);
    else found[key] = value;
  }
  return found;
}

type Where = 'field' | 'query parameter';

const nameIn = (place: Where, field: string): string => (place === 'query parameter' && field === 'targets' ? 'target' : field);

function unknownField(key: string, place: Where, { allowed }: AnyFields): BadRequest {
  const names = Object.keys(allowed).map((name) => nameIn(place, name));
  return new BadRequest(`unknown ${place} ${JSON.stringify(key)}; allowed: ${names.join(', ') || 'none'}`);
}

function parse(
  values: Record<string, unknown>,
  place: 'field' | 'query parameter',
  fields: Fields<z.ZodRawShape>,
): Record<string, unknown> {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(fields.allowed, key));
  if (unknown !== undefined) throw unknownField(unknown, place, fields);
  const parsed = z.strictObject(fields.shape).partial().safeParse(values, { jitless: true });
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? '');
  throw new BadRequest(`${place} ${JSON.stringify(nameIn(place, field))} is wrong; allowed: ${fields.allowed[field] ?? ''}`);
}

/**
 * @param from where fields may stand; what stands in both counts as the query has it.
 * @returns the fields that are given.
 * @throws BadRequest
 */
export async function readFields<Shape extends z.ZodRawShape>(
  request: Request,
  fields: Fields<Shape>,
  from: 'both' | 'query' = 'both',
): Promise<Partial<z.output<z.ZodObject<Shape>>>> {
  const body = from === 'both' ? parse(await bodyOf(request), 'field', fields) : {};
  const query = parse(queryOf(request.originalUrl, fields), 'query parameter', fields);
  return { ...body, ...query } as Partial<z.output<z.ZodObject<Shape>>>;
}
