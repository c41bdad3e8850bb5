/** Installs the project's packages when they are missing or are not those of package-lock.json. */
import { access, constants, lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capture, npm, Problem, quietly, root } from './run.mjs';

/** The Node that everything but this runs on: a package like the others. */
export const nodeProgram = join(root, 'node_modules/.bin/node');

async function packagesOf(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Lists such as `["linux"]` or `["!win32"]` (docs.npmjs.com, package.json, "os", "cpu" and "libc"). */
function fits(allowed, ours) {
  return (
    allowed === undefined || allowed.includes(ours) || (allowed.every((name) => name.startsWith('!')) && !allowed.includes(`!${ours}`))
  );
}

function fitsPlatform({ os, cpu, libc }) {
  const ourLibc = process.report?.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return fits(os, process.platform) && fits(cpu, process.arch) && (process.platform !== 'linux' || fits(libc, ourLibc));
}

/**
 * npm notes what it has installed in a lockfile inside node_modules, at the very end (docs.npmjs.com, package-lock.json, "hidden
 * lockfiles"), so an interrupted installation is told from a whole one.
 * @returns the first package that is missing or differs, or undefined
 */
export async function mismatch(folder = root) {
  const wanted = await packagesOf(join(folder, 'package-lock.json'));
  const installed = await packagesOf(join(folder, 'node_modules/.package-lock.json'));
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || entry.link) continue;
    const found = installed[path];
    const needed = !entry.optional || fitsPlatform(entry);
    if (found ? found.version !== entry.version || found.integrity !== entry.integrity : needed) return path;
  }
  return undefined;
}

async function isRunnable(program) {
  return access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Makes node_modules what package-lock.json says. */
export async function installDependencies() {
  const ready = async () => (await mismatch()) === undefined && (await isRunnable(nodeProgram));
  if (await ready()) return;
  const folder = join(root, 'node_modules');
  const isLink = await lstat(folder).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink)
    throw new Problem(`node_modules is a link to a folder that is not what package-lock.json says (${await mismatch()}); remove it`);
  await quietly('Installing packages', ...npm('ci', '--include=dev', '--no-audit', '--no-fund'));
  // The package node fetches its program in a script of its own, which npm may have been told not to run.
  if (await isRunnable(nodeProgram)) return;
  await quietly('Installing Node', ...npm('rebuild', 'node'));
  const { code, output } = await capture(nodeProgram, ['--version']);
  if (code !== 0) throw new Problem(`${output}\nthe package node brought no program; are npm's install scripts switched off?`);
}
