/** Puts the texts of files beside the configuration into it, so that what is deployed needs none. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe } from '../fault';
import type { Mistake } from './problems';

type Path = readonly (string | number)[];

const pemKeys = new Set<unknown>(['ca', 'cert', 'key']);
/** Under these keys `{file: …}` is a message, not a reference. */
const sent = new Set<unknown>(['send', 'json', 'body', 'headers']);

/** @returns whether the value stands where a PEM text does, and is a reference to a file. */
function fileAt(value: object, path: Path): string | undefined {
  if (!pemKeys.has(path.at(-1)) || path.at(-2) !== 'tls' || path.slice(2).some((segment) => sent.has(segment))) return undefined;
  const [entry, ...others] = Object.entries(value);
  return entry?.[0] === 'file' && others.length === 0 && typeof entry[1] === 'string' ? entry[1] : undefined;
}

/**
 * Replaces every `{file: …}` of a `tls` block by the file's text.
 * @param configPath the configuration's own path: files are relative to its folder
 * @param sections the names of the sections that hold targets
 */
export function inlineFiles(
  value: object,
  configPath: string,
  sections: ReadonlySet<string>,
): { readonly value: Readonly<Record<string, unknown>>; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const read = (file: string, path: Path): string => {
    try {
      // A file is text and no template.
      return readFileSync(resolve(dirname(configPath), file), 'utf8').replaceAll('${', () => '$${');
    } catch (error) {
      const wrong = describe(error).code === 'ENOENT' ? 'does not exist' : `can't be read (${describe(error).code})`;
      mistakes.push({
        path: [...path, 'file'],
        message: `${JSON.stringify(file)} ${wrong}; allowed: a file, relative to the configuration`,
      });
      return '';
    }
  };
  const walk = (item: unknown, path: Path): unknown => {
    if (Array.isArray(item)) return item.map((inner: unknown, index) => walk(inner, [...path, index]));
    if (typeof item !== 'object' || item === null) return item;
    const file = fileAt(item, path);
    if (file !== undefined) return read(file, path);
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner, [...path, key])]));
  };
  const inlined = Object.entries(value).map(([key, section]: [string, unknown]) => [
    key,
    sections.has(key) ? walk(section, [key]) : section,
  ]);
  return { value: Object.fromEntries(inlined), mistakes };
}
