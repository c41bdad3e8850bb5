/** A step of a deployment: what bash runs, shows and asks, without any of it being read by a shell again. */
import type { Api, Document, Method } from './google';

/** A request to one of the APIs, for what no released gcloud command does. */
export interface ApiRequest {
  readonly method: Method;
  readonly api: Api;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Document;
  /** The collection of the document that this writes: what the server made of it is noted in its fingerprint. */
  readonly seals?: string;
}

export interface Step {
  /** For people, e.g. `function synthetics-staging-http: deploy`. */
  readonly title: string;
  /** The titles of those that were put together in it. */
  readonly parts?: readonly string[];
  /** Steps of one lane run one after the other; lanes run side by side. */
  readonly lane: string;
  readonly command: { readonly gcloud: readonly string[] } | { readonly requests: readonly ApiRequest[] };
  /** Lines that say what somebody changed by hand and that this step would take back; it runs only when told so. */
  readonly takesBack?: readonly string[];
  /** It only makes sense once the step before it in the lane has run. */
  readonly followsUp?: boolean;
  /** A failure that says this is none: an earlier try, or somebody else, has done it. */
  readonly done?: RegExp;
}

/** What a stage wants done. */
export interface Stage {
  readonly steps: readonly Step[];
  /** What is there already and stays as it is, e.g. `5 as planned`. */
  readonly kept: string;
  /** What the user should know, one sentence each; shown now and in the summary. */
  readonly notes: readonly string[];
}

/** @returns the words; it lets a long command be read in groups. */
export function words(...some: readonly string[]): readonly string[] {
  return some;
}

const plain = /^[\w@%+=:,./-]+$/;

/** @returns the word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** @returns the command line that a person may paste. */
export function shellLine(line: readonly string[]): string {
  return line.map(quoted).join(' ');
}

/** More requests than that are put together: each step starts a program. */
const mostAlone = 20;
const mostTogether = 50;

/** @returns the steps, where there are many, with those joined that are requests and ask nothing; `noun` says what of. */
export function joined(steps: readonly Step[], lane: string, noun: string): readonly Step[] {
  if (steps.length <= mostAlone) return steps;
  const asking = steps.filter(({ takesBack }) => takesBack !== undefined);
  const others = steps.filter(({ takesBack }) => takesBack === undefined);
  const groups = Array.from({ length: Math.ceil(others.length / mostTogether) }, (_unused, index) =>
    others.slice(index * mostTogether, (index + 1) * mostTogether),
  );
  return [
    ...groups.map((group, index): Step => ({
      title: `${noun}: ${index * mostTogether + 1} to ${index * mostTogether + group.length} of ${others.length}`,
      parts: group.map(({ title }) => title),
      lane: `${lane} ${index}`,
      command: { requests: group.flatMap(({ command }) => ('requests' in command ? command.requests : [])) },
    })),
    ...asking,
  ];
}
