import type { Request } from '@google-cloud/functions-framework';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { commonOptions } from '../../cli/command';
import { commands } from '../../cli/commands/commands';
import { readRequest } from '../../shared/serve/request';
import { anchorsIn, commandsIn, deployHelp, linksIn, optionsIn, read, root } from './document';

const documents = ['SECURITY.md', 'docs/operations.md', 'docs/dependencies.md'];

/** Each command with its options, as `gcloud <command> --help` of 528 lists them. */
const gcloud = JSON.parse(readFileSync(join(root, 'test/docs/gcloud-commands.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
const ofDeployment = deployHelp();

/** @returns what of a command there is not. */
function unknownIn(line: string): readonly string[] {
  const [program = '', ...words] = line.split(' ');
  const options = optionsIn(line);
  switch (program) {
    case 'gcloud': {
      const command = Object.keys(gcloud).find((name) => words.join(' ').startsWith(`${name} `));
      return command === undefined ? [line] : options.filter((option) => !gcloud[command]?.includes(option));
    }
    case 'npx': {
      const [synthetics, name = ''] = words;
      const known = Object.keys({ ...commands[name]?.options, ...commonOptions }).map((option) => `--${option}`);
      return synthetics === 'synthetics' && Object.hasOwn(commands, name) ? options.filter((option) => !known.includes(option)) : [line];
    }
    case './deploy.sh':
      return options.filter((option) => !ofDeployment.includes(option));
    case 'npm':
      return words[0] === 'ci' || words[0] === 'sbom' || Object.hasOwn(scripts, words[1] ?? '') ? [] : [line];
    case 'git':
      return words.join(' ') === 'pull' ? [] : [line];
    case 'export':
      return /^[A-Z_]+=\S+$/.test(words.join(' ')) ? [] : [line];
    default:
      return [line];
  }
}

describe.each(documents)('%s', (path) => {
  const text = read(path);
  const isThere = (target: string): boolean => {
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : normalize(join(dirname(path), file));
    return existsSync(join(root, to)) && (anchor === undefined || anchorsIn(read(to)).includes(anchor));
  };

  test('shows only commands that there are, with options that they have', () => {
    const lines = commandsIn(text).flatMap((line) => line.split(' && '));
    expect(lines.flatMap(unknownIn)).toEqual([]);
    const inline = [...text.replaceAll(/^ *```[\s\S]*?```/gm, '').matchAll(/`((?:npx synthetics|\.\/deploy\.sh|npm run) [^`]+)`/g)];
    expect(inline.flatMap(([, line = '']) => unknownIn(line.trim()))).toEqual([]);
  });

  test('asks functions only for what they understand', async () => {
    const bodies = commandsIn(text).flatMap((line) => /--data='([^']*)'/.exec(line)?.[1] ?? []);
    for (const body of bodies) {
      const request = { originalUrl: '/', rawBody: Buffer.from(body), headers: {} } as unknown as Request;
      await expect(readRequest(request, [])).resolves.toMatchObject(JSON.parse(body) as object);
    }
  });

  test('leads only to places that there are', () => {
    expect(linksIn(text).filter((target) => !isThere(target))).toEqual([]);
  });

  test('names only files that there are', () => {
    const files = [...text.matchAll(/`((?:cli|deploy|docs|functions|local|scripts|shared|test|web)\/[\w./-]+)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('needs a name only after it was given', () => {
    const lines = commandsIn(text);
    const given = new Set<string>();
    for (const line of lines) {
      const needed = [...line.matchAll(/\$\{?([A-Z_]+)/g)].map(([, name = '']) => name);
      expect([line, needed.filter((name) => !given.has(name))]).toEqual([line, []]);
      const [, name] = /^export ([A-Z_]+)=/.exec(line) ?? [];
      if (name !== undefined) given.add(name);
    }
  });
});

test('every reason of the monitor has its line in what to do when it is at fault', () => {
  const text = read('docs/operations.md');
  for (const reason of ['config_invalid', 'secret_unavailable', 'api_denied', 'api_unavailable', 'prober_exhausted', 'internal'])
    expect(text).toMatch(new RegExp(`^\\| \`${reason}\` +\\|`, 'm'));
});
