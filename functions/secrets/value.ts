/** Judges a value by its rules, in words that tell nothing of it. */
import { forbiddenAmong } from '../../shared/hosts';
import { patternOf } from '../../shared/pattern';
import { breach, type Breach } from './breach';
import { formatProblem } from './format';
import { hostsIn } from './hosts-in';
import { isPlaceholder } from './placeholder';
import type { Requirement } from './requirement';

/** White space of any script, and the characters that nobody sees: a byte order mark, zero-width spaces and joiners. */
const unseen = '[\\s\\u00AD\\u200B-\\u200D\\u2060\\uFEFF]';
const onlyUnseen = new RegExp(`^${unseen}*$`, 'u');
const edge = new RegExp(`^${unseen}|${unseen}$`, 'u');

/** Rules that read the value as a text. */
const textRules = ['format', 'minLength', 'maxLength', 'matches', 'notMatches'] as const;

/**
 * @param data the value, or undefined where there is none.
 * @param now milliseconds since 1970.
 */
export function valueBreaches(
  data: Uint8Array | undefined,
  rule: Requirement,
  forbiddenHosts: readonly string[],
  now: number,
): readonly Breach[] {
  if (!data) return [];
  const text = textOf(data);
  if (text === undefined) {
    const needs = textRules.find((key) => rule[key] !== undefined);
    const hosts = forbiddenProblem(Buffer.from(data).toString('latin1'), forbiddenHosts);
    return malformed([needs && `the value is no text in UTF-8, which ${needs} needs`, hosts]);
  }
  if (onlyUnseen.test(text))
    return [breach('secret_empty', text === '' ? 'the value is empty' : 'the value holds nothing but white space')];
  return malformed([
    isPlaceholder(text) ? 'the value is a placeholder' : undefined,
    allowsEdges(rule) || !edge.test(text) ? undefined : edgeProblem(text),
    formatProblem(text, rule, now),
    ...lengthProblems(text, rule),
    rule.matches !== undefined && !patternOf(rule.matches).test(text) ? 'the value does not match `matches`' : undefined,
    rule.notMatches !== undefined && patternOf(rule.notMatches).test(text) ? 'the value matches `notMatches`' : undefined,
    forbiddenProblem(text, forbiddenHosts),
  ]);
}

function malformed(problems: readonly (string | undefined)[]): readonly Breach[] {
  return problems.flatMap((problem) => (problem === undefined ? [] : [breach('secret_malformed', problem)]));
}

/** @returns the text, its byte order mark included, or undefined where the bytes are no UTF-8. */
function textOf(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
}

function allowsEdges({ allowWhitespace, format }: Requirement): boolean {
  return allowWhitespace || format === 'json' || format === 'pem-certificate' || format === 'pem-private-key';
}

function edgeProblem(text: string): string {
  if (/[\r\n]$/.test(text)) return 'the value ends in a line break';
  return /^\s|\s$/.test(text.replaceAll('\uFEFF', ''))
    ? 'the value begins or ends with white space'
    : 'the value begins or ends with a character that nobody sees';
}

/** Characters, not bytes and not UTF-16's units. */
function lengthProblems(text: string, { minLength = 0, maxLength = Infinity }: Requirement): (string | undefined)[] {
  const length = Array.from(text).length;
  return [
    length < minLength ? `the value is shorter than minLength, ${minLength}` : undefined,
    length > maxLength ? `the value is longer than maxLength, ${maxLength}` : undefined,
  ];
}

function forbiddenProblem(text: string, patterns: readonly string[]): string | undefined {
  const forbidden = patterns.length === 0 ? undefined : forbiddenAmong(patterns, hostsIn(text));
  return forbidden && `the value names a host that forbiddenHosts rules out by ${forbidden}`;
}
