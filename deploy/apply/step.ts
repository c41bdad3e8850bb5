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

const plain = /^[\w@%+=:,./-]+$/;

/** @returns the word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** @returns the command line that a person may paste. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}
