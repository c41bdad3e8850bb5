import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const scripts = resolve(__dirname, '../../../scripts');

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((fulfil) => {
    execFile(process.execPath, args, (error, stdout, stderr) => fulfil({ code: error ? error.code : 0, stdout, stderr }));
  });
}

/** Evaluates an expression over what a module exports, `m`: these modules run outside of what Jest can load. */
async function evaluate(module: string, expression: string, ...args: readonly string[]): Promise<unknown> {
  const url = pathToFileURL(join(scripts, 'bootstrap', module)).href;
  const script = `import * as m from ${JSON.stringify(url)}; process.stdout.write(JSON.stringify(await ${expression}) ?? 'null');`;
  const { code, stdout, stderr } = await run('--input-type=module', '-e', script, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-bootstrap-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a task that there is not is refused', async () => {
  const { code, stderr } = await run(join(scripts, 'bootstrap.mjs'), 'nonsense');
  expect(code).toBe(2);
  expect(stderr).toBe('usage: node scripts/bootstrap.mjs start|test|bench|mutation|build [arguments]\n');
});

async function mismatch(wanted: object, installed: object | undefined): Promise<unknown> {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (installed) writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  return evaluate('dependencies.mjs', 'm.mismatch(process.argv[1])', folder);
}

describe('what is installed', () => {
  const entry = { version: '1.0.0', integrity: 'sha512-a' };
  const elsewhere = { ...entry, optional: true, os: ['plan9'] };
  const here = { ...entry, optional: true, os: [process.platform], cpu: [process.arch] };

  test('fits when every package of this platform is there', async () => {
    const link = { resolved: 'cli', link: true };
    const wanted = { cli: {}, 'node_modules/a': entry, 'node_modules/b': elsewhere, 'node_modules/c': here, 'node_modules/cli': link };
    expect(await mismatch(wanted, { 'node_modules/a': entry, 'node_modules/c': here })).toBeNull();
  });

  test('does not fit when nothing is there', async () => {
    expect(await mismatch({ 'node_modules/a': entry }, undefined)).toBe('node_modules/a');
  });

  test('does not fit when a version or a checksum differs', async () => {
    const wanted = { 'node_modules/a': entry };
    expect(await mismatch(wanted, { 'node_modules/a': { ...entry, version: '1.0.1' } })).toBe('node_modules/a');
    expect(await mismatch(wanted, { 'node_modules/a': { ...entry, integrity: 'sha512-b' } })).toBe('node_modules/a');
  });

  test("does not fit when this platform's own package is missing", async () => {
    expect(await mismatch({ 'node_modules/c': here }, {})).toBe('node_modules/c');
  });
});

test('the sources have another hash once a file is changed, added or renamed', async () => {
  const hash = (): Promise<unknown> => evaluate('build.mjs', 'm.hashSources(process.argv[1])', folder);
  for (const name of ['docs', 'shared/run']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'docs/runbooks.md', 'LICENSE'])
    writeFileSync(join(folder, name), '{}');
  const seen = [await hash()];
  writeFileSync(join(folder, 'shared/run/a.ts'), 'export {};');
  seen.push(await hash());
  writeFileSync(join(folder, 'shared/run/a.ts'), 'export { };');
  seen.push(await hash());
  rmSync(join(folder, 'shared/run/a.ts'));
  writeFileSync(join(folder, 'shared/run/b.ts'), 'export { };');
  seen.push(await hash());
  expect(new Set(seen).size).toBe(4);
  expect(await hash()).toBe(seen.at(-1));
});

test('programs that are missing are named, with the ways to get them', async () => {
  const missing = (task: string): Promise<unknown> =>
    evaluate('system-packages.mjs', 'm.missingPrograms(process.argv[1], [process.argv[2]]).map(({ command }) => command)', task, folder);
  expect(await missing('start')).toEqual(['redis-server']);
  writeFileSync(join(folder, 'redis-server'), '');
  expect(await missing('test')).toEqual(['promtool', 'prometheus', 'chromium', 'shellcheck']);

  const how = 'm.howToInstall(m.systemPrograms, process.argv[1])';
  expect(await evaluate('system-packages.mjs', how, 'linux')).toBe(
    [
      'Missing: redis-server, promtool, prometheus, chromium, prometheus-blackbox-exporter, shellcheck',
      '  Debian, Ubuntu: sudo apt-get install --no-install-recommends redis-server prometheus chromium prometheus-blackbox-exporter shellcheck',
      '  macOS: brew install redis prometheus chromium blackbox_exporter shellcheck',
    ].join('\n'),
  );
  expect(await evaluate('system-packages.mjs', how, 'darwin')).toBe(
    'Missing: redis-server, promtool, prometheus, chromium, prometheus-blackbox-exporter, shellcheck\n  macOS: brew install redis prometheus chromium blackbox_exporter shellcheck',
  );
});

test.each([
  ['all pass', { numPassedTests: 3 }, 0, { passed: 3, failed: 0 }],
  ['some fail', { numPassedTests: 3, numFailedTests: 2 }, 1, { passed: 3, failed: 2 }],
  ['a file does not load', { numPassedTests: 3, numRuntimeErrorTestSuites: 1 }, 1, { passed: 3, failed: 1 }],
  ['a test is left out', { numPassedTests: 3, numPendingTests: 1 }, 0, { passed: 3, failed: 1 }],
  ['Jest itself fails', {}, 1, { passed: 0, failed: 1 }],
])('tests are counted when %s', async (_, results, exitCode, counted) => {
  expect(await evaluate('checks.mjs', `m.countOf(JSON.parse(process.argv[1]), ${exitCode})`, JSON.stringify(results))).toEqual(counted);
});
