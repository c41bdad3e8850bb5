/** Asks the status function, and says in a sentence why there is no answer. */
import { browserNow, learnTime } from '../clock';
import { urlOf } from './address';

const limitMs = 30_000;

/** What was answered instead of what was asked for. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    message: string,
    /** The HTTP status. */
    readonly status: number,
  ) {
    super(message);
  }
}

function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Refused where the answer says that it is none */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body = await response.text();
  throw new Refused(messageOf(body) ?? `The answer was ${response.status} ${response.statusText}`.trimEnd() + '.', response.status);
}

/** @returns a sentence on what went wrong. */
export function whyNot(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof DOMException && error.name === 'TimeoutError') return `No answer within ${limitMs / 1000} s.`;
  if (error instanceof TypeError) return 'The status function cannot be reached.';
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param path relative to the page; with a leading slash, to the port.
 * @returns the answer's text
 * @throws Refused, or what fetch throws
 */
export async function ask(path: string): Promise<string> {
  const url = path.startsWith('/') ? path : urlOf(path);
  const sentAt = browserNow();
  const response = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(limitMs) });
  learnTime(response.headers.get('date'), sentAt, browserNow());
  return (await checked(response)).text();
}

/** Asks for an action. The header is what no other site can send. @throws what fetch throws */
export async function act(action: 'run' | 'verify', body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-synthetics-action': action };
  return fetch(urlOf(`api/${action}`), { method: 'POST', headers, body: JSON.stringify(body), signal });
}

/** Switches something that can be broken. @throws Refused, or what fetch throws */
export async function switchFault(name: string, on: boolean): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ on }) };
  const response = await checked(await fetch(`/faults/${encodeURIComponent(name)}`, init));
  // A browser takes back a request whose answer nobody reads.
  await response.text();
}
