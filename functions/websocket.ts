/** WebSocket servers: the upgrade, a ping, and a dialogue that the configuration scripts. */
import * as z from 'zod';
import { equals } from '../shared/conditions';
import { headers, isTemplate, tls, tlsProblems, urlValue } from '../shared/config/fields';
import { tell } from '../shared/config/partly';
import { Fault } from '../shared/fault';
import { parseUrl } from '../shared/hosts';
import { defineKind, type ProbeOf, type Endpoint, type Problem, type ProbeContext, type Resolved } from '../shared/probe';
import type { Reason } from '../shared/reasons';
import { roundMs } from '../shared/result';
import { open, type Opening } from '../shared/websocket/open';
import { play } from '../shared/websocket/script';
import type { Session } from '../shared/websocket/session';
import { step, stepProblems } from '../shared/websocket/steps';

const url = urlValue(['ws', 'wss']);

const fields = {
  url,
  headers: headers.optional(),
  subprotocols: z.array(z.string().min(1)).min(1).optional(),
  origin: z.string().min(1).optional(),
  tls: tls.optional(),
  ping: z.boolean().default(true),
  steps: z.array(step).default([]),
  compareWith: z
    .strictObject({ url, headers: headers.optional(), tls: tls.optional() })
    .optional()
    .describe('The same service without what is in front of it: tells whether the load balancer strips headers'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

/** What the handshake itself says (RFC 6455, 4.1); `subprotocols` has a field of its own. */
const handshakeHeaders = new Set([
  'connection',
  'upgrade',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
]);

function headerProblems(given: Target['headers'], path: readonly (string | number)[]): readonly Problem[] {
  return Object.keys(given ?? {})
    .filter((name) => handshakeHeaders.has(name.toLowerCase()))
    .map((name) => ({
      path: [...path, 'headers', name],
      message: 'is set by the handshake itself; allowed: other headers, and subprotocols for Sec-WebSocket-Protocol',
    }));
}

function subprotocolProblems(names: readonly string[] = []): readonly Problem[] {
  return names.flatMap((name, index): Problem[] => {
    const path = ['subprotocols', index];
    if (names.indexOf(name) !== index) return [{ path, message: 'stands there twice; allowed: each subprotocol once' }];
    // RFC 6455, 4.1: a token as in HTTP. What a template yields is known only when it is sent.
    if (isTemplate(name) || /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return [];
    return [{ path, message: 'is not a subprotocol; allowed: letters, digits and -, without blanks and commas' }];
  });
}

/** What is wrong with an address of the service: the target's own, or the one to compare with. */
function addressProblems(place: Pick<Target, 'url' | 'tls' | 'headers'>, path: readonly (string | number)[]): readonly Problem[] {
  const parsed = (): ReturnType<typeof parseUrl> => (typeof place.url === 'string' ? parseUrl(place.url) : undefined);
  return [
    ...tell(() => tlsProblems(place.tls, [...path, 'tls'])),
    ...tell(() =>
      parsed()?.scheme === 'wss' && place.tls?.mode === 'disable'
        ? [{ path: [...path, 'tls', 'mode'], message: '"disable" contradicts wss in the url; allowed: ws, or another mode' }]
        : [],
    ),
    // RFC 6455, section 3: fragment identifiers are meaningless in WebSocket URIs and MUST NOT be used.
    ...tell(() => (parsed()?.url.hash ? [{ path: [...path, 'url'], message: 'has a fragment; allowed: a URL without #' }] : [])),
    ...tell(() => headerProblems(place.headers, path)),
  ];
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'websocket',
  title: 'WebSocket',
  fields,
  conditions: { subprotocol: equals('websocket.subprotocol', z.string().min(1), 'assertion_failed') },
  defaults: {},
  tls: true,
  endpoints(target) {
    return [target.url, target.compareWith?.url].flatMap((text): Endpoint[] => {
      const parsed = typeof text === 'string' ? parseUrl(text) : undefined;
      return parsed?.host === undefined ? [] : [{ host: parsed.host, port: parsed.port ?? (parsed.scheme === 'wss' ? 443 : 80) }];
    });
  },
  plain(target) {
    if (target.tls !== undefined) return target.tls.mode === 'disable';
    return typeof target.url === 'string' && parseUrl(target.url)?.scheme === 'ws';
  },
  check: (target: Target) => [
    ...addressProblems(target, []),
    ...tell(() => (target.compareWith ? addressProblems(target.compareWith, ['compareWith']) : [])),
    ...tell(() => subprotocolProblems(target.subprotocols)),
    ...tell(() => stepProblems(target.steps)),
  ],
  variablesAt({ steps }, [area, index]) {
    if (area !== 'steps' || typeof index !== 'number') return [];
    return steps.slice(0, index).flatMap((earlier) => ('expect' in earlier ? Object.keys(earlier.capture ?? {}) : []));
  },
});

/** Refusals that something in front of the service may have caused by taking a header away. */
const maybeStripped: ReadonlySet<Reason> = new Set(['credentials_rejected', 'permission_denied', 'upgrade_rejected', 'assertion_failed']);

/** Opens the connection; one that is refused is tried at the comparison, which tells who refuses. */
async function openOrCompare(target: Resolved<Target>, context: ProbeContext): Promise<Session> {
  const { compareWith } = target;
  try {
    return await open(target, context);
  } catch (error) {
    if (!compareWith || !(error instanceof Fault) || !maybeStripped.has(error.reason)) throw error;
    const direct: Opening = { ...target, headers: compareWith.headers ?? target.headers, url: compareWith.url, tls: compareWith.tls };
    if (!(await isLetIn(direct, context))) throw error;
    throw new Fault('headers_stripped', `${error.message}; called directly, the service lets the same handshake in`, {
      code: error.code,
      cause: error,
    });
  }
}

function isLetIn(direct: Opening, context: ProbeContext): Promise<boolean> {
  return context.aside(async (aside) => {
    const opened = aside.within(
      undefined,
      () => open(direct, aside),
      (ms) => `no answer within ${ms} ms`,
    );
    // Whatever keeps us out there, too, says nothing of what is in front.
    const session = await opened.catch(() => undefined);
    await session?.close(aside.remaining() / 2).catch(() => undefined);
    return session !== undefined;
  });
}

/** The code of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    const session = await openOrCompare(target, context);
    const { ping, steps } = target;
    if (ping || steps.length > 0)
      await context.phase('message', async () => {
        if (ping) {
          const pong = await context.within(
            undefined,
            () => session.ping(),
            (ms) => `no pong within ${ms} ms`,
          );
          context.observe({ 'websocket.pingMs': roundMs(pong) });
        }
        await play(steps, session, context, { told: (latencies) => context.observe({ 'websocket.eventLatencyMs': latencies }) });
      });
    await session.close(context.remaining() / 2);
    return undefined;
  },
};
