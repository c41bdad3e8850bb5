/** One bad file a rule, each with its exact messages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { ConfigError } from '../../shared/config/problems';

const folder = join(__dirname, '..', '..', '..', 'test', 'config', 'bad');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

/** Stands for `<kinds>` in what is expected, so that a new kind changes no file. */
const names = kinds.map(({ name }) => name).join(', ');

function messageOf(path: string): string {
  try {
    loadConfig(path, kinds);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('a bad configuration', () => {
  test.each(files)('%s is refused with the place, what is wrong and what is allowed', (file) => {
    const path = join(folder, file);
    const expected =
      readFileSync(path, 'utf8')
        .match(/(?<=^# expect: ).*/gm)
        ?.map((line) => line.replace('<kinds>', names)) ?? [];
    expect(expected.length).toBeGreaterThan(0);
    expect(messageOf(path).split('\n')).toEqual(expected.map((line) => `${path}:${line}`));
  });

  test('never shows what stands in the place of a secret', () => {
    const holding = files.filter((file) => readFileSync(join(folder, file), 'utf8').includes('hunter2'));
    expect(holding.length).toBeGreaterThan(10);
    for (const file of holding) expect(messageOf(join(folder, file))).not.toContain('hunter2');
  });

  test('is told with sorted places, each in the form file:line:column path: wrong; allowed', () => {
    const lines = messageOf(join(folder, 'several-at-once.yaml')).split('\n');
    for (const line of lines) expect(line).toMatch(/^\S+several-at-once\.yaml:\d+:\d+ [^:]+: .+; allowed: .+$/);
    const places = lines.map((line) => Number(/\.yaml:(\d+):/.exec(line)?.[1]));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
