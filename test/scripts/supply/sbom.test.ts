import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { kinds } from '../../../functions/kinds';
import { services } from '../../../functions/services';
import { isAccepted, installable, shippable } from '../../../scripts/supply/licenses';
import { closureOf, findFrom, readLockEntries } from '../../../scripts/supply/lockfile';
import { purlOf, sbomOf } from '../../../scripts/supply/sbom';
import { cycloneDx } from './cyclone-dx';

const root = resolve(__dirname, '../../../..');
const dist = join(root, 'dist');
const text = readFileSync(join(dist, 'sbom.cdx.json'), 'utf8');
const bom = cycloneDx.parse(JSON.parse(text));
const entries = readLockEntries(root);
const names = [...kinds, ...services].map(({ name }) => name);
const libraries = bom.components.filter(({ type }) => type === 'library');
const usesOf = ({ properties = [] }: (typeof libraries)[number]): readonly string[] => properties.map(({ value }) => value);
const isBundled = (library: (typeof libraries)[number]): boolean => usesOf(library).some((use) => !use.endsWith(', installed'));
const licenseOf = ({ licenses: [first] }: (typeof libraries)[number]): string =>
  first && 'license' in first ? first.license.id : (first?.expression ?? '');

test('the bill of materials keeps to CycloneDX 1.6', () => {
  expect(cycloneDx.safeParse(JSON.parse(text)).error).toBeUndefined();
});

test('each part has a reference of its own, and every reference leads to a part', () => {
  const refs = [bom.metadata.component, ...bom.components, ...bom.components.flatMap(({ components = [] }) => components)].map(
    (part) => part['bom-ref'],
  );
  expect(new Set(refs).size).toBe(refs.length);
  const known = new Set(refs);
  expect(bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref))).toEqual([]);
  const listed = bom.dependencies.map(({ ref }) => ref);
  expect(new Set(listed).size).toBe(listed.length);
  expect([bom.metadata.component, ...bom.components].map((part) => part['bom-ref']).filter((ref) => !listed.includes(ref))).toEqual([]);
});

test('it lists every function, with the hash of each file that is deployed', () => {
  const functions = bom.components.filter(({ type }) => type === 'application');
  expect(functions.map(({ name }) => name)).toEqual(names.map((name) => `vpc-synthetics-${name}`));
  for (const [index, { components = [] }] of functions.entries()) {
    const folder = join(dist, 'functions', names[index] ?? '');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.name.endsWith('.cache'),
    );
    expect(components).toHaveLength(files.length);
    for (const { name, hashes } of components) {
      const content = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      expect([name, hashes]).toEqual([name, [{ alg: 'SHA-256', content }]]);
    }
  }
});

test('each library is as the lockfile has it, down to the hash', () => {
  const locked = new Map(
    Object.entries(entries).map(([path, { version = '', integrity = '' }]) => [
      purlOf(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version),
      Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'),
    ]),
  );
  expect(libraries.length).toBeGreaterThan(0);
  for (const { purl = '', hashes } of libraries) expect([purl, hashes]).toEqual([purl, [{ alg: 'SHA-512', content: locked.get(purl) }]]);
});

test('only permissive licences are in the bundles, and only those and lists of names are installed beside them', () => {
  const refused = (of: typeof libraries, accepted: ReadonlySet<string>): readonly string[] =>
    of.filter((library) => !isAccepted(licenseOf(library), accepted)).map(({ purl = '' }) => purl);
  expect(refused(libraries.filter(isBundled), shippable)).toEqual([]);
  expect(refused(libraries, installable)).toEqual([]);
});

describe.each(names)('the folder of %s', (name) => {
  const folder = join(dist, 'functions', name);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

  test('holds the notice of every package whose code it has, and no other', () => {
    const bundled = libraries.filter((library) => usesOf(library).includes(name));
    const notices = [...read('THIRD_PARTY_LICENSES').matchAll(/^(@?[\w./-]+) (\d\S+) \((?:[\w.-]+)\)$/gm)].map(
      ([, of = '', version = '']) => purlOf(of, version),
    );
    expect([...new Set(notices)].toSorted()).toEqual(bundled.map(({ purl = '' }) => purl).toSorted());
  });

  test('pins all that is installed beside it, by hash, and nothing of that runs a script', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: typeof entries };
    const { '': own, ...others } = packages;
    expect(own?.dependencies).toEqual((JSON.parse(read('package.json')) as { dependencies: object }).dependencies);
    const direct = Object.keys(own?.dependencies ?? {}).map((needed) => findFrom(packages, '', needed) ?? needed);
    expect(closureOf(packages, direct)).toEqual(Object.keys(others));
    for (const [path, { integrity, hasInstallScript, resolved }] of Object.entries(others))
      expect({ path, integrity, hasInstallScript, resolved }).toEqual({
        path,
        integrity: expect.stringMatching(/^sha512-/),
        hasInstallScript: undefined,
        resolved: undefined,
      });
  });
});

describe('a bill of materials', () => {
  const project = { name: 'p', version: '1.0.0', license: 'MIT' };
  const some = {
    'node_modules/@s/a': { version: '1.0.0', license: '(MIT OR CC0-1.0)', integrity: 'sha512-AAAA', dependencies: { b: '1' } },
    'node_modules/b': { version: '2.0.0', license: 'ISC', integrity: 'sha512-BBBB' },
    'node_modules/c': { version: '3.0.0', license: 'MIT', integrity: 'sha512-CCCC', dependencies: { b: '2' } },
    'node_modules/c/node_modules/b': { version: '2.0.0', license: 'ISC', integrity: 'sha512-BBBB' },
    'node_modules/unused': { version: '9.0.0' },
  };
  const folder = join(dist, 'functions/tcp');
  const make = (bundled: readonly string[]): object => sbomOf(project, some, [{ name: 'f', folder, bundled, installed: ['c'] }]);
  const shape = z.object({
    serialNumber: z.string(),
    components: z.array(z.looseObject({ purl: z.string().optional() })),
    dependencies: z.array(z.unknown()),
  });

  test('counts one version in two places once, tells where it is, and who needs it', () => {
    const made = shape.parse(make(['node_modules/@s/a', 'node_modules/b']));
    expect(made.components.slice(1).map(({ purl }) => purl)).toEqual(['pkg:npm/%40s/a@1.0.0', 'pkg:npm/b@2.0.0', 'pkg:npm/c@3.0.0']);
    expect(made.components[1]).toMatchObject({ group: '@s', name: 'a', licenses: [{ expression: 'MIT OR CC0-1.0' }] });
    expect(made.components[2]).toMatchObject({ properties: [{ value: 'f' }, { value: 'f, installed' }] });
    expect(made.dependencies).toEqual([
      { ref: 'pkg:npm/p@1.0.0', dependsOn: ['function/f'] },
      { ref: 'function/f', dependsOn: ['pkg:npm/%40s/a@1.0.0', 'pkg:npm/b@2.0.0', 'pkg:npm/c@3.0.0'] },
      { ref: 'pkg:npm/%40s/a@1.0.0', dependsOn: ['pkg:npm/b@2.0.0'] },
      { ref: 'pkg:npm/b@2.0.0', dependsOn: [] },
      { ref: 'pkg:npm/c@3.0.0', dependsOn: ['pkg:npm/b@2.0.0'] },
    ]);
  });

  test('has the same number for the same things, and another for others', () => {
    expect(existsSync(folder)).toBe(true);
    const number = (bundled: readonly string[]): string => shape.parse(make(bundled)).serialNumber;
    expect(number(['node_modules/b'])).toBe(number(['node_modules/b']));
    expect(number(['node_modules/b'])).not.toBe(number(['node_modules/@s/a']));
  });
});
