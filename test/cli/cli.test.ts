/** The command line from outside: what it prints where, and how it ends. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { head, ownFolder } from '../config/written';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();

function synthetics(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe('synthetics init', () => {
  test('writes a commented file that check accepts, and never writes over one', () => {
    const first = synthetics('init', '--config', 'new.yaml');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const text = readFileSync(join(folder.path, 'new.yaml'), 'utf8');
    expect(text.match(/#/g)?.length).toBeGreaterThan(10);
    expect(synthetics('check', '--config', 'new.yaml')).toMatchObject({ status: 0, stderr: '' });

    expect(synthetics('init', '--config', 'new.yaml')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'synthetics init: new.yaml is there already; it is left as it is\n',
    });
    expect(readFileSync(join(folder.path, 'new.yaml'), 'utf8')).toBe(text);
  });

  test('shows every kind there is', () => {
    synthetics('init', '--config', 'all.yaml');
    const config = loadConfig(join(folder.path, 'all.yaml'), kinds);
    expect(new Set(config.targets.map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ name }) => name)));
  });

  test('says when it cannot write', () => {
    expect(synthetics('init', '--config', 'nowhere/new.yaml')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('synthetics check', () => {
  test('reads synthetics.yaml unless told otherwise', () => {
    expect(synthetics('check')).toMatchObject({ status: 2, stdout: '' });
    folder.write('synthetics.yaml', `${head}redis: { cache: { host: h } }\n`);
    const good = synthetics('check');
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(good.stdout).toMatch(/^synthetics\.yaml: no errors, 1 target, hash [0-9a-f]{16}\n$/);
  });

  test('prints every error with its place on stderr, and ends with 2', () => {
    folder.write('bad.yaml', `${head}redis: { cache: { host: h, timeout: soon, password: 5 } }\n`);
    const { status, stdout, stderr } = synthetics('check', '--config=bad.yaml');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'bad.yaml:4:37 redis.cache.timeout: "soon" is not a duration; allowed: a number and a unit, e.g. 500ms, 10s, 2m, 1h, 21d',
      'bad.yaml:4:53 redis.cache.password: is a number; allowed: a text, a mapping',
      '',
    ]);
  });
});

describe('synthetics compile', () => {
  test('prints the JSON, or writes it to a file; both load', () => {
    folder.write('c.yaml', `# said\n${head}redis: { cache: { host: h } }\n`);
    const printed = synthetics('compile', '--config', 'c.yaml');
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(printed.stdout)).toEqual({
      environment: 'staging',
      project: 'my-project',
      region: 'us-central1',
      redis: { cache: { host: 'h' } },
    });
    expect(synthetics('compile', '-o', 'c.json', '--config', 'c.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder.path, 'c.json'), 'utf8')).toBe(printed.stdout);
    expect(synthetics('check', '--config', 'c.json').stdout.split('hash')[1]).toBe(
      synthetics('check', '--config', 'c.yaml').stdout.split('hash')[1],
    );
  });

  test('writes nothing where the configuration is wrong, and ends with 2', () => {
    folder.write('wrong.yaml', 'environment: staging\n');
    expect(synthetics('compile', '--config', 'wrong.yaml', '-o', 'wrong.json')).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(join(folder.path, 'wrong.json'))).toBe(false);
    expect(synthetics('compile', '--config', 'c.yaml', '-o', 'nowhere/c.json')).toMatchObject({ status: 2, stdout: '' });
  });
});

test('synthetics schema prints a JSON Schema with every kind', () => {
  const { status, stdout, stderr } = synthetics('schema');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const schema = JSON.parse(stdout) as { $schema: string; required: string[]; properties: Record<string, unknown> };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.required).toEqual(['environment', 'project', 'region']);
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(kinds.map(({ name }) => name)));
});

describe('the command line', () => {
  test('tells its version and its help on stdout', () => {
    expect(synthetics('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = synthetics('--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['init', 'check', 'compile', 'schema']) expect(help.stdout).toContain(`\n  ${name}`);
    expect(synthetics('compile', '--help').stdout).toContain('--output FILE');
  });

  test.each([
    [[]],
    [['frobnicate']],
    [['--frobnicate']],
    [['constructor']],
    [['check', '--frobnicate']],
    [['check', 'extra']],
    [['check', '--config']],
  ])('ends with 2 and its usage on stderr when it is called as %j', (args) => {
    const { status, stdout, stderr } = synthetics(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^synthetics/);
    expect(stderr).toContain('Usage: synthetics');
  });
});
