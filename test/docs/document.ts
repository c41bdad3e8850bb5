/** Reads documents: what they show to be typed, and where they lead. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../../..');

/** @param path in the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What `./deploy.sh --help` says. */
export const deployHelp = (): string => execFileSync(join(root, 'deploy.sh'), ['--help'], { encoding: 'utf8' });

/** @returns the lines of every block of shell commands, without comments and empty ones, blocks inside lists, too. */
export function commandsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^( *)```sh\n([\s\S]*?)^\1```/gm)]
    .flatMap(([, , text = '']) => text.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** @returns what a heading's anchor is on GitHub. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** @returns the anchors of a document. */
export function anchorsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** @returns the targets of links, but those to other sites. */
export function linksIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
}

/** @returns the options in a command, without their values. */
export function optionsIn(command: string): readonly string[] {
  const bare = command.replaceAll(/'[^']*'|"[^"]*"/g, '');
  return [...bare.matchAll(/(?<!\S)(--[a-z][a-z0-9-]*)/g)].map(([, option = '']) => option);
}
