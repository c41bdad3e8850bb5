/** Loads a function's code together with what V8 made of it at an earlier time, so that nothing has to be compiled at a cold start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';
import * as zlib from 'node:zlib';
import { cacheFile, codeFile } from './files';

/** Code that runs. */
export interface Loaded {
  readonly exports: Readonly<Record<string, unknown>>;
  /** @returns what V8 has compiled so far, compressed to two fifths, which costs a start 5 ms. */
  readonly compiled: () => Buffer;
}

function readCache(folder: string): Buffer | undefined {
  try {
    return zlib.zstdDecompressSync(readFileSync(join(folder, cacheFile)));
  } catch {
    // Without it, or without Zstandard (Node 22.15), the function starts all the same, only slower.
    return undefined;
  }
}

/** V8 itself refuses a cache that is not of this very version, these flags and this length of code (v8.h, `CachedData::rejected`). */
export function load(folder: string, requireIt: NodeJS.Require): Loaded {
  const filename = join(folder, codeFile);
  const code = `(function (exports, require, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
  const script = new Script(code, {
    filename,
    cachedData: readCache(folder),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const exported = {};
  (script.runInThisContext() as (...context: readonly unknown[]) => void)(exported, requireIt, filename, folder);
  return { exports: exported, compiled: () => zlib.zstdCompressSync(script.createCachedData()) };
}
