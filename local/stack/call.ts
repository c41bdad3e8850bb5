/** Calls a function and reads its report. */
import type { RunReport } from '../../shared/result';

/** One call: what it asks for, the headers that say who asks, and how long it may take. */
export interface Call {
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
}

/**
 * @param url of the function
 * @returns the report; its status says nothing more, since a run that could not tell answers 500 with a whole report
 * @throws an Error that says why there is none
 */
export async function callFunction(url: string, { body, headers, deadlineMs }: Call): Promise<RunReport> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const text = await response.text();
  const answer = parseJson(text) as { results?: unknown; error?: { message?: unknown } } | undefined;
  if (Array.isArray(answer?.results)) return answer as unknown as RunReport;
  const said = answer?.error?.message;
  throw new Error(typeof said === 'string' ? said : `status ${response.status} without a report: ${text.slice(0, 200)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
