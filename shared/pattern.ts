/** Regular expressions from the configuration, matched by RE2: linear in the length of the text, whatever the expression. */
import { RE2JS } from 're2js';
import { describe } from './fault';

/** A compiled expression. */
export interface Pattern {
  /** How many groups it captures. */
  readonly groups: number;
  /** @returns whether it matches anywhere in the text. */
  test(text: string): boolean;
  /** @returns the whole match and its groups (an unmatched group is empty), or null. */
  match(text: string): readonly string[] | null;
}

/** @returns the pattern, or what is wrong with it. */
export function compilePattern(source: string): Pattern | string {
  try {
    const compiled = RE2JS.compile(source);
    return {
      groups: compiled.groupCount(),
      test: (text: string) => compiled.matcher(text).find(),
      match: (text: string): readonly string[] | null => {
        const matcher = compiled.matcher(text);
        if (!matcher.find()) return null;
        return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
      },
    };
  } catch (error) {
    return describe(error).message;
  }
}

/** @returns the pattern; throws where the source is wrong. For sources that templates completed after the configuration was checked. */
export function patternOf(source: string): Pattern {
  const compiled = compilePattern(source);
  if (typeof compiled === 'string') throw new Error(`is not a regular expression: ${compiled}`);
  return compiled;
}
