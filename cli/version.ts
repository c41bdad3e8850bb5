/** The product's version, from its package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns e.g. `1.0.0`. */
export function version(): string {
  // From build/cli to the project's own folder.
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
