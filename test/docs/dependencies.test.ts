import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installable, shippable } from '../../scripts/supply/licenses';
import { closureOf, nameOf, readLockEntries } from '../../scripts/supply/lockfile';

const root = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/dependencies.md');
const entries = readLockEntries(root);

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

interface Library {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly properties?: readonly { readonly value: string }[];
}
const { components } = JSON.parse(read('dist/sbom.cdx.json')) as { readonly components: readonly Library[] };
const libraries = components.filter(({ type }) => type === 'library');
const functions = components.filter(({ type }) => type === 'application').map(({ name }) => name.replace('vpc-synthetics-', ''));
const usesOf = ({ properties = [] }: Library): readonly string[] => properties.map(({ value }) => value);
const bundlesOf = (library: Library): readonly string[] => usesOf(library).filter((use) => !use.endsWith(', installed'));
const isInstalled = (library: Library): boolean => usesOf(library).some((use) => use.endsWith(', installed'));

/** @returns the cells of the table below a heading, without its head. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** @returns where the page has to say that a package is; undefined where the bundles don't tell. */
function placeOf(name: string): string | undefined {
  const found = libraries.filter((library) => [library.group, library.name].filter(Boolean).join('/') === name);
  const bundles = functions.filter((one) => found.some((library) => bundlesOf(library).includes(one))).toSorted();
  if (bundles.length === functions.length) return 'bundle';
  if (bundles.length > 0) return `bundle: ${bundles.join(', ')}`;
  return found.some(isInstalled) ? 'installed' : undefined;
}

describe.each([
  ['What runs', manifest.dependencies],
  ['What builds and tests', manifest.devDependencies],
] as const)('%s', (heading, asked) => {
  const rows = rowsBelow(heading);

  test('has a row for each direct dependency, and no other', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(asked).map((name) => `\`${name}\``));
  });

  test.each(Object.keys(asked))('%s: licence, what it brings, where it is, and why', (name) => {
    const [, license, brings, where = '', why = ''] = rows.find(([first]) => first === `\`${name}\``) ?? [];
    const path = `node_modules/${name}`;
    expect([license, brings]).toEqual([entries[path]?.license, String(closureOf(entries, [path]).length - 1)]);
    const place = placeOf(name);
    expect(place === undefined ? ['local', 'tests'] : [place]).toContain(where);
    expect(why).not.toBe('');
  });
});

test('the counts are those of the lockfile and of the bundles', () => {
  const locked = Object.entries(entries).filter(([path, { link }]) => path.startsWith('node_modules/') && link !== true);
  const direct = Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`);
  const bundled = libraries.filter((library) => bundlesOf(library).length > 0);
  const sizes = functions.map((one) => libraries.filter((library) => usesOf(library).includes(one)).length);
  const told = page.replaceAll(/\s+/g, ' ');
  expect(told).toContain(`${locked.length} packages are locked: ${closureOf(entries, direct).length} for what runs`);
  expect(told).toContain(`The code of ${bundled.length} is in the bundles, ${Math.min(...sizes)} to ${Math.max(...sizes)} a function`);
  expect(told).toContain(`build installs ${libraries.filter(isInstalled).length} beside a bundle`);
  expect(told).toContain(`; ${bundled.filter(isInstalled).length} packages are in both`);
});

test('the licences that are accepted are those of the build', () => {
  const [, inBundles = '', beside = ''] = /In a bundle only (.*?): the build[\s\S]*?also (.*?) \(/.exec(page.replaceAll('\n  ', ' ')) ?? [];
  const names = (list: string): readonly string[] => list.split(/, | and /).toSorted();
  expect(names(inBundles)).toEqual([...shippable].toSorted());
  expect(names(beside)).toEqual([...installable].filter((license) => !shippable.has(license)).toSorted());
});

test('every package with a licence that no bundle may have is named', () => {
  const others = Object.entries(entries).flatMap(([path, { license }]) =>
    license === undefined || shippable.has(license) || license === '(MIT OR CC0-1.0)' ? [] : [nameOf(path)],
  );
  expect([...new Set(others)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('every script at installation that package.json decides on is explained, and what is decided is told', () => {
  const told = rowsBelow('Scripts at installation').map(([name, runs, what]) => [name, runs, what !== '']);
  const decided = Object.entries(manifest.allowScripts).map(([name, runs]) => [`\`${name}\``, runs ? 'yes' : 'no', true]);
  const byName = (rows: readonly (readonly unknown[])[]): readonly unknown[] =>
    rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  expect(byName(told)).toEqual(byName(decided));
  expect(read('.npmrc')).toBe('strict-allow-scripts=true\n');
});
