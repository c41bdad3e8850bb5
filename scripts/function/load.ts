/** Loads a function's code together with what V8 made of it at an earlier time, so that hardly anything is compiled at a cold start. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';
import * as zlib from 'node:zlib';
import { clientModules, clients, code } from './files';

type Exports = Record<string, unknown>;

/** A function's code that runs. */
export interface Loaded {
  readonly exports: Readonly<Exports>;
  /** Keeps what V8 has compiled so far, compressed to two fifths, which costs a start 5 ms. */
  readonly keep: () => void;
}

function readCache(path: string): Buffer | undefined {
  try {
    return zlib.zstdDecompressSync(readFileSync(path));
  } catch {
    // Without it, or without Zstandard (Node 22.15), the function starts all the same, only slower.
    return undefined;
  }
}

/** V8 itself refuses a cache that is not of this very version, these flags and this length of code (v8.h, `CachedData::rejected`). */
function run(folder: string, name: string, requireIt: (module: string) => unknown): Loaded {
  const filename = join(folder, `${name}.js`);
  const cache = join(folder, `${name}.cache`);
  const script = new Script(`(function (exports, require, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`, {
    filename,
    cachedData: readCache(cache),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const exports: Exports = {};
  (script.runInThisContext() as (...context: readonly unknown[]) => void)(exports, requireIt, filename, folder);
  return { exports, keep: () => writeFileSync(cache, zlib.zstdCompressSync(script.createCachedData())) };
}

/** Google's libraries are read when the first of them is required. */
export function load(folder: string, requireIt: NodeJS.Require): Loaded {
  let google: Loaded | undefined;
  const names: ReadonlySet<string> = new Set(clientModules);
  const own = run(folder, code, (module) => {
    if (!names.has(module)) return requireIt(module) as unknown;
    google ??= run(folder, clients, requireIt);
    return (google.exports[module] as () => unknown)();
  });
  return {
    exports: own.exports,
    keep() {
      own.keep();
      google?.keep();
    },
  };
}
