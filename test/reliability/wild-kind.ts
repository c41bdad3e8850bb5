/** A kind whose probe does what no probe should, where it is told to: throws what can't be caught well, and waits for ever. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { defineKind, type ProbeContext, type ProbeOf } from '../../shared/probe';
import type { Runnable } from '../../shared/run/attempt';
import { throwables } from './hostile-throwables';

/** Where the probe throws, or what it waits for. */
export const places = [
  'outside-at-once',
  'outside-later',
  'phase-at-once',
  'phase-later',
  'within',
  'part',
  'aside',
  'explain',
  'judge',
  'evidence',
  'fact',
  'left-alone',
] as const;
export const waits = ['outside', 'phase', 'within', 'part', 'aside', 'after-the-deadline'] as const;

const fields = {
  port: z.int(),
  throws: z.string().optional(),
  at: z.enum(places).optional(),
  waits: z.enum(waits).optional(),
};

const forever = (): Promise<never> => new Promise<never>(() => {});
const raise = (name: string | undefined): never => {
  throw throwables[name ?? '']?.();
};

/** What `explain` is to throw, once. */
let unexplained: string | undefined;

const kind = defineKind<typeof fields, unknown>({
  name: 'wild',
  title: 'What no probe should do',
  fields,
  conditions: { throws: { schema: z.string(), reason: 'assertion_failed', judge: (name: string) => raise(name) } },
  defaults: { timeoutMs: 1000 },
  tls: false,
  endpoints: ({ port }) => [{ host: '127.0.0.1', port }],
});

/** Evidence and facts whose fields throw when they are read. */
const unreadable = (name: string | undefined): object => ({
  get fact(): never {
    return raise(name);
  },
});

type Place = (typeof places)[number];

function throwAt(at: Place, name: string | undefined, context: ProbeContext): Promise<unknown> {
  const later = async (): Promise<never> => {
    await delay(1);
    return raise(name);
  };
  switch (at) {
    case 'outside-at-once':
      return raise(name);
    case 'outside-later':
      return later();
    case 'phase-at-once':
      return context.phase('exchange', () => raise(name));
    case 'phase-later':
      return context.phase('exchange', later);
    case 'within':
      return context.phase('exchange', () => context.within(500, () => raise(name), String));
    case 'part':
      return context.part(500, {}, (part) => part.phase('exchange', later));
    case 'aside':
      return context.aside((aside) => aside.phase('exchange', later));
    case 'explain':
      unexplained = name;
      return context.phase('exchange', () => raise('error'));
    case 'evidence':
      // eslint-disable-next-line unicorn/no-thenable
      return Promise.resolve(Object.defineProperty({}, 'then', { get: () => raise(name) }));
    case 'fact':
      return Promise.resolve(context.observe(unreadable(name) as never));
    case 'left-alone':
      // Begun, and not waited for.
      void context.phase('exchange', later).catch(() => undefined);
      return later();
    case 'judge':
      break;
  }
  return Promise.resolve();
}

async function waitFor(what: (typeof waits)[number], context: ProbeContext): Promise<unknown> {
  if (what === 'outside') return forever();
  if (what === 'phase') return context.phase('exchange', forever);
  if (what === 'within') return context.phase('exchange', () => context.within(undefined, forever, (ms) => `nothing within ${ms} ms`));
  if (what === 'part') return context.part(undefined, {}, (part) => part.phase('exchange', forever));
  if (what === 'aside') return context.aside(forever);
  // Deaf, and alive again when everything is over.
  const dialled = context.remaining() + 200;
  await context.phase('exchange', () => delay(dialled)).catch(() => undefined);
  await delay(300);
  context.observe({ 'wild.late': true });
  context.warn({ subject: 'late', reason: 'timeout', message: 'late', durationMs: null });
  return undefined;
}

const probe: ProbeOf<typeof kind> = {
  // No async function, so that what it throws at once is thrown at once.
  run({ port, throws, at, waits: wait }, context) {
    if (at?.startsWith('outside')) return throwAt(at, throws, context);
    return context.dial({ to: { host: '127.0.0.1', port } }).then(() => {
      if (at) return throwAt(at, throws, context);
      return wait ? waitFor(wait, context) : undefined;
    });
  },
  explain() {
    const name = unexplained;
    unexplained = undefined;
    return name === undefined ? undefined : raise(name);
  },
};

/** The kind with its code. */
export const wild: Runnable = { kind, probe };
