/** Which licences are accepted, and the texts that go along with other people's code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, type LockEntries } from './lockfile';

/** May be passed on inside a bundle that is licensed otherwise, as long as text and notices go along (spdx.org/licenses). */
export const shippable: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Besides those, of what Cloud Functions' build installs and nobody passes on: lists of licence names, which are data. */
export const installable: ReadonlySet<string> = new Set([...shippable, 'CC0-1.0', 'CC-BY-3.0']);

/** @param license an SPDX expression: one licence, or a choice of several (spdx.github.io/spdx-spec, annex D). */
export function isAccepted(license: string | undefined, accepted: ReadonlySet<string>): boolean {
  if (license === undefined) return false;
  const choices = license.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => accepted.has(choice));
}

/** @param paths of packages. @throws for the first whose licence is none of those accepted */
export function checkLicenses(entries: LockEntries, paths: readonly string[], accepted: ReadonlySet<string>): void {
  for (const path of paths) {
    const license = entries[path]?.license;
    if (!isAccepted(license, accepted))
      throw new Error(`${nameOf(path)} is licensed ${license ?? 'nobody knows how'}: accepted are ${[...accepted].join(', ')}`);
  }
}

const isText = (file: string): boolean => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file) && !/\.(c?js|json|ts)$/i.test(file);
const textOf = (file: string): string => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();

/** @returns every licence and notice that a package brings. */
function textsOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter(isText)
    .toSorted()
    .map((file) => textOf(join(folder, file)));
}

/** Of packages that bring no text: its licence's own words, by what their package.json says of their authors. */
function standInFor(root: string, path: string, license: string | undefined): string {
  const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { author?: string | { name?: string } };
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  const file = join(root, 'scripts/supply/texts', `${license}.txt`);
  if (license === 'Apache-2.0') return textOf(join(root, 'LICENSE'));
  if (!existsSync(file)) throw new Error(`${nameOf(path)} brings no text of its licence, ${license}`);
  return textOf(file).replace('<author>', author ?? `the authors of ${nameOf(path)}`);
}

/** @param paths of the packages in a bundle. @returns their names with the texts that their licences ask for, equal texts once. */
export function noticesOf(root: string, entries: LockEntries, paths: readonly string[]): string {
  const owners = new Map<string, string[]>();
  for (const path of paths) {
    const { version, license } = entries[path] ?? {};
    const found = textsOf(join(root, path));
    for (const text of found.length > 0 ? found : [standInFor(root, path, license)])
      owners.set(text, [...(owners.get(text) ?? []), `${nameOf(path)} ${version} (${license})`]);
  }
  const parts = [...owners].map(([text, names]) => `${'='.repeat(80)}\n${[...new Set(names)].join('\n')}\n${'-'.repeat(80)}\n\n${text}\n`);
  return `This function holds code of the packages below, by their licences.\n\n${parts.join('\n')}`;
}
