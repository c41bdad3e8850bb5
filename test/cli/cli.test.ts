/** The command line from outside: what it prints where, and how it ends. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { head, ownFolder, targetNamed } from '../config/written';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: folder.path,
    env: { ...process.env, SYNTHETICS_CONFIG: '', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const synthetics = (...args: string[]): Ended => start(program, args);

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

  test('leaves secrets and Redis at what is usual for them, in spite of its defaults', () => {
    synthetics('init', '--config', 'usual.yaml');
    const plain = `${head}secrets: { app: { require: [{ secret: a }] } }\nredis: { cache: { host: h } }\n`;
    const usual = loadConfig(folder.write('plain.yaml', plain), kinds);
    const written = loadConfig(join(folder.path, 'usual.yaml'), kinds);
    for (const name of ['app', 'cache']) {
      const { timeoutMs, confirm, periodMs } = targetNamed(usual, name);
      expect(targetNamed(written, name)).toMatchObject({ timeoutMs, confirm, periodMs });
    }
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

  test('reads the file that SYNTHETICS_CONFIG names, unless --config does', () => {
    const env = { SYNTHETICS_CONFIG: 'named.yaml' };
    folder.write('named.yaml', `${head}redis: { a: { host: h }, b: { host: h } }\n`);
    folder.write('other.yaml', head);
    expect(start(program, ['check'], env).stdout).toMatch(/^named\.yaml: no errors, 2 targets/);
    expect(start(program, ['check', '--config', 'other.yaml'], env).stdout).toMatch(/^other\.yaml: no errors, 0 targets/);
    expect(synthetics('check', '--help').stdout).toContain('SYNTHETICS_CONFIG');
  });

  test('prints every error with its place on stderr, and ends with 2', () => {
    folder.write('bad.yaml', `${head}redis: { cache: { host: h, timeout: soon, password: 5 } }\n`);
    const { status, stdout, stderr } = synthetics('check', '--config=bad.yaml');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'bad.yaml:4:37 redis.cache.timeout: "soon" is not a duration; allowed: a number and a unit, e.g. 500ms, 10s, 2m, 1h, 21d',
      'bad.yaml:4:53 redis.cache.password: is a number; allowed: a text, {secret, version}',
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
  test('that is not built says so and ends with 2; what goes wrong in it is shown, and is no verdict', () => {
    const copy = folder.write('copy/cli/synthetics.js', '');
    copyFileSync(program, copy);
    const { status, stdout, stderr } = start(copy, ['check']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^synthetics: is not built yet \(.*main\.js is missing\): npm run build\n$/);
    folder.write('copy/build/cli/main.js', "throw new Error('the real failure');\n");
    const failed = start(copy, ['check']);
    expect(failed).toMatchObject({ status: 3, stdout: '' });
    expect(failed.stderr).toContain('Error: the real failure\n    at ');
  });

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
