/** Packs a function's source folder as gcloud does: all of it but what `.gcloudignore` names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packArchive } from '../archive';

/** @returns the archive. `.gcloudignore` is taken as a list of names, wherever they lie. */
export function archiveOf(folder: string): Buffer {
  const ignored = ignoredIn(folder);
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.split('/').some((part) => ignored.includes(part))) files.set(path, readFileSync(join(folder, path)));
  }
  return packArchive(files);
}

function ignoredIn(folder: string): readonly string[] {
  try {
    const lines = readFileSync(join(folder, '.gcloudignore'), 'utf8').split('\n');
    return lines.map((line) => line.trim().replace(/^\/|\/$/g, '')).filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    return ['.gcloudignore', '.git', '.gitignore', 'node_modules'];
  }
}
