/** WebSocket servers: the upgrade, a ping, and a dialogue that the configuration scripts. */
import * as z from 'zod';
import { equals } from '../shared/conditions';
import { headers, tls } from '../shared/config/fields';
import { tell } from '../shared/config/partly';
import { Fault } from '../shared/fault';
import { defineKind, type ProbeContext, type ProbeOf, type Resolved } from '../shared/probe';
import type { Reason } from '../shared/reasons';
import { addressProblems, dialogueFields, dialogueProblems, endpointsOf, isPlain, url, variablesOf } from '../shared/websocket/fields';
import { open, type Opening } from '../shared/websocket/open';
import { measurePing, play } from '../shared/websocket/script';
import type { Session } from '../shared/websocket/session';

const fields = {
  ...dialogueFields,
  compareWith: z
    .strictObject({ url, headers: headers.optional(), tls: tls.optional() })
    .optional()
    .describe('The same service without what is in front of it: tells whether the load balancer strips headers'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'websocket',
  title: 'WebSocket',
  fields,
  conditions: { subprotocol: equals('websocket.subprotocol', z.string().min(1), 'assertion_failed') },
  defaults: {},
  tls: true,
  endpoints: (target) => [...endpointsOf(target.url), ...endpointsOf(target.compareWith?.url)],
  plain: isPlain,
  check: (target) => [
    ...dialogueProblems(target),
    ...tell(() => (target.compareWith ? addressProblems(target.compareWith, ['compareWith']) : [])),
  ],
  variablesAt({ steps }, [area, index]) {
    return area === 'steps' && typeof index === 'number' ? variablesOf(steps.slice(0, index)) : [];
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
        if (ping) await measurePing(session, context);
        await play(steps, session, context, { told: (latencies) => context.observe({ 'websocket.eventLatencyMs': latencies }) });
      });
    await session.close(context.remaining() / 2);
    return undefined;
  },
};
