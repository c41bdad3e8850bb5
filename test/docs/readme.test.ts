import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Request } from '@google-cloud/functions-framework';
import { commands } from '../../cli/commands/commands';
import { commonOptions } from '../../cli/command';
import { kinds } from '../../functions/kinds';
import { routes } from '../../functions/status/routes';
import { usage } from '../../local/arguments';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { loadConfig } from '../../shared/config/load';
import { readRequest } from '../../shared/serve/request';

const root = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

/** @returns each match once; of an expression with a group, the group. */
function found(pattern: RegExp): readonly string[] {
  return [...new Set([...readme.matchAll(pattern)].map(([whole, group]) => group ?? whole))];
}

test('the configuration in the README is valid', async () => {
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(0);
  const folder = await temporaryFolder('vpc-synthetics-readme-');
  try {
    for (const block of blocks) {
      const path = join(folder, 'synthetics.yaml');
      writeFileSync(path, block);
      expect(loadConfig(path, kinds).targets.length).toBeGreaterThan(0);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the README speaks of every kind', () => {
  const rows = found(/^\| `([a-z]+)` +\|/gm);
  expect(kinds.map(({ name }) => name).filter((name) => !rows.includes(name))).toEqual([]);
});

const ofDeployment = execFileSync(join(root, 'deploy.sh'), ['--help'], { encoding: 'utf8' });

describe('the README names only what there is', () => {
  test.each(found(/npx synthetics ([a-z]+)/g))('synthetics %s', (name) => {
    expect(Object.keys(commands)).toContain(name);
  });

  test.each(found(/npx synthetics [a-z]+.* --?[a-z].*/g))('%s', (line) => {
    const [, name = '', rest = ''] = /npx synthetics ([a-z]+)([^#`]*)/.exec(line) ?? [];
    const options = { ...commands[name]?.options, ...commonOptions };
    const known = Object.entries(options).flatMap(([long, { short }]) => [`--${long}`, ...(short === undefined ? [] : [`-${short}`])]);
    for (const [option] of rest.matchAll(/(?<!\S)--?[a-z][a-z-]*/g)) expect(known).toContain(option);
  });

  test.each(found(/(?<![\w-])--[a-z][a-z-]*/g))('%s', (option) => {
    const ofCommands = [...Object.values(commands).map(({ options }) => options ?? {}), commonOptions].flatMap(Object.keys);
    const elsewhere = [...`${usage}${ofDeployment}`.matchAll(/--[a-z][a-z-]*/g)].map(([text]) => text);
    expect([...ofCommands.map((name) => `--${name}`), ...elsewhere]).toContain(option);
  });

  test.each(found(/\.\/deploy\.sh.*/g))('%s', (line) => {
    const [, options = ''] = /deploy\.sh([^#`]*)/.exec(line) ?? [];
    for (const [option] of options.matchAll(/--[a-z-]+/g)) expect(ofDeployment).toContain(option);
  });

  test.each(found(/npm start -- .*/g))('%s', (line) => {
    const [, options = ''] = /npm start -- ([^#`]*)/.exec(line) ?? [];
    for (const [option] of options.matchAll(/--[a-z]+/g)) expect(usage).toContain(option);
  });

  test.each(found(/npm (?:run )?(start|test|ci|run [a-z]+|[a-z]+)/g))('npm %s', (script) => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(['ci', ...Object.keys(scripts)]).toContain(script);
  });

  test.each(found(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g))('the environment variable %s', (name) => {
    expect(read('shared/environment.ts')).toContain(`'${name}'`);
  });

  test.each(found(/^\| `(\/[a-z/]+)` +\|/gm))('the path %s of `status`', (path) => {
    expect(routes.map((route) => route.path)).toContain(path);
  });

  const [some] = loadConfig(join(root, 'examples/minimal.yaml'), kinds).targets;
  if (!some) throw new Error('the smallest example has no target');
  // Names of targets are the reader's own.
  const targets = found(/target=([\w-]+)/g).map((name) => ({ ...some, name }));
  const asking = (query: string, body = ''): Promise<unknown> =>
    readRequest({ originalUrl: `/${query}`, rawBody: Buffer.from(body), headers: {} } as unknown as Request, targets);

  test.each(found(/(?<=[`/\w])\?[a-z]+=[\w=&-]+/g))('the query %s', async (query) => {
    await expect(asking(query)).resolves.toBeDefined();
  });

  test.each(found(/`(\{"[^`]*\})`/g))('the body %s', async (body) => {
    await expect(asking('', body)).resolves.toBeDefined();
  });

  test.each(found(/!\[[^\]]+\]\(([^)]+)\)/g))('the picture %s, which is small', (path) => {
    expect(statSync(join(root, path)).size).toBeLessThan(150_000);
  });

  test.each(found(/\]\((?!https?:)([^)#]+)\)/g))('the file %s', (path) => {
    expect(() => read(path === 'examples' ? 'examples/minimal.yaml' : path)).not.toThrow();
  });
});
