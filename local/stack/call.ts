/** Calls a function and reads what it answers. */
import type { RunReport } from '../../shared/result';

/** One call: what it asks for, the headers that say who asks, and how long it may take. */
export interface Call {
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
}

/** What a function answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly document: unknown;
}

/** @throws an Error that says why no answer came */
export async function ask(url: string, { body, headers, deadlineMs }: Call): Promise<Answered> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const text = await response.text();
  return { status: response.status, text, document: parseJson(text) };
}

/** @returns the error of an answer that is none of those that were hoped for. */
export function refusalOf({ status, text, document }: Answered): Error {
  const told = document as { error?: { message?: unknown }; message?: unknown } | null | undefined;
  const said = told?.error?.message ?? told?.message;
  return new Error(typeof said === 'string' && said !== '' ? said : `status ${status} without a report: ${text.slice(0, 200)}`);
}

/**
 * @param url of the function of a kind
 * @returns the report; its status says nothing more, since a run that could not tell answers 500 with a whole report
 * @throws an Error that says why there is none
 */
export async function callFunction(url: string, call: Call): Promise<RunReport> {
  const answered = await ask(url, call);
  const report = answered.document as RunReport | null | undefined;
  if (Array.isArray(report?.results)) return report;
  throw refusalOf(answered);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
