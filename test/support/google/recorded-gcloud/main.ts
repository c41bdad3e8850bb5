/** A stand-in for gcloud, where none is installed: the same requests and the same answers for the commands of a deployment. */
import { parse } from './command';
import type { Commands } from './command';
import { functionCommands } from './function-commands';
import { jobCommands } from './job-commands';
import { monitoringCommands } from './monitoring-commands';
import { printed } from './print';
import { projectCommands } from './project-commands';
import { createSession, GcloudError, RefusedError } from './session';

const settings: Commands = {
  'auth print-access-token': { takes: [], run: async (_given, { token }) => token() },
  'config get': {
    takes: [],
    async run({ positional }, { properties }) {
      const [name = ''] = positional;
      return properties[name.includes('/') ? name : `core/${name}`] ?? '(unset)';
    },
  },
  'config list': {
    takes: [],
    async run(_given, { properties }) {
      const sections: Record<string, Record<string, string>> = {};
      for (const [name, value] of Object.entries(properties)) {
        const [section = '', property = ''] = name.split('/');
        sections[section] = { ...sections[section], [property]: value };
      }
      return sections;
    },
  },
};

const commands: Commands = { ...settings, ...projectCommands, ...functionCommands, ...jobCommands, ...monitoringCommands };

/** @returns the exit code. */
export async function main(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  let name = words.filter((word) => !word.startsWith('-')).join('.');
  try {
    if (words.includes('--version')) {
      process.stdout.write('Google Cloud SDK 528.0.0\n');
      return 0;
    }
    const { command, given } = parse(words, commands);
    name = given.command.replaceAll(' ', '.');
    if (given.flags.has('help')) {
      process.stdout.write(
        `${given.command}\n\nFLAGS\n${[...command.takes, ...(command.switches ?? [])].map((flag) => `     --${flag}\n`).join('')}`,
      );
      return 0;
    }
    const session = createSession(environment, given.flags.get('project'));
    process.stdout.write(printed(await command.run(given, session), given.flags.get('format')));
    return 0;
  } catch (error) {
    const { lines, exitCode } = failure(error, name);
    process.stderr.write(`${lines.join('\n')}\n`);
    return exitCode;
  }
}

function failure(error: unknown, name: string): { readonly lines: readonly string[]; readonly exitCode: number } {
  if (error instanceof GcloudError)
    return { lines: [...error.before, `ERROR: (gcloud.${name}) ${error.message}`], exitCode: error.exitCode };
  if (error instanceof RefusedError) {
    const text = name.startsWith('secrets.') ? `Status code: ${error.code}. ${error.message}` : `${error.status}: ${error.message}`;
    return { lines: [`ERROR: (gcloud.${name}) ${text.replace(/\.?$/, '.')}`], exitCode: 1 };
  }
  return { lines: [`ERROR: gcloud crashed: ${error instanceof Error ? error.stack : String(error)}`], exitCode: 1 };
}
