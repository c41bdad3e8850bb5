/** A kind for tests of the engine: sends a line and expects one back, over plain TCP or TLS. */
import { once } from 'node:events';
import * as z from 'zod';
import { equals } from '../../shared/conditions';
import { secretValue, tls } from '../../shared/config/fields';
import { Fault } from '../../shared/fault';
import { defineKind, type ProbeOf } from '../../shared/probe';
import type { Runnable } from '../../shared/run/attempt';

const fields = {
  host: z.string(),
  port: z.int(),
  tls: tls.optional(),
  send: secretValue.default('hello'),
  /** What the probe does besides: tests of the engine's own limits. */
  behave: z.enum(['well', 'throw', 'throw-text', 'hang', 'hang-outside', 'block', 'nothing']).default('well'),
};

const kind = defineKind<typeof fields, unknown>({
  name: 'line',
  title: 'Lines',
  fields,
  conditions: { answer: equals('line.answer', z.string(), 'assertion_failed') },
  defaults: { timeoutMs: 1000 },
  tls: true,
  endpoints: ({ host, port }) => [{ host, port }],
  plain: ({ tls: settings }) => settings === undefined,
});

/** Waits without looking at the signal, as a deaf driver does. */
const forever = (): Promise<never> => new Promise<never>(() => {});

const probe: ProbeOf<typeof kind> = {
  async run({ host, port, tls: settings, send, behave }, context) {
    if (behave === 'throw') throw new TypeError('thrown outside of a phase');
    // eslint-disable-next-line no-throw-literal
    if (behave === 'throw-text') throw 'a text';
    if (behave === 'hang-outside') await forever();
    const { socket } = await context.dial({ to: { host, port }, tls: settings });
    if (behave === 'nothing') return undefined;
    if (behave === 'block') {
      const until = performance.now() + context.remaining() / 2;
      while (performance.now() < until);
    }
    const answer = await context.phase('exchange', async () => {
      if (behave === 'hang') await forever();
      socket.write(`${send}\n`);
      const [data] = (await once(socket, 'data')) as [Buffer];
      return data.toString().trim();
    });
    if (answer === 'denied') throw new Fault('credentials_rejected', `the server refused ${send}`, { code: 'E1' });
    context.observe({ 'line.answer': answer });
    return undefined;
  },
};

/** The kind with its code. */
export const line: Runnable = { kind, probe };
