import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../local/services/temporary-folder';
import { checkLicenses, installable, isAccepted, noticesOf, shippable } from '../../../scripts/supply/licenses';
import { packagesIn } from '../../../scripts/supply/shipped';

test.each([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  '(MIT OR CC0-1.0)',
  'GPL-3.0-only OR MIT',
])('%s may be in a bundle', (license) => {
  expect(isAccepted(license, shippable)).toBe(true);
});

test.each([
  'GPL-3.0-only',
  'LGPL-2.1-or-later',
  'AGPL-3.0-only',
  'MPL-2.0',
  'SSPL-1.0',
  'CC-BY-4.0',
  'Unlicense',
  'UNLICENSED',
  'SEE LICENSE IN LICENSE',
  'MIT AND GPL-2.0-only',
  '(GPL-2.0-only OR MPL-2.0)',
  '',
  undefined,
])('%s may not', (license) => {
  expect(isAccepted(license, shippable)).toBe(false);
});

test('a bundle with code of another licence is not made', () => {
  const entries = { 'node_modules/good': { license: 'ISC' }, 'node_modules/@a/bad': { license: 'AGPL-3.0-only' }, 'node_modules/odd': {} };
  const data = { 'node_modules/names': { license: 'CC0-1.0' } };
  expect(() => checkLicenses(entries, ['node_modules/good'], shippable)).not.toThrow();
  expect(() => checkLicenses(entries, ['node_modules/good', 'node_modules/@a/bad'], shippable)).toThrow('@a/bad is licensed AGPL-3.0-only');
  expect(() => checkLicenses(entries, ['node_modules/odd'], installable)).toThrow('odd is licensed nobody knows how');
  expect(() => checkLicenses(data, ['node_modules/names'], installable)).not.toThrow();
  expect(() => checkLicenses(data, ['node_modules/names'], shippable)).toThrow('CC0-1.0');
});

test('a package is in a bundle when a byte of it is', () => {
  const inputs = {
    'shared/a.ts': { bytesInOutput: 10 },
    'node_modules/a/index.js': { bytesInOutput: 1 },
    'node_modules/a/lib/b.js': { bytesInOutput: 1 },
    'node_modules/@s/c/node_modules/@t/d/e.js': { bytesInOutput: 1 },
    'node_modules/dropped/index.js': { bytesInOutput: 0 },
  };
  const of = (more: Readonly<Record<string, { readonly bytesInOutput: number }>>) => ({
    inputs: {},
    outputs: { 'out.js': { inputs: { ...inputs, ...more }, bytes: 1, imports: [], exports: [] } },
  });
  expect(packagesIn([of({})])).toEqual(['node_modules/@s/c/node_modules/@t/d', 'node_modules/a']);
  expect(() => packagesIn([of({ '../other/node_modules/a/index.js': { bytesInOutput: 1 } })])).toThrow('../other/node_modules/a');
});

test('texts and notices go along, equal ones once; who brings none gets the words of his licence', async () => {
  const root = await temporaryFolder('vpc-synthetics-notices-');
  const put = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  try {
    put('node_modules/a/LICENSE', 'Free.\r\n');
    put('node_modules/b/license.md', 'Free.');
    put('node_modules/b/NOTICE.txt', 'By B.');
    put('node_modules/b/license.js', 'code');
    put('node_modules/c/package.json', '{"author":{"name":"C"}}');
    put('node_modules/d/package.json', '{}');
    put('scripts/supply/texts/MIT.txt', 'Copyright <author>: MIT.');
    const mit = { version: '1.0.0', license: 'MIT' };
    const entries = { 'node_modules/a': mit, 'node_modules/b': mit, 'node_modules/c': mit, 'node_modules/d': { ...mit, license: 'ISC' } };
    const notices = noticesOf(root, entries, ['node_modules/a', 'node_modules/b', 'node_modules/c']);
    expect(notices).toMatch(/a 1\.0\.0 \(MIT\)\nb 1\.0\.0 \(MIT\)\n-+\n\nFree\.\n/);
    expect(notices).toMatch(/b 1\.0\.0 \(MIT\)\n-+\n\nBy B\.\n/);
    expect(notices).toMatch(/c 1\.0\.0 \(MIT\)\n-+\n\nCopyright C: MIT\.\n/);
    expect(notices).not.toContain('code\n');
    expect(() => noticesOf(root, entries, ['node_modules/d'])).toThrow('d brings no text of its licence, ISC');
  } finally {
    await rm(root, { recursive: true });
  }
});
