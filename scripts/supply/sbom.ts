/** Writes down what the built functions are made of: a bill of materials in CycloneDX 1.6 (cyclonedx.org/docs/1.6/json). */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { closureOf, nameOf, neededBy, type LockEntries, type LockEntry } from './lockfile';

/** A function's folder as it was built. */
export interface BuiltFunction {
  readonly name: string;
  readonly folder: string;
  /** Paths, as in the lockfile, of the packages whose code is in the folder. */
  readonly bundled: readonly string[];
  /** Names of what Cloud Functions' build installs beside it. */
  readonly installed: readonly string[];
}

interface Project {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** @returns a package's address (github.com/package-url/purl-spec, type npm). */
export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

const licensesOf = (license: string): readonly object[] =>
  license.includes(' ') ? [{ expression: license.replace(/^\((.*)\)$/, '$1') }] : [{ license: { id: license } }];

/** What V8 compiled is made anew by each build, in the cloud, too, and never deployed from here. */
const isMadeAnew = (file: string): boolean => file.endsWith('.cache');

function filesOf({ name, folder }: BuiltFunction): readonly object[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !isMadeAnew(file))
    .toSorted()
    .map((file) => ({
      type: 'file',
      'bom-ref': `function/${name}/${file}`,
      name: file,
      hashes: [
        {
          alg: 'SHA-256',
          content: createHash('sha256')
            .update(readFileSync(join(folder, file)))
            .digest('hex'),
        },
      ],
    }));
}

function libraryOf(path: string, { version = '', license = '', integrity = '' }: LockEntry, uses: readonly string[]): object {
  const [scope, name] = nameOf(path).startsWith('@') ? nameOf(path).split('/') : [undefined, nameOf(path)];
  return {
    type: 'library',
    'bom-ref': purlOf(nameOf(path), version),
    ...(scope === undefined ? {} : { group: scope }),
    name,
    version,
    scope: 'required',
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex') }],
    licenses: licensesOf(license),
    purl: purlOf(nameOf(path), version),
    properties: uses.map((value) => ({ name: 'vpc-synthetics:in', value })),
  };
}

/** @returns a UUID (RFC 9562, version 8) of a text: the same things have the same number. */
function serialOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * No time stands in it, and its number follows from what it says: the same sources give the same bytes.
 * @returns the document. Each function is a component with the hashes of its files, and depends on what is bundled into it
 *   (`vpc-synthetics:in` `<function>`) and what the cloud's build installs beside it (`<function>, installed`).
 */
export function sbomOf(project: Project, entries: LockEntries, functions: readonly BuiltFunction[]): object {
  const uses = new Map<string, Set<string>>();
  const note = (paths: readonly string[], use: string): void => {
    for (const path of paths) uses.set(path, (uses.get(path) ?? new Set()).add(use));
  };
  const roots = ({ installed }: BuiltFunction): readonly string[] => installed.map((name) => `node_modules/${name}`);
  for (const built of functions) {
    note(built.bundled, built.name);
    note(closureOf(entries, roots(built)), `${built.name}, installed`);
  }
  const refOf = (path: string): string => purlOf(nameOf(path), entries[path]?.version ?? '');
  const refsOf = (paths: readonly string[]): readonly string[] =>
    [...new Set(paths.filter((path) => uses.has(path)).map(refOf))].toSorted();

  // One version that lies in several places is one component.
  const places = Map.groupBy([...uses.keys()].toSorted(), refOf);
  const libraries = [...places].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const whole = purlOf(project.name, project.version);
  const license = licensesOf(project.license);
  const content = {
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: { type: 'application', 'bom-ref': whole, name: project.name, version: project.version, licenses: license },
    },
    components: [
      ...functions.map((built) => ({
        type: 'application',
        'bom-ref': `function/${built.name}`,
        name: `${project.name}-${built.name}`,
        version: project.version,
        licenses: license,
        components: filesOf(built),
      })),
      ...libraries.map(([, [first = '', ...others]]) => {
        const all = [first, ...others].flatMap((path) => [...(uses.get(path) ?? [])]);
        return libraryOf(first, entries[first] ?? {}, [...new Set(all)].toSorted());
      }),
    ],
    dependencies: [
      { ref: whole, dependsOn: functions.map(({ name }) => `function/${name}`) },
      ...functions.map((built) => ({ ref: `function/${built.name}`, dependsOn: refsOf([...built.bundled, ...roots(built)]) })),
      ...libraries.map(([ref, paths]) => ({ ref, dependsOn: refsOf(paths.flatMap((path) => neededBy(entries, path))) })),
    ],
  };
  const head = { $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6' };
  return { ...head, serialNumber: serialOf(JSON.stringify(content)), version: 1, ...content };
}
