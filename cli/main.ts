/** The `synthetics` command: reads its arguments and hands them to one of the commands. */
import { parseArgs } from 'node:util';
import { ConfigError } from '../shared/config/problems';
import { readEnvironment } from '../shared/environment';
import { describe } from '../shared/fault';
import { commands } from './commands/commands';
import { commonOptions, exitCodes, usualConfig, UsageError, type Command, type ExitCode } from './command';
import { complain, endWith, print, tolerateClosedPipe } from './terminal';
import { version } from '../shared/version';

/** The help on everything. */
function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  const head = 'Usage: synthetics <command> [--config FILE] [options]\n       synthetics --help | --version';
  return `${head}\n\nCommands:\n${lines.join('\n')}\n\nHelp on one: synthetics <command> --help`;
}

/** The help on one command. */
function usage(name: string, { summary, operands, options }: Command): string {
  const lines = Object.values({ ...options, ...commonOptions }).map(({ help }) => `  ${help}`);
  return `Usage: synthetics ${name} ${operands === undefined ? '' : `${operands} `}[options]\n${summary}\n\nOptions:\n${lines.join('\n')}`;
}

/** Runs one command. */
async function runCommand(name: string, command: Command, args: readonly string[]): Promise<ExitCode> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...command.options, ...commonOptions },
      allowPositionals: command.operands !== undefined,
    });
    if (values['help'] === true) {
      print(usage(name, command));
      return exitCodes.good;
    }
    const config = values['config'] ?? readEnvironment().configPath ?? usualConfig;
    return await command.run({ config: String(config), positionals, values });
  } catch (error) {
    const parsing = describe(error).code?.startsWith('ERR_PARSE_ARGS') === true;
    if (error instanceof ConfigError) complain(error.message);
    else if (parsing) complain(`synthetics ${name}: ${describe(error).message}\n\n${usage(name, command)}`);
    else if (error instanceof UsageError) complain(`synthetics ${name}: ${error.message}`);
    else throw error;
    return exitCodes.usage;
  }
}

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<ExitCode> {
  const [first] = args;
  if (first === '--help' || first === '-h' || first === 'help') {
    print(overview());
    return exitCodes.good;
  }
  if (first === '--version') {
    print(version);
    return exitCodes.good;
  }
  // Options may stand before the command, too.
  const at = args.findIndex((word, index) => !word.startsWith('-') && args[index - 1] !== '--config');
  const name = args[at];
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name !== undefined && command) return runCommand(name, command, args.toSpliced(at, 1));
  const wrong =
    first === undefined ? 'no command given' : `unknown ${name === undefined ? `option ${first}` : `command ${JSON.stringify(name)}`}`;
  complain(`synthetics: ${wrong}\n\n${overview()}`);
  return exitCodes.usage;
}

tolerateClosedPipe();
main(process.argv.slice(2)).then(endWith, (error: unknown) => {
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  endWith(exitCodes.unknown);
});
