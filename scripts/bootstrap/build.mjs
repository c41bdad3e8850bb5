/** Compiles and bundles when the sources are not those of the last build. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capture, npm, Problem, root, say } from './run.mjs';

const folders = ['bench', 'cli', 'deploy', 'functions', 'local', 'scripts', 'shared', 'test', 'web'];
const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'docs/runbooks.md', 'LICENSE'];
const stamp = join(root, 'build/.sources');

/** @returns one hash over the paths and contents of all sources; what a benchmark found is none. */
export async function hashSources(folder = root) {
  const found = await Promise.all(
    folders.map((name) => readdir(join(folder, name), { recursive: true, withFileTypes: true }).catch(() => [])),
  );
  const paths = found.flatMap((entries) =>
    entries
      .filter((entry) => entry.isFile() && entry.name !== 'results.json')
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  const hash = createHash('sha256');
  for (const path of [...files.map((name) => join(folder, name)), ...paths.toSorted()]) {
    hash.update(`${path.slice(folder.length)}\0`);
    hash.update(await readFile(path));
  }
  return hash.digest('hex');
}

/** Builds where necessary. @returns the compiler's and bundler's output where that failed */
export async function buildProblem() {
  const sources = await hashSources();
  const last = await readFile(stamp, 'utf8').catch(() => '');
  if (last === sources && existsSync(join(root, 'dist/functions'))) return undefined;
  say('Building …');
  const { code, output } = await capture(...npm('run', '--silent', 'build'));
  if (code !== 0) return output;
  await writeFile(stamp, sources);
  return undefined;
}

/** Builds where necessary; a build that fails ends the whole. */
export async function build() {
  const problem = await buildProblem();
  if (problem !== undefined) throw new Problem(`${problem.trimEnd()}\nThe build failed.`, 1);
}
