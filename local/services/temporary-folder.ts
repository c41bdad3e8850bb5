/** Makes temporary folders that a server can use, whoever runs it. */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user of the system other than ours. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

// A unix socket's path has at most 104 bytes on macOS and 108 on Linux (unix(4), unix(7)); the deepest of ours adds about 45.
const longestParent = 55;

/**
 * Makes a folder, private to us, that lies where `user` can reach it once it is theirs, and where a unix socket fits:
 * the system's usual place may be private to root, or too deep.
 */
export async function temporaryFolder(prefix: string, user?: SystemUser): Promise<string> {
  const usual = tmpdir();
  const fits = usual.length <= longestParent && (await mayEnter(usual, user));
  return mkdtemp(join(fits ? usual : '/tmp', prefix));
}

async function mayEnter(folder: string, user?: SystemUser): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$0"', folder], { ...user, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
