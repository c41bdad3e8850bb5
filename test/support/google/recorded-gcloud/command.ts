/** The words of a command line of gcloud: which command it is, its flags, and what else it was given. */
import { GcloudError } from './session';
import type { Session } from './session';

/** What a command was given. */
export interface Given {
  /** Its full name, e.g. `scheduler jobs create http`. */
  readonly command: string;
  readonly positional: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/** One command. */
export interface Command {
  /** Flags with a value, without the dashes. */
  readonly takes: readonly string[];
  /** Flags without one. */
  readonly switches?: readonly string[];
  /** @returns what is printed on stdout: a resource, or a list of them; nothing for undefined. */
  readonly run: (given: Given, session: Session) => Promise<unknown>;
}

/** Commands by their full name. */
export type Commands = Readonly<Record<string, Command>>;

const takenByAll = ['project', 'format', 'verbosity', 'account', 'filter'];
const switchesOfAll = ['quiet', 'help', 'user-output-enabled', 'no-user-output-enabled'];

/**
 * @returns the command and what it was given.
 * @throws GcloudError for words that it does not know, exit code 2
 */
export function parse(words: readonly string[], commands: Commands): { readonly command: Command; readonly given: Given } {
  const plain = words.filter((word) => !word.startsWith('-'));
  const name = Object.keys(commands)
    .filter((one) => one === plain.slice(0, one.split(' ').length).join(' '))
    .toSorted((a, b) => b.length - a.length)[0];
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || !command) throw new GcloudError(`Invalid choice: '${plain.join(' ')}'.`, [], 2);
  const takes = [...takenByAll, ...command.takes];
  const switches = [...switchesOfAll, ...(command.switches ?? [])];
  const flags = new Map<string, string>();
  const positional: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, flag, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word === '-q' ? '--quiet' : word) ?? [];
    if (flag === undefined) positional.push(word);
    else if (switches.includes(flag) && value === undefined) flags.set(flag, 'true');
    else if (takes.includes(flag)) flags.set(flag, value ?? rest.shift() ?? '');
    else throw new GcloudError(`unrecognized arguments: ${word}`, [], 2);
  }
  return { command, given: { command: name, positional: positional.slice(name.split(' ').length), flags } };
}

/** @returns the flag's value. @throws GcloudError without one, exit code 2 */
export function required({ flags }: Given, name: string): string {
  const value = flags.get(name);
  if (value === undefined) throw new GcloudError(`argument --${name}: Must be specified.`, [], 2);
  return value;
}

/** @returns the command's first own word. @throws GcloudError without one, exit code 2 */
export function first({ positional }: Given): string {
  const [word] = positional;
  if (word === undefined) throw new GcloudError('argument NAME: Must be specified.', [], 2);
  return word;
}

/** @returns the items of a list, separated by commas or by what `^…^` says (`gcloud topic escaping`). */
export function itemsOf(text: string): readonly string[] {
  const [, separator = ',', rest = text] = /^\^([^^]+)\^(.*)$/s.exec(text) ?? [];
  return rest.split(separator).filter((item) => item !== '');
}

/** @returns the pairs of `a=b,c=d`. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    itemsOf(text).map((item) => {
      const at = item.indexOf('=');
      return [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}

/** @returns the object without what is undefined. */
export function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
