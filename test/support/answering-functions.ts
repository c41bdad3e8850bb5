/** A server on loopback that answers as deployed functions do, by the last part of the path; what each answers is up to the test. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Outcome, Result } from '../../shared/result';

/** What one call is answered with: a document, a text, or nothing at all for ever. */
export interface Reply {
  readonly status?: number;
  readonly document?: object;
  readonly text?: string;
  readonly delayMs?: number;
  readonly silent?: boolean;
}

/** A call as it arrived. */
export interface Arrived {
  readonly kind: string;
  readonly method: string;
  readonly authorization?: string;
  readonly body: Record<string, unknown>;
}

/** What is answered, by the kind and how often it was called, from 1. */
export type Answering = (kind: string, call: number) => Reply;

/** The functions. */
export interface AnsweringFunctions {
  readonly url: URL;
  readonly calls: readonly Arrived[];
  close(): Promise<void>;
}

/** A result as a function gives it. */
export function result(kind: string, target: string, outcome: Outcome = 'success', more: Partial<Result> = {}): Result {
  const isWell = outcome === 'success';
  return {
    kind,
    target,
    severity: 'critical',
    outcome,
    reason: isWell ? null : outcome === 'unknown' ? 'api_denied' : 'connect_refused',
    domain: isWell ? null : outcome === 'unknown' ? 'monitor' : 'network',
    owner: isWell ? null : outcome === 'unknown' ? 'monitor' : 'infrastructure',
    phase: isWell ? null : 'connect',
    code: null,
    message: isWell ? 'ok' : 'nobody there',
    hint: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 12,
    phases: {},
    observed: {},
    warnings: [],
    findings: [],
    attempts: 1,
    firstOutcome: outcome,
    ...more,
  };
}

let runs = 0;

/** A whole answer, of the environment `staging` unless said otherwise. */
export function report(kind: string, results: readonly Result[], more: object = {}): object {
  runs += 1;
  return { runId: `RUN${runs}`, function: kind, version: '0.1.0', configHash: 'abc', environment: 'staging', results, ...more };
}

/**
 * Starts them on a free port.
 * @param tls with it they speak HTTPS
 */
export async function answeringFunctions(
  reply: Answering,
  tls?: { readonly cert: string; readonly key: string },
): Promise<AnsweringFunctions> {
  const calls: Arrived[] = [];
  const answer: RequestListener = (request, response) => {
    void (async () => {
      const kind = request.url?.split('/').at(-1) ?? '';
      const { authorization } = request.headers;
      calls.push({ kind, method: request.method ?? '', authorization, body: JSON.parse(await text(request)) as Record<string, unknown> });
      const {
        status = 200,
        document,
        text: said = '',
        delayMs = 0,
        silent = false,
      } = reply(kind, calls.filter((each) => each.kind === kind).length);
      if (silent) return;
      setTimeout(() => {
        response.writeHead(status, { 'content-type': document ? 'application/json' : 'text/html' });
        response.end(document ? JSON.stringify(document) : said);
      }, delayMs);
    })();
  };
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    calls,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
