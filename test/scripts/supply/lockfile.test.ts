import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closureOf, findFrom, lockfileFor, nameOf, neededBy, readLockEntries, type LockEntries } from '../../../scripts/supply/lockfile';

const root = resolve(__dirname, '../../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const entries = readLockEntries(root);
const packages = Object.entries(entries).filter(([path]) => path.startsWith('node_modules/'));

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}
const manifestOf = (path: string): Manifest => JSON.parse(read(path)) as Manifest;

describe.each(['package.json', 'cli/package.json'])('%s', (path) => {
  const { dependencies, devDependencies } = manifestOf(path);
  const asked = Object.entries({ ...dependencies, ...devDependencies });

  test('asks for exact versions', () => {
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('asks for what package-lock.json holds', () => {
    const entry = entries[path.slice(0, -'/package.json'.length)] ?? entries[''];
    expect({ ...entry?.dependencies, ...entry?.devDependencies }).toEqual({ ...dependencies, ...devDependencies });
    for (const [name, version] of asked) expect([name, entries[`node_modules/${name}`]?.version]).toEqual([name, version]);
  });
});

describe('package-lock.json', () => {
  test('says by hash which bytes are meant, but of binaries for other platforms than those it was made on', () => {
    const without = packages.filter(([, { integrity, link }]) => link !== true && integrity === undefined);
    expect(packages.flatMap(([, { integrity }]) => integrity ?? []).filter((hash) => !/^sha512-[\w+/]{86}==$/.test(hash))).toEqual([]);
    const told = read('docs/dependencies.md');
    for (const [path, { dev, optional, os, cpu }] of without) {
      expect({ path, dev, optional, ofOnePlatform: os !== undefined && cpu !== undefined }).toEqual({
        path,
        dev: true,
        optional: true,
        ofOnePlatform: true,
      });
      expect([path, told.includes(`\`${familyOf(path)}\``)]).toEqual([path, true]);
    }
    expect(told).toContain(`${without.length} entries`);
  });

  test('names no registry: whoever installs asks the one that he trusts', () => {
    expect(packages.flatMap(([path, { resolved }]) => (resolved === undefined || resolved === 'cli' ? [] : [path]))).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved": "[a-z+]+:/);
  });

  test('has no package that runs a script at its installation, but those that package.json decides on', () => {
    const names = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect(names.toSorted()).toEqual(Object.keys(manifestOf('package.json').allowScripts ?? {}).toSorted());
  });
});

/** `@oxlint/binding-*` of `node_modules/@oxlint/binding-darwin-x64`. */
function familyOf(path: string): string {
  return nameOf(path).replace(/(\/(?:[a-z]+-)*?)(?:android|darwin|freebsd|linux|openharmony|win32)-.*/, '$1*');
}

describe('what a package needs', () => {
  const some: LockEntries = {
    '': { dependencies: { a: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '^2.0.0' }, optionalDependencies: { gone: '*' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '*' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '3.0.0', peerDependencies: { b: '*', d: '*' }, peerDependenciesMeta: { d: { optional: true } } },
    'node_modules/d': { version: '4.0.0' },
    'node_modules/e': { version: '5.0.0', dependencies: { missing: '*' } },
  };

  test('is found where Node finds it', () => {
    expect(findFrom(some, 'node_modules/a', 'b')).toBe('node_modules/a/node_modules/b');
    expect(findFrom(some, 'node_modules/a/node_modules/b', 'c')).toBe('node_modules/c');
    expect(findFrom(some, 'node_modules/c', 'b')).toBe('node_modules/b');
    expect(findFrom(some, '', 'missing')).toBeUndefined();
  });

  test('counts peers, and neither what is missing for being optional nor peers that are', () => {
    expect(neededBy(some, 'node_modules/a')).toEqual(['node_modules/a/node_modules/b']);
    expect(neededBy(some, 'node_modules/c')).toEqual(['node_modules/b']);
    expect(closureOf(some, ['node_modules/a'])).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
      'node_modules/c',
    ]);
  });

  test('may not be missing', () => {
    expect(() => neededBy(some, 'node_modules/e')).toThrow('package-lock.json lacks missing, which node_modules/e needs');
  });

  test('makes a lockfile of its own', () => {
    const manifest = { name: 'f', version: '1.0.0', dependencies: { c: '3.0.0' } };
    expect(lockfileFor(some, manifest)).toEqual({
      name: 'f',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: { '': manifest, 'node_modules/b': some['node_modules/b'], 'node_modules/c': some['node_modules/c'] },
    });
  });
});
