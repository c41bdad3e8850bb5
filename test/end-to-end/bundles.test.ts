import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { temporaryFolder } from '../../local/services/temporary-folder';

const folderOf = (kind: string): string => resolve(__dirname, '../../../dist/functions', kind);
const megabytes4 = 4_000_000;

/** Asks V8 whether it refuses the cache. */
function isRefused(folder: string, name: string): string {
  const script = `const { readFileSync } = require('node:fs');
    const code = '(function (exports, require, __filename, __dirname) {' + readFileSync('${name}.js', 'latin1') + '\\n})';
    const { cachedDataRejected } = new (require('node:vm').Script)(code, { cachedData: require('node:zlib').zstdDecompressSync(readFileSync('${name}.cache').subarray(4)) });
    process.stdout.write(String(cachedDataRejected));`;
  // As a function is deployed: sizes of the heap are no reason to refuse.
  return execFileSync(process.execPath, ['--max-old-space-size=128', '--max-semi-space-size=8', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
}

/** A text that stands in the code of a driver alone. */
const drivers: Readonly<Record<string, string>> = {
  postgres: 'SCRAM-SERVER-FIRST-MESSAGE',
  redis: 'MaxRetriesPerRequestError',
  websocket: 'Sec-WebSocket-Version',
  http: 'HTTP_1_1_REQUIRED',
};

/** A journey goes over what others speak. */
const more: Readonly<Record<string, readonly string[]>> = { journey: ['websocket', 'http'] };

describe.each([...kinds, ...services].map(({ name }) => name))('the bundle of %s', (kind) => {
  const folder = folderOf(kind);

  test('is a complete source folder', () => {
    const code = ['clients.cache', 'clients.js', 'function.cache', 'function.js'];
    const notices = ['LICENSE', 'THIRD_PARTY_LICENSES'];
    const files = ['.gcloudignore', ...notices, ...code, 'index.js', 'package-lock.json', 'package.json', 'rehearse.js'];
    expect(readdirSync(folder).toSorted()).toEqual(kind === 'status' ? [...files, 'page'].toSorted() : files);
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      main: 'index.js',
      dependencies: { '@google-cloud/functions-framework': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
  });

  test('is below 4 MB, with what V8 compiled', () => {
    const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(folder, path)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(megabytes4);
    expect(statSync(join(folder, 'function.js')).size).toBeLessThan(1_300_000);
  });

  test("holds none of the messages that Google's library has for other services", () => {
    const code = readFileSync(join(folder, 'clients.js'), 'utf8');
    expect(['google.longrunning.WaitOperationRequest', 'UptimeCheckIp', 'SnoozeService'].filter((text) => code.includes(text))).toEqual([]);
  });

  test('starts with what V8 compiled when it was built', () => {
    for (const name of ['function', 'clients']) expect(isRefused(folder, name)).toBe('false');
  });

  // A journey speaks over WebSocket, too.
  test('holds no driver but its own', () => {
    const code = readFileSync(join(folder, 'function.js'), 'utf8');
    const held = Object.keys(drivers).filter((driver) => code.includes(drivers[driver] ?? ''));
    expect(held).toEqual(more[kind] ?? (Object.hasOwn(drivers, kind) ? [kind] : []));
  });
});

test('there is a bundle of every function, and no other', () => {
  expect(readdirSync(folderOf('.')).toSorted()).toEqual([...kinds, ...services].map(({ name }) => name).toSorted());
});

test('a function starts without a cache, and with one that V8 refuses; rehearsing makes it anew', async () => {
  const copy = await temporaryFolder('vpc-synthetics-bundle-');
  const starts = (): string =>
    execFileSync(process.execPath, ['-p', `typeof require('./index.js').tcp`], { cwd: copy, encoding: 'utf8' }).trim();
  try {
    cpSync(folderOf('tcp'), copy, { recursive: true });
    rmSync(join(copy, 'function.cache'));
    expect(starts()).toContain('function');
    writeFileSync(join(copy, 'function.cache'), 'nothing that V8 made');
    expect(starts()).toContain('function');
    const scripts = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    expect(scripts.scripts['gcp-build']).toBe('node rehearse.js');
    execFileSync(process.execPath, ['rehearse.js'], { cwd: copy });
    expect(isRefused(copy, 'function')).toBe('false');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
