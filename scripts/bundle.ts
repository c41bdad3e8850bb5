/** Bundles each function into `dist/functions/<name>/`: a complete source folder that holds only what the function needs. */
import { build, type Metafile, type Plugin } from 'esbuild';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { kinds } from '../functions/kinds';
import { services } from '../functions/services';
import { clientModules, clients, code } from './function/files';
import { bundlePage } from './page';
import { checkLicenses, installable, noticesOf, shippable } from './supply/licenses';
import { closureOf, lockfileFor, readLockEntries, type LockEntries } from './supply/lockfile';
import { sbomOf, type BuiltFunction } from './supply/sbom';
import { packagesIn } from './supply/shipped';
import { usedDefinitions, type Definitions } from './used-messages';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const framework = '@google-cloud/functions-framework';

/**
 * Every bundle checks every section of the configuration, so it holds the schema of every kind, but the code of one. What the
 * other kinds' code imports is only dropped where an unused import is known to do nothing.
 */
const unusedImportsDoNothing: Plugin = {
  name: 'unused-imports-do-nothing',
  setup(building) {
    building.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === 'resolved' || options.kind !== 'import-statement') return undefined;
      const found = await building.resolve(path, { ...options, pluginData: 'resolved' });
      // Where nothing is found, esbuild's own way knows what is optional: a require inside try.
      return found.errors.length > 0 ? undefined : { ...found, sideEffects: false };
    });
  },
};

/** The service that is called of each of Google's client libraries. */
const called: Readonly<Record<string, string>> = {
  monitoring: 'google.monitoring.v3.MetricService',
  'secret-manager': 'google.cloud.secretmanager.v1.SecretManagerService',
};

/**
 * Google's clients share a library that offers the messages of three more services (IAM, locations, operations) to whoever wants them.
 * Nobody here does, and they are a fifth of the code. Each library also holds the messages of all its services, four in five of which
 * the one that is called has nothing to do with: reading them was a tenth of a first run.
 */
const withoutUnusedMessages: Plugin = {
  name: 'without-unused-messages',
  setup(building) {
    building.onLoad({ filter: /@google-cloud\/[a-z-]+\/build\/protos\/protos\.json$/ }, ({ path }) => {
      const service = called[/@google-cloud\/([a-z-]+)/.exec(path)?.[1] ?? ''];
      if (service === undefined) throw new Error(`nobody says which service of ${path} is called`);
      return { contents: JSON.stringify(usedDefinitions(JSON.parse(readFileSync(path, 'utf8')) as Definitions, service)), loader: 'json' };
    });
    building.onLoad({ filter: /google-gax\/build\/protos\/(iam_service|locations|operations)\.js$/ }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

function kindEntry(kind: string): string {
  return [
    `import { kind, probe } from './functions/${kind}';`,
    `import { kinds } from './functions/kinds';`,
    `import { serve } from './shared/serve/serve';`,
    `exports[${JSON.stringify(kind)}] = serve({ kind, probe }, kinds, __dirname);`,
  ].join('\n');
}

function serviceEntry(name: string): string {
  return [
    `import { handlerOf } from './functions/${name}';`,
    `import { kinds } from './functions/kinds';`,
    `exports[${JSON.stringify(name)}] = handlerOf(kinds, __dirname);`,
  ].join('\n');
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function packageOf(name: string, { name: project, version, license, dependencies }: Package) {
  return {
    name: `${project}-${name}`,
    version,
    license,
    private: true,
    main: 'index.js',
    // Cloud Functions' build runs it on the very Node that will start the function (cloud.google.com/docs/buildpacks/nodejs).
    scripts: { 'gcp-build': 'node rehearse.js' },
    engines: { node: '>=22' },
    dependencies: { [framework]: dependencies[framework] ?? '' },
  };
}

const options = {
  bundle: true,
  metafile: true,
  // Paths stand in the code: relative to the project, and no links followed, they are the same wherever it lies.
  absWorkingDir: root,
  preserveSymlinks: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** Google's own code, which a request that is refused never needs: a file of its own, none of which is read until then. */
function clientsEntry(): string {
  return clientModules.map((module) => `exports[${JSON.stringify(module)}] = () => require(${JSON.stringify(module)});`).join('\n');
}

/** @returns what esbuild tells of the files that it made. */
async function bundleCode(folder: string, entry: string): Promise<readonly Metafile[]> {
  const files = [code, clients].map((file) => join(folder, `${file}.js`));
  const built = await Promise.all([
    build({
      ...options,
      stdin: { contents: entry, resolveDir: root, loader: 'ts' },
      outfile: join(folder, `${code}.js`),
      plugins: [unusedImportsDoNothing],
      external: [...clientModules],
    }),
    build({
      ...options,
      stdin: { contents: clientsEntry(), resolveDir: root, loader: 'js' },
      outfile: join(folder, `${clients}.js`),
      plugins: [withoutUnusedMessages],
    }),
    build({
      ...options,
      entryPoints: { index: join(root, 'scripts/function/index.ts'), rehearse: join(root, 'scripts/function/rehearse.ts') },
      outdir: folder,
    }),
  ]);
  // The start reads it as Latin-1, which is quicker than UTF-8.
  for (const file of files) if (/[^\0-\x7f]/.test(readFileSync(file, 'utf8'))) throw new Error(`${file} is not ASCII`);
  return built.map(({ metafile }) => metafile);
}

interface Planned {
  readonly name: string;
  readonly entry: string;
  /** Puts more into the folder. @returns what esbuild tells of it */
  readonly more?: (folder: string) => Promise<readonly Metafile[]>;
}

async function bundle({ name, entry, more }: Planned, source: Package, entries: LockEntries): Promise<BuiltFunction> {
  const folder = join(root, 'dist/functions', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const metafiles = [...(await bundleCode(folder, entry)), ...((await more?.(folder)) ?? [])];
  const bundled = packagesIn(metafiles);
  checkLicenses(entries, bundled, shippable);
  checkLicenses(entries, closureOf(entries, [`node_modules/${framework}`]), installable);
  const manifest = packageOf(name, source);
  const store = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  store('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  store('package-lock.json', `${JSON.stringify(lockfileFor(entries, manifest), null, 2)}\n`);
  store('.gcloudignore', 'node_modules\n*.cache\n');
  store('THIRD_PARTY_LICENSES', noticesOf(root, entries, bundled));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const { stdout } = await run(process.execPath, [join(folder, 'rehearse.js')]);
  if (stdout.startsWith('No')) process.stderr.write(`${name}: ${stdout}`);
  return { name, folder, bundled, installed: Object.keys(manifest.dependencies) };
}

async function main(): Promise<void> {
  const source = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package;
  const entries = readLockEntries(root);
  const planned: readonly Planned[] = [
    ...kinds.map(({ name }) => ({ name, entry: kindEntry(name) })),
    ...services.map(({ name }) => ({
      name,
      entry: serviceEntry(name),
      ...(name === 'status' ? { more: (folder: string) => bundlePage(root, folder) } : {}),
    })),
  ];
  const built = await Promise.all(planned.map((one) => bundle(one, source, entries)));
  writeFileSync(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(sbomOf(source, entries, built), null, 2)}\n`);
}

void main();
