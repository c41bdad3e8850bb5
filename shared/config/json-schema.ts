/** The JSON Schema of the configuration, for editors. */
import * as z from 'zod';
import type { Kind } from '../probe';
import { fileSchema } from './schema';

/** @returns a JSON Schema (draft 2020-12) of what may stand in the file. */
export function jsonSchema(kinds: readonly Kind[]): Readonly<Record<string, unknown>> {
  return { title: 'synthetics.yaml', ...z.toJSONSchema(fileSchema(kinds), { io: 'input' }) };
}
