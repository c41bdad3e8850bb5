/** What a context offers inside an attempt: limits of its parts, and things tried aside. */
import * as z from 'zod';
import { Fault } from '../../../shared/fault';
import { defineKind, type ProbeContext } from '../../../shared/probe';
import type { Result } from '../../../shared/result';
import { watchLeaks } from '../../support/leaks';
import { probeOne } from '../../support/probing';
import { closingServer, silentServer, type RawServer } from '../../support/raw-server';

const kind = defineKind<{ port: z.ZodInt }, unknown>({
  name: 'part',
  title: 'Parts',
  fields: { port: z.int() },
  conditions: {},
  defaults: {},
  tls: false,
  endpoints: () => [],
});

let silent: RawServer;
beforeAll(async () => {
  silent = await silentServer();
});
afterAll(() => silent.close());

/** Makes an attempt of 500 ms at a silent server. */
function attempted(run: (context: ProbeContext, to: { host: string; port: number }) => Promise<unknown>): Promise<Result> {
  const probe = { run: ({ port }: { readonly port: number }, context: ProbeContext) => run(context, { host: '127.0.0.1', port }) };
  return probeOne({ kind, probe }, { port: silent.port, timeout: '500ms' });
}

const forever = (): Promise<never> => new Promise<never>(() => {});
const late = (ms: number): string => `nothing within ${ms} ms`;

describe('a phase', () => {
  test('that the deadline ends has its time all the same', async () => {
    const result = await attempted((context) => context.phase('exchange', forever));
    expect(result).toMatchObject({ reason: 'timeout', phase: 'exchange' });
    expect(result.phases.exchange).toBeGreaterThan(400);
  });

  test('counts as often as it is gone through, also at the same time', async () => {
    const wait = (ms: number) => (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const result = await attempted((context) => Promise.all([context.phase('api', wait(50)), context.phase('api', wait(80))]));
    expect(result.outcome).toBe('success');
    expect(result.phases.api).toBeGreaterThan(125);
  });
});

describe('a part of a phase', () => {
  test('gives what its work gives, and leaves nothing behind', async () => {
    const leaks = await watchLeaks();
    let given: unknown;
    const result = await attempted(async (context) => {
      given = await context.phase('exchange', () => context.within(undefined, async () => 7, late));
    });
    expect(result.outcome).toBe('success');
    expect(given).toBe(7);
    await leaks.assertNothingLeft();
  });

  test('ends with its own limit, in its own words', async () => {
    const result = await attempted((context) => context.phase('exchange', () => context.within(100, forever, late)));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'exchange', message: 'nothing within 100 ms' });
    expect(result.durationMs).toBeLessThan(400);
  });

  test('without a limit, or with too long a one, ends just ahead of the attempt', async () => {
    for (const limit of [undefined, 60_000]) {
      const result = await attempted(async (context) => {
        await context
          .phase('exchange', () => context.within(limit, forever, late))
          .catch((error: unknown) => {
            context.find({ subject: 'part', outcome: 'failure', reason: 'timeout', message: 'told', durationMs: null });
            throw error;
          });
      });
      expect(result).toMatchObject({ reason: 'timeout', phase: 'exchange', message: expect.stringMatching(/^nothing within 4\d\d ms$/) });
      expect(result.findings).toMatchObject([{ subject: 'part' }]);
      expect(result.durationMs).toBeLessThan(600);
    }
  });

  test('during which our own loop was blocked says nothing of the target', async () => {
    const blocking = async (): Promise<never> => {
      const until = performance.now() + 80;
      while (performance.now() < until);
      return forever();
    };
    const result = await attempted((context) => context.phase('exchange', () => context.within(150, blocking, late)));
    expect(result).toMatchObject({
      outcome: 'unknown',
      reason: 'prober_exhausted',
      message: expect.stringMatching(/^nothing within 150 ms, but/),
    });
  });
});

describe('what is tried aside', () => {
  test('does not count: phases, facts, warnings and findings stay as they were', async () => {
    const leaks = await watchLeaks();
    const result = await attempted(async (context, to) => {
      await context.dial({ to });
      context.observe({ 'line.answer': 'own' });
      const phases = await context.aside(async (aside) => {
        await aside.dial({ to });
        aside.observe({ 'line.answer': 'other' });
        aside.warn({ subject: 'other', reason: 'timeout', message: 'other', durationMs: null });
        aside.find({ subject: 'other', outcome: 'failure', reason: 'timeout', message: 'other', durationMs: null });
        await aside.phase('exchange', async () => {});
        return 'done';
      });
      expect(phases).toBe('done');
      throw new Fault('assertion_failed', 'own');
    });
    expect(result).toMatchObject({ reason: 'assertion_failed', phase: 'connect', findings: [], warnings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect']);
    expect(result.observed).toEqual({ 'address.ip': '127.0.0.1', 'line.answer': 'own' });
    await leaks.assertNothingLeft();
  });

  test('tells its faults to who tries it, and ends with the attempt', async () => {
    const caught = await attempted(async (context) => {
      const trying = context.aside((aside) => aside.phase('exchange', async () => Promise.reject(new Error('broken'))));
      await expect(trying).rejects.toMatchObject({ reason: 'protocol_error', message: 'broken' });
    });
    expect(caught.outcome).toBe('success');
    const endless = await attempted(async (context, to) => {
      await context.dial({ to });
      await context.aside((aside) => aside.phase('exchange', forever));
    });
    expect(endless).toMatchObject({ outcome: 'failure', phase: 'connect' });
    expect(endless.durationMs).toBeLessThan(600);
  });
});

describe('a part of the attempt', () => {
  const part = 'exchange';

  test('has phases of its own, gives its facts away, and only its warnings count', async () => {
    const leaks = await watchLeaks();
    const facts = {};
    const result = await attempted(async (context, to) => {
      const done = await context.part(undefined, facts, async (own) => {
        await own.dial({ to });
        own.warn({ subject: 'own', reason: 'timeout', message: 'own', durationMs: null });
        own.find({ subject: 'own', outcome: 'failure', reason: 'timeout', message: 'own', durationMs: null });
        return own.phase(part, async () => 'done');
      });
      expect(done).toBe('done');
    });
    expect(result).toMatchObject({ outcome: 'degraded', phases: {}, observed: {}, findings: [], warnings: [{ subject: 'own' }] });
    expect(facts).toEqual({ 'address.ip': '127.0.0.1' });
    await leaks.assertNothingLeft();
  });

  test('closes its connections when it ends, well or not, while others go on', async () => {
    const open = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return silent.connections();
    };
    const result = await attempted(async (context, to) => {
      await context.part(undefined, {}, async (one) => {
        await one.dial({ to });
        await context.part(undefined, {}, (other) => other.dial({ to }));
        expect(await open()).toBe(1);
      });
      expect(await open()).toBe(0);
      const failing = context.part(undefined, {}, async (own) => {
        await own.dial({ to });
        throw new Fault('assertion_failed', 'wrong');
      });
      await expect(failing).rejects.toMatchObject({ message: 'wrong' });
      expect(await open()).toBe(0);
    });
    // What is expected inside of a probe shows in its result only.
    expect(result).toMatchObject({ outcome: 'success', message: 'ok' });
  });

  test('ends with its own limit, with the reason of the phase that it was in', async () => {
    const result = await attempted(async (context) => {
      const inDns = context.part(100, {}, (own) => own.phase('dns', forever));
      const inExchange = context.part(100, {}, (own) => own.phase(part, forever));
      await expect(inDns).rejects.toMatchObject({ reason: 'dns_unavailable', message: 'no answer within 100 ms (in phase dns)' });
      await expect(inExchange).rejects.toMatchObject({ reason: 'timeout', message: 'no answer within 100 ms (in phase exchange)' });
      await context.phase(part, async () => {});
    });
    expect(result.outcome).toBe('success');
    expect(result.durationMs).toBeLessThan(400);
  });

  test('without a limit ends just ahead of the attempt, however the parts are nested', async () => {
    const leaks = await watchLeaks();
    const result = await attempted(async (context) => {
      await context.part(undefined, {}, (own) => own.part(60_000, {}, (inner) => inner.phase(part, forever)));
    });
    expect(result).toMatchObject({ reason: 'timeout', message: expect.stringMatching(/^no answer within 4\d\d ms/) });
    expect(result.durationMs).toBeLessThan(600);
    await leaks.assertNothingLeft();
  });

  test('does not hear of a connection that another part lost', async () => {
    const closing = await closingServer();
    const result = await attempted(async (context, to) => {
      const other = context.part(undefined, {}, async (own) => {
        await own.dial({ to: { host: closing.host, port: closing.port } });
        return own.phase(part, forever);
      });
      const good = context.part(undefined, {}, async (own) => {
        await own.dial({ to });
        return own.phase(part, () => new Promise((resolve) => setTimeout(() => resolve('good'), 100)));
      });
      await expect(other).rejects.toMatchObject({ reason: 'connection_reset' });
      expect(await good).toBe('good');
      await context.phase(part, async () => {});
    });
    await closing.close();
    expect(result.outcome).toBe('success');
  });
});
