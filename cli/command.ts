/** What a command of the command line is. */
import type { ParseArgsConfig } from 'node:util';

/** Options as parseArgs takes them, each with its line in the help. */
export type Options = Readonly<Record<string, NonNullable<ParseArgsConfig['options']>[string] & { readonly help: string }>>;

/** What was written after the command. */
export interface Arguments {
  /** Path of the configuration. */
  readonly config: string;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
}

/** The codes that a command ends with. */
export const exitCodes = { good: 0, bad: 1, usage: 2, unknown: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command was written wrongly; told with its usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What may follow the options, e.g. `[kind or target…]`; without it nothing may. */
  readonly operands?: string;
  /** Options besides `--config` and `--help`. */
  readonly options?: Options;
  /** Throws a UsageError or a ConfigError, both of which end with code 2. */
  run(given: Arguments): ExitCode | Promise<ExitCode>;
}

/** The configuration where neither `--config` nor the environment names one. */
export const usualConfig = 'synthetics.yaml';

/** The options of every command. */
export const commonOptions: Options = {
  config: { type: 'string', help: `--config FILE       the configuration, default SYNTHETICS_CONFIG, or else ${usualConfig}` },
  help: { type: 'boolean', short: 'h', help: '-h, --help          this text' },
};
