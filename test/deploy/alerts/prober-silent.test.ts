import { heartbeatsOf, type Dot } from '../../../deploy/alerts/replay/history';
import { every, minuteMs, policiesOf, secondMs, timeline } from './asking';
import { planned } from './planned';

const endpoints = `
postgres: { orders: { host: db.internal, user: u, password: p } }
redis: { cache: { host: cache.internal } }
tcp: { broker: { host: mq.internal, port: 5672 } }
secrets: { app: { require: [{ secret: key }] } }
`;
const hourMs = 60 * minuteMs;

interface Life {
  /** Of each function: from when to when it was silent. */
  readonly silent?: Readonly<Record<string, readonly [number, number]>>;
  readonly from?: number;
  readonly lengthMs: number;
  /** Beats are stamped up to this much after their time. */
  readonly jitterMs?: number;
  readonly trigger?: string;
}

function beatsOf({ silent = {}, from = 0, lengthMs, jitterMs = 0, trigger }: Life): readonly Dot[] {
  const kinds = { postgres: minuteMs, redis: minuteMs, tcp: minuteMs, secrets: hourMs };
  return Object.entries(kinds).flatMap(([kind, periodMs], index) => {
    const [start, end] = silent[kind] ?? [Infinity, Infinity];
    const first = kind === 'secrets' ? 7 * minuteMs : 0;
    const times = every(periodMs, first, lengthMs).filter((at) => at >= from && (at < start || at >= end));
    return heartbeatsOf(
      kind,
      0,
      times.map((at, beat) => at + secondMs * (1 + Math.floor(((index * 7 + beat * 5) % 11) * (jitterMs / 11_000)))),
      trigger,
    );
  });
}

/** Who pages when, as spans of minutes. */
async function spansOf(life: Life): Promise<Readonly<Record<string, string>>> {
  const policies = policiesOf(planned(endpoints), /^prober-silent/);
  const firing = await timeline(policies, beatsOf(life), every(minuteMs, 0, life.lengthMs));
  const spans: Record<string, number[]> = {};
  for (const [at, names] of firing) for (const name of names) (spans[name] ??= []).push(at / minuteMs);
  return Object.fromEntries(
    Object.entries(spans).map(([name, minutes]) => {
      const [first = 0, last = 0] = [minutes[0], minutes.at(-1)];
      return [name, `${first} to ${last}${minutes.length === last - first + 1 ? '' : ' with holes'}`];
    }),
  );
}

describe('functions that write their heartbeats', () => {
  test('page nobody, whatever the jitter', async () => {
    expect(await spansOf({ lengthMs: 3 * hourMs, jitterMs: 40_000 })).toEqual({});
  });
  test('page nobody on the first day, when nothing was written before', async () => {
    expect(await spansOf({ from: 1, lengthMs: 2 * hourMs })).toEqual({});
  });
});

describe('a function that is silent', () => {
  test('pages once, after three periods, its budget and the time that points may be late; and until it runs again', async () => {
    const spans = await spansOf({ silent: { postgres: [60 * minuteMs, 90 * minuteMs] }, lengthMs: 2 * hourMs });
    expect(spans).toEqual({ 'prober-silent/silent, every 1m: shard-0': '67 to 90' });
  });
  test('pages for the hourly one, too', async () => {
    const spans = await spansOf({ silent: { secrets: [2 * hourMs, 7 * hourMs] }, lengthMs: 9 * hourMs });
    expect(spans).toEqual({ 'prober-silent/silent, every 1h: shard-0': '252 to 427' });
  });
  test('pages when it never wrote at all', async () => {
    expect(await spansOf({ silent: { redis: [0, hourMs] }, lengthMs: hourMs })).toEqual({
      'prober-silent/silent, every 1m: shard-0': '9 to 60',
    });
  });
  test('pages when only people call it', async () => {
    const spans = await spansOf({ lengthMs: hourMs, trigger: 'manual' });
    expect(spans).toEqual({ 'prober-silent/all silent: ': '2 to 60' });
  });
});

test('all of them silent at once is one page, and none when they come back one after the other', async () => {
  const silent = {
    postgres: [2 * hourMs, 7 * hourMs],
    redis: [2 * hourMs, 7 * hourMs + minuteMs],
    tcp: [2 * hourMs, 7 * hourMs + 2 * minuteMs],
    secrets: [2 * hourMs, 7 * hourMs],
  } as const;
  const spans = await spansOf({ silent, lengthMs: 9 * hourMs, jitterMs: 40_000 });
  expect(spans).toEqual({ 'prober-silent/all silent: ': '127 to 420' });
});

test('a schedule that pauses over night pages nobody at night', async () => {
  const context = planned('tcp: { broker: { host: mq.internal, port: 5672, schedule: "*/5 8-19 * * *" } }');
  const times = every(5 * minuteMs, 8 * hourMs, 68 * hourMs).filter((at) => (at / hourMs) % 24 >= 8 && (at / hourMs) % 24 < 20);
  const dots = heartbeatsOf('tcp', 0, times);
  const told = await timeline(policiesOf(context, /^prober-silent/), dots, every(30 * minuteMs, 0, 64 * hourMs));
  expect([...told.values()].flat()).toEqual([]);
});
