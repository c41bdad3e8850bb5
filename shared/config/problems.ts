/** What is wrong with a configuration, told with the place in its file. */
import type { Problem } from '../probe';

/** A place in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A problem before its place is known. */
export interface Mistake extends Problem {
  /** `key` where the key itself is wrong; then the place is the key's. */
  readonly at?: 'key';
  /** Known already where the text could not even be read. */
  readonly place?: Place;
}

/** A problem as it is told. */
export interface ConfigProblem extends Place {
  readonly file: string;
  /** E.g. `websocket.chat.steps[1].within`; `(file)` where the file as a whole is meant. */
  readonly path: string;
  /** What is wrong; what is allowed. */
  readonly message: string;
}

/** The configuration is wrong. Its message holds one line a problem: `file:line:column path: what is wrong; what is allowed`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(lineOf).join('\n'));
  }
}

function lineOf({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column} ${path}: ${message}`;
}

/** @returns the key; of one that is no word only its beginning, since a forgotten blank (`password:…`) makes a secret part of it. */
export function shownKey(key: string): string {
  return /^[\w.-]{1,64}$/.test(key) || key === '<<' ? key : `${/^[\w-]{0,64}/.exec(key)?.[0] ?? ''}…`;
}

/** @returns the path as people write it. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return '(file)';
  return path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (!/^[\w-]+$/.test(segment)) return `[${JSON.stringify(shownKey(segment))}]`;
      return index === 0 ? segment : `.${segment}`;
    })
    .join('');
}

/** @returns the error that tells every mistake once, sorted by place. */
export function configError(
  file: string,
  mistakes: readonly Mistake[],
  placeOf: (path: readonly (string | number)[], at?: 'key') => Place,
): ConfigError {
  const located = mistakes.map((mistake): ConfigProblem => {
    const { line, column } = mistake.place ?? placeOf(mistake.path, mistake.at);
    return { file, line, column, path: pathText(mistake.path), message: mistake.message.replace(/\s*[\r\n]+\s*/g, ' ') };
  });
  const unique = new Map(located.map((problem) => [lineOf(problem), problem]));
  return new ConfigError([...unique.values()].toSorted((a, b) => a.line - b.line || a.column - b.column));
}
