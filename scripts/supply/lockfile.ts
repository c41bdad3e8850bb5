/** Reads package-lock.json: which packages there are, which of them one needs, and the part of it that a function is installed from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Ranges = Readonly<Record<string, string>>;

/** A package as the lockfile holds it (docs.npmjs.com, package-lock.json, "packages"). */
export interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  /** Subresource Integrity: `sha512-` and base64 (w3.org/TR/SRI). */
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Paths such as `node_modules/a/node_modules/b` to packages; the project itself is the empty path. */
export type LockEntries = Readonly<Record<string, LockEntry>>;

/** @param root the project's folder. */
export function readLockEntries(root: string): LockEntries {
  return (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: LockEntries }).packages;
}

/** @returns the package's name, of its path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** @returns the path at which Node finds a package for one at `from`, going up from there; undefined where there is none. */
export function findFrom(entries: LockEntries, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (entries[path]) return path;
    if (folder === '') return undefined;
  }
}

/** @returns the paths of what a package needs to run, ascending. What is optional may be missing; all else throws. */
export function neededBy(entries: LockEntries, path: string): readonly string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entries[path] ?? {};
  const isOptional = (name: string): boolean => name in optionalDependencies || peerDependenciesMeta[name]?.optional === true;
  const found = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).flatMap((name) => {
    const there = findFrom(entries, path, name);
    if (there === undefined && !isOptional(name)) throw new Error(`package-lock.json lacks ${name}, which ${path} needs`);
    return there === undefined || peerDependenciesMeta[name]?.optional === true ? [] : [there];
  });
  return [...new Set(found)].toSorted();
}

/** @returns the paths of these packages and of all that they need, ascending. */
export function closureOf(entries: LockEntries, paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const needed of neededBy(entries, path)) visit(needed);
  };
  for (const path of paths) visit(path);
  return [...found].toSorted();
}

/**
 * Without a lockfile of its own, Cloud Functions' build makes one of whatever is newest that day (GoogleCloudPlatform/buildpacks,
 * `EnsureLockfile`); with one it runs `npm ci`, which takes these versions and no bytes but those of these hashes.
 * @param manifest the package.json that the lockfile stands beside
 */
export function lockfileFor(
  entries: LockEntries,
  manifest: { readonly name: string; readonly version: string; readonly dependencies: Ranges },
): object {
  const direct = Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`);
  const { name, version } = manifest;
  const packages = Object.fromEntries(closureOf(entries, direct).map((path) => [path, entries[path]]));
  return { name, version, lockfileVersion: 3, requires: true, packages: { '': manifest, ...packages } };
}
