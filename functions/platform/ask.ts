/** Asks one of Google's REST APIs for a resource, and reads what it answers. */
import * as z from 'zod';
import type { RestApi } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';
import type { ProbeContext } from '../../shared/probe';

/** What is asked for. */
export interface Question<Answer> {
  readonly api: RestApi;
  /** The version in front of the name, e.g. `v1`. */
  readonly version: string;
  /** For people, e.g. `VPC connector`. */
  readonly what: string;
  /** Without a leading slash. */
  readonly name: string;
  readonly answer: z.ZodType<Answer>;
  /** Makes it a POST; `method` is what stands behind the name then, e.g. `/getHealth`. */
  readonly post?: { readonly method: string; readonly body: object };
}

/** A duration in Google's JSON, e.g. `600s` or `1.5s` (protobuf, "JSON mapping"); milliseconds once parsed. */
export const googleDuration = z
  .string()
  .regex(/^\d+(\.\d+)?s$/)
  .transform((text) => Number(text.slice(0, -1)) * 1000);

/** A time in RFC 3339; milliseconds since 1970 once parsed. */
export const googleTime = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite);

/**
 * @returns the answer, of which only what its schema names is read.
 * @throws Fault `resource_missing`, `api_denied`, `config_invalid` or `api_unavailable`, which also stands for an answer that can't be read.
 */
export async function ask<Answer>(question: Question<Answer>, { cloud, signal }: Pick<ProbeContext, 'cloud' | 'signal'>): Promise<Answer> {
  const { api, what, name, post } = question;
  const path = `/${question.version}/${name}`;
  try {
    const rest = cloud.rest();
    const answer = post ? await rest.post(api, `${path}${post.method}`, post.body, signal) : await rest.get(api, path, signal);
    return read(question, answer);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { reason, code, hint, message } = error;
    const said = reason === 'resource_missing' ? `there is no ${what} ${name}` : `${what} ${name}: ${message}`;
    throw new Fault(reason, said, { code, hint, cause: error });
  }
}

function read<Answer>({ api, answer }: Question<Answer>, raw: unknown): Answer {
  const { data, error } = answer.safeParse(raw);
  if (!error) return data;
  const { path = [], message = '' } = error.issues[0] ?? {};
  throw new Fault('api_unavailable', `${api}: the answer can't be read: ${path.join('.')}: ${message}`);
}

/** @returns the answer, or the fault in its place; any other error is none of the API's. */
export async function told<T>(answer: Promise<T>): Promise<T | Fault> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
