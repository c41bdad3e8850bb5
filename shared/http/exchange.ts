/** One HTTP request and its whole answer, over as many redirects as allowed, each on a connection of its own. */
import type { Connection, TlsSettings } from '../dial/connection';
import { Fault } from '../fault';
import { canonicalHost } from '../hosts';
import type { ProbeContext } from '../probe';
import type { Observed } from '../result';
import { answerOf, type Answer } from './answer';
import { readBody } from './body';
import { bodyExcerpt } from './excerpt';
import type { Head } from './head';
import { firstHop, type Hop, type HttpRequest } from './hop';
import { sendHttp1 } from './http1';
import { sendHttp2 } from './http2';
import { locationOf, redirected } from './redirect';
import { isExpected, reasonOfStatus, type ExpectedStatus } from './status';

/** What an exchange needs of a probe's context. */
export type ExchangeContext = Pick<ProbeContext, 'dial' | 'phase' | 'observe' | 'remaining' | 'redact' | 'startOver'>;

const offered = { auto: ['h2', 'http/1.1'], '1.1': ['http/1.1'], '2': ['h2'] } as const;

/** How the host of a request became the one that it is. */
type Origin = { readonly status: number } | undefined;

function destinationOf({ url, path, tls }: Hop, { version }: HttpRequest, origin: Origin): Parameters<ProbeContext['dial']>[0] {
  const settings: TlsSettings | undefined = tls && { ...tls, alpn: offered[version] };
  if (path !== undefined) return { to: { path }, tls: settings };
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return {
    to: { host: canonicalHost(url.hostname), port },
    tls: settings,
    refused: origin && ((message) => refusedRedirect(origin.status, `refused: ${message}`)),
  };
}

/** Speaks the version that both sides chose, or that was asked for where nobody chooses. */
function send(hop: Hop, { version }: HttpRequest, connection: Connection): Promise<Head> {
  const { socket } = connection;
  const isSecured = 'alpnProtocol' in socket;
  const isHttp2 = isSecured ? socket.alpnProtocol === 'h2' : version === '2';
  if (version === '2' && !isHttp2) throw new Fault('protocol_error', 'the server did not choose HTTP/2, which alone was offered');
  return isHttp2 ? sendHttp2(hop, connection) : sendHttp1(hop, connection);
}

const refusedRedirect = (status: number, message: string): Fault =>
  new Fault('unexpected_status', `the redirect (${status}) was ${message}`, { code: String(status) });

/** @returns the request that the answer leads to, if it does. */
function followed(hop: Hop, { status, header }: Head, left: number, limit: number): Hop | undefined {
  const to = limit > 0 ? locationOf(status, header('location'), hop) : undefined;
  if (to === undefined) return undefined;
  if (typeof to === 'string') throw refusedRedirect(status, `refused: it leads ${to}`);
  if (left === 0)
    throw new Fault('unexpected_status', `more than ${limit} redirects; the last one leads to ${to.origin}${to.pathname}`, {
      code: String(status),
    });
  const next = redirected(hop, status, to);
  if (typeof next === 'string') throw refusedRedirect(status, `refused: it leads ${next}`);
  return next;
}

function factsOf({ status, version, header }: Head, redirects: number, { redact }: ExchangeContext): Observed {
  const short = (name: string): string | null => redact(header(name) ?? '').slice(0, 200) || null;
  return {
    'http.status': status,
    'http.version': version,
    'http.redirects': redirects,
    'http.contentType': short('content-type'),
    'http.server': short('server'),
  };
}

/** @returns the fault of an answer whose status was not expected, with what it says of itself. */
async function statusFault(head: Head, hop: Hop, context: ExchangeContext): Promise<Fault> {
  const { status, header, body } = head;
  const excerpt = await bodyExcerpt(body, header, context);
  const location = locationOf(status, header('location'), hop);
  const to = location instanceof URL ? ` to ${location.origin}${location.pathname}` : '';
  return new Fault(reasonOfStatus(status, header, 'unexpected_status'), `the status is ${status}${to}${excerpt && `: ${excerpt}`}`, {
    code: String(status),
  });
}

/**
 * Goes through the phases dns, connect, tls, request and transfer; over redirects those of the last request count.
 * @param expected the statuses that are good; any other ends the exchange without the rest of its body.
 * @throws Fault: for a status by what it says, `unexpected_status` for too many or refused redirects, `body_too_large`,
 *   `connection_reset` for a body that was cut off, `protocol_error`, `config_invalid` for what can't be sent.
 */
export async function exchange(request: HttpRequest, expected: readonly ExpectedStatus[], context: ExchangeContext): Promise<Answer> {
  let hop = firstHop(request);
  let origin: Origin;
  for (let redirects = 0; ; redirects += 1) {
    const sent = hop;
    const connection = await context.dial(destinationOf(sent, request, origin));
    const { head, next } = await context.phase('request', async () => {
      const answered = await send(sent, request, connection);
      context.observe(factsOf(answered, redirects, context));
      return { head: answered, next: followed(sent, answered, request.redirects - redirects, request.redirects) };
    });
    if (!next) return await transfer(head, sent, request, expected, context);
    head.close();
    context.startOver();
    origin = head;
    hop = next;
  }
}

async function transfer(
  head: Head,
  hop: Hop,
  { maxBody }: HttpRequest,
  expected: readonly ExpectedStatus[],
  context: ExchangeContext,
): Promise<Answer> {
  const body = await context.phase('transfer', async () => {
    if (!isExpected(head.status, expected)) throw await statusFault(head, hop, context);
    return readBody(head, maxBody);
  });
  head.close();
  context.observe({ 'http.bodyBytes': body.length });
  return answerOf(head, body, context.redact);
}
