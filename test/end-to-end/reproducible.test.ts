import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../local/services/temporary-folder';

const root = resolve(__dirname, '../../..');

/** What the bundler reads. */
const sources = [
  'build/functions',
  'build/package.json',
  'build/scripts',
  'build/shared',
  'docs/runbooks.md',
  'functions',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'scripts',
  'shared',
  'tsconfig.json',
  'web',
];

/** V8 keeps what it happened to compile while the function was rehearsed; it is never deployed, the cloud's build makes its own. */
const isMadeAnew = (path: string): boolean => path.endsWith('.cache');

function hashesOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isMadeAnew(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(files.toSorted().map((path) => [relative(folder, path), hash(path)]));
}

test('built in another folder, from elsewhere, at another hour, every file is the same, byte for byte', async () => {
  const folder = await temporaryFolder('vpc-synthetics-reproducible-');
  const copy = join(folder, 'elsewhere/and/deeper');
  try {
    for (const path of sources) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
    const env = { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'C' };
    await promisify(execFile)(process.execPath, [join(copy, 'build/scripts/bundle.js')], { cwd: folder, env });
    const built = hashesOf(join(copy, 'dist'));
    expect(Object.keys(built).length).toBeGreaterThan(80);
    expect(built).toEqual(hashesOf(join(root, 'dist')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);

test('no path of the machine is in what was built', () => {
  const dist = join(root, 'dist');
  const home = [root, realpathSync(join(root, 'node_modules'))];
  const told = Object.keys(hashesOf(dist)).filter((file) => {
    const text = readFileSync(join(dist, file), 'latin1');
    return home.some((path) => text.includes(path)) || /"(?:\.\.\/)+[^"]*node_modules\//.test(text);
  });
  expect(told).toEqual([]);
});
