/** Compiles a configuration to the JSON that is deployed. */
import type { Kind } from '../probe';
import { loadWhole } from './load';

/**
 * @returns JSON with its keys in order and its files inlined; it loads to the same configuration, with the same hash
 * @throws ConfigError
 */
export function compile(path: string, kinds: readonly Kind[]): string {
  return `${JSON.stringify(JSON.parse(loadWhole(path, kinds).compiled), null, 2)}\n`;
}
