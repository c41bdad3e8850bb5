/** What a function is deployed from: its bundle and its part of the configuration. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FunctionPlan } from '../plan/plan';

const digits = 16;

/** The bundle is not there. */
export class MissingBundle extends Error {
  override readonly name = 'MissingBundle';
}

/** What V8 compiled here: it is never the same twice, and the cloud's own build makes it anew for the Node that it has. */
const isCache = (path: string): boolean => path.endsWith('.cache');

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node_modules') && !isCache(path))
    .toSorted();
}

/** @param root the project's folder. @returns digits that change with the bundle and with the configuration. @throws MissingBundle */
export function sourceDigest({ kind, source, config }: FunctionPlan, root: string): string {
  const folder = join(root, source);
  if (!existsSync(join(folder, 'index.js'))) throw new MissingBundle(`There is no bundle of ${kind} in ${source}: run npm run build.`);
  const hash = createHash('sha256').update(config);
  for (const path of filesOf(folder)) hash.update(`\0${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex').slice(0, digits);
}

/** Puts the source of a function together. @returns its folder */
export function stageSource({ kind, source, config }: FunctionPlan, root: string, into: string): string {
  const folder = join(into, 'sources', kind);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, source), folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') && !isCache(path) });
  writeFileSync(join(folder, 'config.json'), config);
  return folder;
}
