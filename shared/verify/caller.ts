/** How the functions are reached, and what is taken for an answer of theirs. */
import * as z from 'zod';
import { reasons, type Reason } from '../reasons';
import { outcomes, severities, type Result } from '../result';
import { excerptOf } from '../report/text';

/** What a function answered, as it came. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** Reaches the functions. */
export interface FunctionCaller {
  /**
   * Posts to the function of a kind.
   * @param body JSON
   * @throws where no answer came, an error that says why
   */
  call(kind: string, body: string, signal: AbortSignal): Promise<Answered>;
}

/** What is read of a function's whole answer. */
export interface FunctionAnswer {
  readonly runId: string;
  readonly version: string;
  readonly configHash: string;
  readonly environment: string;
  readonly results: readonly Result[];
}

const owners = ['infrastructure', 'application', 'operator', 'monitor'] as const;
/** A function of another version may give reasons that this one does not know; nothing can be said of them. */
const reason = z
  .string()
  .nullable()
  .transform((name): Reason | null => (name !== null && Object.hasOwn(reasons, name) ? (name as Reason) : null));
const finding = z.looseObject({ subject: z.string(), outcome: z.enum(outcomes), reason, message: z.string() });
const result = z.looseObject({
  kind: z.string(),
  target: z.string(),
  severity: z.enum(severities),
  outcome: z.enum(outcomes),
  reason,
  owner: z.enum(owners).nullable(),
  message: z.string(),
  durationMs: z.number().min(0),
  observed: z.record(z.string(), z.unknown()),
  findings: z.array(finding),
  warnings: z.array(finding),
});
const answer = z.looseObject({
  runId: z.string().min(1),
  function: z.string(),
  version: z.string(),
  configHash: z.string(),
  environment: z.string(),
  results: z.array(result),
});

/**
 * @param environment the one that is verified: what is said of another tells nothing of it.
 * @returns the whole answer of the function of this kind, whatever its status; or why it is none, in a sentence.
 */
export function readAnswer(kind: string, environment: string, { status, body }: Answered): FunctionAnswer | string {
  const read = answer.safeParse(parsed(body));
  const isWhole = read.success && (status === 200 || status === 500) && read.data.function === kind;
  if (isWhole && read.data.environment !== environment) return strangeText(read.data.environment, environment);
  if (isWhole) return read.data as unknown as FunctionAnswer;
  if (read.success && read.data.function !== kind) return `the function ${excerptOf(read.data.function, 40)} answered in its place`;
  return explanationOf({ status, body });
}

/** @returns what an answer that is none says of itself: its status, what that means, and its message. */
export function explanationOf({ status, body }: Answered): string {
  const said = (parsed(body) as { error?: { message?: unknown } } | null | undefined)?.error?.message;
  const told = typeof said === 'string' ? excerptOf(said) : excerptOf(textOf(body), 120);
  return `status ${status}${hintOf(status)}${told === '' ? '' : `: ${told}`}`;
}

function strangeText(theirs: string, ours: string): string {
  return `the functions are those of ${excerptOf(theirs, 40)}, not of ${ours}; call those of ${ours}, or name the other file with --config`;
}

/** What Cloud Run's front end means by it, where no function has answered (Cloud Run, "Troubleshoot Cloud Run issues"). */
function hintOf(status: number): string {
  if (status === 401) return ' (no valid identity token)';
  if (status === 403) return ' (the caller lacks roles/run.invoker, or the ingress does not let it in)';
  if (status === 404) return ' (there is no such function, or its ingress does not let the caller in)';
  if (status === 429) return ' (no instance was free)';
  return '';
}

/** Front ends answer with pages: their text says enough. */
function textOf(body: string): string {
  return body.slice(0, 20_000).replaceAll(/<(style|script|title)\b[^]*?<\/\1>|<[^>]*>/gi, ' ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
