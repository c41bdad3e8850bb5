/** Installs the programs that no npm package brings, where that can be done unasked, and says how to get them elsewhere. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Problem, quietly } from './run.mjs';

/** A program, the packages that bring it, and the tasks that need it. */
export const systemPrograms = [
  { command: 'redis-server', apt: 'redis-server', brew: 'redis', tasks: ['start', 'test', 'bench'] },
  { command: 'promtool', apt: 'prometheus', brew: 'prometheus', tasks: ['test'] },
  // The stack goes on without it, and says so: nobody who only looks gets a package unasked.
  { command: 'prometheus', apt: 'prometheus', brew: 'prometheus', tasks: ['test'] },
  { command: 'chromium', apt: 'chromium', brew: 'chromium', tasks: ['test'] },
  { command: 'prometheus-blackbox-exporter', apt: 'prometheus-blackbox-exporter', brew: 'blackbox_exporter', tasks: ['bench'] },
  { command: 'shellcheck', apt: 'shellcheck', brew: 'shellcheck', tasks: ['test'] },
];

const usualFolders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const policy = '/usr/sbin/policy-rc.d';

/** @returns those programs of a task that are in none of the folders. */
export function missingPrograms(task, folders = [...(process.env.PATH ?? '').split(delimiter), ...usualFolders]) {
  return systemPrograms.filter(
    ({ command, tasks }) => tasks.includes(task) && !folders.some((folder) => folder !== '' && existsSync(join(folder, command))),
  );
}

/** @returns what to tell somebody whose system we leave alone. */
export function howToInstall(missing, platform = process.platform) {
  const names = (manager) => [...new Set(missing.map((program) => program[manager]))].join(' ');
  const lines = {
    apt: `  Debian, Ubuntu: sudo apt-get install --no-install-recommends ${names('apt')}`,
    brew: `  macOS: brew install ${names('brew')}`,
  };
  const ways = platform === 'darwin' ? [lines.brew] : [lines.apt, lines.brew];
  return [`Missing: ${missing.map(({ command }) => command).join(', ')}`, ...ways].join('\n');
}

/** Makes the programs of a task available. */
export async function installSystemPackages(task) {
  const missing = missingPrograms(task);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Problem(howToInstall(missing));
  const packages = [...new Set(missing.map(({ apt }) => apt))];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await withoutServices(async () => {
    await quietly('Updating the list of system packages', 'apt-get', ['update'], { env });
    await quietly(`Installing ${packages.join(', ')}`, 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  });
  const still = missingPrograms(task);
  if (still.length > 0) throw new Problem(howToInstall(still));
}

/** Debian starts a service when it is installed, unless this program says no (Debian's invoke-rc.d documentation, "policy-rc.d"). */
async function withoutServices(install) {
  if (existsSync(policy)) return install();
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await install();
  } finally {
    await rm(policy, { force: true });
  }
}
