/** Makes the documents that the status function serves: the page, in one file, and the runbooks. */
import { build, type Metafile, type Plugin } from 'esbuild';
import { marked } from 'marked';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { documentsFile, type StoredDocument } from '../functions/status/page';

const options = {
  bundle: true,
  metafile: true,
  minify: true,
  write: false,
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  preserveSymlinks: true,
} as const;

/** Bundles one file of the page after the other. */
interface Bundling {
  readonly root: string;
  /** What esbuild tells of each. */
  readonly metafiles: Metafile[];
}

async function textOf({ root, metafiles }: Bundling, entry: string, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins,
  });
  metafiles.push(metafile);
  return outputFiles[0]?.text.trim() ?? '';
}

/** What a worker runs is bundled by itself, and handed over as text: the page is one file. */
const workers = (bundling: Bundling): Plugin => ({
  name: 'workers',
  setup(building) {
    building.onResolve({ filter: /^bundled:/ }, ({ path, importer }) => ({
      path: `${join(dirname(importer), path.slice('bundled:'.length))}.ts`,
      namespace: 'bundled',
    }));
    building.onLoad({ filter: /.*/, namespace: 'bundled' }, async ({ path }) => ({
      contents: `export const code = ${JSON.stringify(await textOf(bundling, path))};`,
    }));
  },
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** @returns a policy that lets in nothing but what the document itself holds, and answers of its own server. */
function policyOf(style: string, script?: string): string {
  return [
    `default-src 'none'`,
    `style-src 'sha256-${hashOf(style)}'`,
    `img-src 'self' data:`,
    ...(script === undefined ? [] : [`script-src 'sha256-${hashOf(script)}'`, `worker-src blob:`, `connect-src 'self'`]),
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** Puts texts in the place of the comments that name them. */
function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replace(/<!-- ([A-Z]+) -->/g, (_, name: string) => parts[name] ?? '');
}

/** @returns the runbooks with an anchor for each heading: the names of the reasons. */
function runbooks(markdown: string): string {
  const body = marked.parse(markdown, { async: false });
  // What scrolls sideways is reached by keyboard.
  return body.replaceAll('<pre>', '<pre tabindex="0">').replace(/<h([23])>(.*?)<\/h\1>/g, (_, level: string, text: string) => {
    const id = text
      .replace(/<[^>]*>/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '-');
    return `<h${level} id="${id}">${text}</h${level}>`;
  });
}

/** @param folder the folder of the status function's bundle. @returns what esbuild tells of the code in the page */
export async function bundlePage(root: string, folder: string): Promise<readonly Metafile[]> {
  const web = (name: string): string => join(root, 'web', name);
  const bundling: Bundling = { root, metafiles: [] };
  const [style, script] = await Promise.all([
    textOf(bundling, web('style/page.css')),
    textOf(bundling, web('main.tsx'), [workers(bundling)]),
  ]);
  const into = join(folder, 'page');
  mkdirSync(into, { recursive: true });
  const store = (path: string, name: string, policy: string, html: string): StoredDocument => {
    writeFileSync(join(into, `${name}.html`), html);
    writeFileSync(join(into, `${name}.html.gz`), gzipSync(html, { level: 9 }));
    return { path, file: `${name}.html`, policy, etag: `"${createHash('sha256').update(html).digest('hex').slice(0, 16)}"` };
  };
  const page = fill(readFileSync(web('page.html'), 'utf8'), { STYLE: `<style>${style}</style>`, SCRIPT: `<script>${script}</script>` });
  const markdown = readFileSync(join(root, 'docs/runbooks.md'), 'utf8');
  const books = fill(readFileSync(web('runbooks.html'), 'utf8'), { STYLE: `<style>${style}</style>`, RUNBOOKS: runbooks(markdown) });
  const documents = [store('/', 'page', policyOf(style, script), page), store('/runbooks', 'runbooks', policyOf(style), books)];
  writeFileSync(join(into, documentsFile), JSON.stringify(documents));
  return bundling.metafiles;
}
