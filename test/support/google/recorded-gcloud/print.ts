/** Prints a command's result as `--format` asks (`gcloud topic formats`), as far as a script reads it. */
import { objectOf } from '../rest';
import { GcloudError } from './session';

/**
 * @param result a resource, a list of them, or a text.
 * @returns what goes to stdout
 */
export function printed(result: unknown, format: string | undefined): string {
  if (result === undefined || format === 'none') return '';
  if (typeof result === 'string' && format === undefined) return `${result}\n`;
  if (format === undefined || format === 'json' || format === 'yaml') return `${JSON.stringify(ordered(result), null, 2)}\n`;
  const [, keys] = /^value\(([\w.,[\]-]+)\)$/.exec(format) ?? [];
  if (keys === undefined) throw new GcloudError(`The recorded gcloud does not know --format=${format}.`, [], 2);
  const rows = Array.isArray(result) ? result : [result];
  return rows
    .map(
      (row: unknown) =>
        `${keys
          .split(',')
          .map((key) => valueOf(row, key))
          .join('\t')}\n`,
    )
    .join('');
}

function valueOf(row: unknown, key: string): string {
  const found = key.split('.').reduce<unknown>((value, name) => objectOf(value)[name], row);
  if (Array.isArray(found)) return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(';');
  return typeof found === 'string' ? found : JSON.stringify(found ?? '').replace(/^""$/, '');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, ordered(one)]));
}
