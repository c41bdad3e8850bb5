/** In what the functions' configuration differs from the one that is verified: what they were not told, they did not look at. */
import type { Config } from '../config/config';
import type { SliceHashes } from '../config/config-slice';
import { groupBy } from '../group';
import { excerptOf } from '../report/text';
import { version } from '../version';
import type { FunctionAnswer } from './caller';
import type { PlannedCall } from './calls';
import type { Round } from './rounds';
import type { Tally } from './tally';
import { roundsText } from './unreached';

/** What a function answered, and to what. */
interface Answer {
  readonly call: PlannedCall;
  readonly outcome: FunctionAnswer;
  /** Counted from 1. */
  readonly round: number;
}

const advice = 'deploy it with deploy.sh, or name the file that is deployed with --config';

/** Sentences, each with what to do. */
export interface Differences {
  /** Of functions that ran with something else than this configuration: what it asks for was not looked at. */
  readonly unlike: readonly string[];
  /** What shows by itself, since a target has no result, or more were judged; and what can't be compared. */
  readonly told: readonly string[];
}

/**
 * @param slices the hashes of what a deployment gives each function. Functions that were given the whole file, as those of the embedded
 * stack are, have its own hash. One of another version may cut, or fill in, what it was given in another way: its hash says nothing.
 */
export function differencesOf(
  { hash }: Pick<Config, 'hash'>,
  slices: SliceHashes,
  rounds: readonly Round[],
  tallies: readonly Tally[],
): Differences {
  const answers = rounds.flatMap(({ calls }, index) =>
    calls.flatMap(({ call, outcome }) => (typeof outcome === 'string' ? [] : [{ call, outcome, round: index + 1 }])),
  );
  const isOurs = ({ call: { kind }, outcome: { configHash } }: Answer): boolean =>
    configHash === hash || (slices.get(kind) ?? []).includes(configHash);
  const foreign = answers.filter((answer) => !isOurs(answer));
  const others = groupBy(
    foreign.filter(({ outcome }) => outcome.version === version),
    ({ outcome }) => outcome.configHash,
  );
  const unlike = [...others].map(([theirs, found]) => hashText(theirs, found, { hash, slices, rounds: rounds.length }));
  return {
    unlike: advised(unlike),
    told: advised([...lackingIn(answers), ...strangeIn(tallies), ...incomparableIn(foreign)]),
  };
}

const advised = (texts: readonly string[]): readonly string[] => [...new Set(texts)].map((text) => `${text}; ${advice}`);

function incomparableIn(foreign: readonly Answer[]): readonly string[] {
  const byVersion = groupBy(
    foreign.filter(({ outcome }) => outcome.version !== version),
    ({ outcome }) => outcome.version,
  );
  return [...byVersion].map(([theirs, found]) => {
    const kinds = [...new Set(found.map(({ call }) => call.kind))];
    const who = kinds.length === 1 ? `the function ${kinds[0]} is` : `the functions ${kinds.join(', ')} are`;
    return `${who} of version ${excerptOf(theirs, 40)}, this is ${version}: whether this configuration is what ran can't be told`;
  });
}

function lackingIn(answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ call, outcome }) => {
    const known = new Set(outcome.results.map(({ target }) => target));
    const names = call.targets.map(({ name }) => name).filter((name) => !known.has(name));
    return names.length === 0 ? [] : [`the function ${call.kind} does not know ${names.join(', ')}: it runs with another configuration`];
  });
}

function strangeIn(tallies: readonly Tally[]): readonly string[] {
  const strange = groupBy(
    tallies.filter(({ configured }) => !configured),
    ({ kind }) => kind,
  );
  return [...strange].map(([kind, found]) => {
    const names = found.map(({ target }) => excerptOf(target, 80)).join(', ');
    return `the function ${kind} has targets that this configuration lacks: ${names}`;
  });
}

/** What a foreign hash is compared with. */
interface Ours {
  readonly hash: string;
  readonly slices: SliceHashes;
  /** How many there were. */
  readonly rounds: number;
}

/** Functions that have the whole of another file have the same hash; those that have their part of one have a hash each. */
function hashText(theirs: string, found: readonly Answer[], { hash, slices, rounds }: Ours): string {
  const kinds = [...new Set(found.map(({ call }) => call.kind))];
  const [first = ''] = kinds;
  const seenIn = [...new Set(found.map(({ round }) => round))];
  const when = seenIn.length === rounds ? '' : ` in ${roundsText(seenIn)}`;
  const told = excerptOf(theirs, 40);
  if (kinds.length > 1) return `the functions ${kinds.join(', ')} ran with the configuration ${told}${when}, this one is ${hash}`;
  const own = slices.get(first) ?? [];
  const part = own.length === 0 ? '' : `, or ${own.join(' or ')} for this function's part`;
  return `the function ${first} ran with the configuration ${told}${when}, this one is ${hash} as a whole${part}`;
}
