/** Loads a function's code together with what V8 made of it at an earlier time, so that hardly anything is compiled at a cold start. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
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

/**
 * A cache belongs to its code: V8 itself refuses one of another version or other flags, but of the code it compares the length alone, and
 * of the cache nothing (v8.h, `CachedData::rejected`).
 */
const keyOf = (bytes: Buffer): Buffer => {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(zlib.crc32(bytes, zlib.crc32(process.arch)));
  return key;
};

function readCache(path: string, source: Buffer): Buffer | undefined {
  try {
    const stored = readFileSync(path);
    return keyOf(source).equals(stored.subarray(0, 4)) ? zlib.zstdDecompressSync(stored.subarray(4)) : undefined;
  } catch {
    // Without it, or without Zstandard (Node 22.15), the function starts all the same, only slower.
    return undefined;
  }
}

function writeCache(path: string, source: Buffer, data: Buffer): void {
  const checked = { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } };
  // Renamed into place: nobody reads a part of it.
  writeFileSync(`${path}.new`, Buffer.concat([keyOf(source), zlib.zstdCompressSync(data, checked)]));
  renameSync(`${path}.new`, path);
}

function run(folder: string, name: string, requireIt: (module: string) => unknown): Loaded {
  const filename = join(folder, `${name}.js`);
  const cache = join(folder, `${name}.cache`);
  const source = readFileSync(filename);
  const script = new Script(`(function (exports, require, __filename, __dirname) {${source.toString('latin1')}\n})`, {
    filename,
    cachedData: readCache(cache, source),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const exports: Exports = {};
  (script.runInThisContext() as (...context: readonly unknown[]) => void)(exports, requireIt, filename, folder);
  return { exports, keep: () => writeCache(cache, source, script.createCachedData()) };
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
