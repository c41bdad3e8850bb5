import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from '../../scripts/function/load';
import { temporaryFolder } from '../../local/services/temporary-folder';

let folder: string;
const cache = (): string => join(folder, 'function.cache');
const put = (word: string): void => writeFileSync(join(folder, 'function.js'), `exports.say = () => '${word}';`);
const said = (): string => (load(folder, require).exports['say'] as () => string)();

beforeEach(async () => {
  folder = await temporaryFolder('vpc-synthetics-load-');
  put('one');
  load(folder, require).keep();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was compiled is kept beside the code, and nothing else is', () => {
  expect(readdirSync(folder).toSorted()).toEqual(['function.cache', 'function.js']);
  expect(said()).toBe('one');
});

test('a cache of other code, be it as long, is not taken for this one', () => {
  put('two');
  expect(said()).toBe('two');
});

test('a cache that was damaged is not used', () => {
  const bytes = readFileSync(cache());
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
    writeFileSync(cache(), damaged);
    expect(said()).toBe('one');
  }
  expect(existsSync(cache())).toBe(true);
});
