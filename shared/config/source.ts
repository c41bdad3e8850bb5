/** Reads the file of a configuration: compiled JSON quickly, YAML with the place of everything in it. */
import { readFileSync } from 'node:fs';
import { describe } from '../fault';
import type * as YamlSource from './yaml-source';
import { configError, type Mistake, type Place } from './problems';

/** What a file holds. */
export interface Source {
  readonly value: unknown;
  /** What is wrong with the text itself; where it is a lack of sense, `value` is undefined. */
  readonly mistakes: readonly Mistake[];
  /** @returns the place of the value at the path, of its key, or of what should hold it. */
  place(path: readonly (string | number)[], at?: 'key'): Place;
}

const start: Place = { line: 1, column: 1 };
const readable = 'a file that this process may read, given by --config or SYNTHETICS_CONFIG';

/** @returns the text of the file; throws a ConfigError where it can't be read. */
function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code, message } = describe(error);
    const known: Record<string, string> = {
      ENOENT: 'does not exist',
      EISDIR: 'is a folder',
      EACCES: 'may not be read by this process',
      ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8',
    };
    const wrong = known[code ?? ''] ?? `can't be read (${message})`;
    throw configError(path, [{ path: [], message: `${wrong}; allowed: ${readable}` }], () => start);
  }
}

/** Loaded only where it is needed: the YAML parser would slow down every cold start. */
function parseYamlText(text: string): Source {
  const { parseYaml } = require('./yaml-source') as typeof YamlSource;
  return parseYaml(text);
}

/** @returns the value of a JSON text that has no key twice, as the compiler writes it; else undefined. */
function quickJson(text: string): unknown {
  if (!text.startsWith('{') || text.includes('"__proto__"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // A key that stands twice is lost by the parser, so that the text does not come back.
    return JSON.stringify(value, null, 2) === text.trimEnd() ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a YAML 1.2 or JSON file. Throws a ConfigError where there is none. */
export function readSource(path: string): Source {
  const text = readText(path);
  const value = quickJson(text);
  if (value === undefined) return parseYamlText(text);
  return { value, mistakes: [], place: (where, at) => parseYamlText(text).place(where, at) };
}
