/** Failures that are somebody else's to tell, and pages whose owner changes. */
import { heartbeatsOf, historyOf, type Dot } from '../../../deploy/alerts/replay/history';
import type { Owner, Reason } from '../../../shared/reasons';
import { every, minuteMs, policiesOf, secondMs, timeline } from './asking';
import { diagnose, planned } from './planned';

const names = Array.from({ length: 20 }, (_, index) => `db-${index}`);
const databases = `postgres:\n${names.map((name) => `  ${name}: { host: db.internal, user: u, password: p }`).join('\n')}\n`;
const length = 40;
const beats = heartbeatsOf('postgres', 0, every(minuteMs, 0, length * minuteMs));

/** Down from minute 10 to 24. */
const isDown = (minute: number): boolean => minute >= 10 && minute < 25;
const outage = (doneMs: (index: number) => number): readonly Dot[] =>
  names.flatMap((target, index) =>
    historyOf(
      { kind: 'postgres', target, severity: 'critical' },
      Array.from({ length }, (_, minute) => ({
        at: minute * minuteMs + doneMs(index),
        outcome: isDown(minute) ? 'failure' : 'success',
      })),
    ),
  );

const explained: readonly Dot[] = every(minuteMs, 11 * minuteMs, 25 * minuteMs).flatMap((time) => {
  const at = time + 8 * secondMs;
  const cause = 'vpc_connector_down';
  const active = { kind: 'diagnose', cause, owner: 'infrastructure' };
  return [
    { metric: 'cause/active', job: 'diagnose', task: 'diagnose', labels: active, at, seenAt: at, value: 1 } as const,
    ...names.map((target): Dot => ({
      metric: 'probe/blocked',
      job: 'postgres',
      task: target,
      labels: { kind: 'postgres', target, severity: 'critical', cause },
      at,
      seenAt: at,
      value: 1,
    })),
  ];
});

async function firing(dots: readonly Dot[], key: RegExp, withDiagnose = true): Promise<ReadonlyMap<string, readonly number[]>> {
  const policies = policiesOf(planned(databases, withDiagnose ? [diagnose] : []), key);
  const found = await timeline(policies, [...dots, ...beats], every(minuteMs / 2, 0, length * minuteMs));
  const minutes = new Map<string, number[]>();
  for (const [at, told] of found) for (const name of told) minutes.set(name, [...(minutes.get(name) ?? []), at / minuteMs]);
  return minutes;
}

describe('a connector that is down with twenty targets', () => {
  test('is one page, of the cause', async () => {
    const told = await firing([...outage(() => 2 * secondMs), ...explained], /^(down-critical|cause)/);
    expect([...told.keys()]).toEqual(['cause-critical-infrastructure/cause: diagnose']);
    const minutes = told.get('cause-critical-infrastructure/cause: diagnose') ?? [];
    expect(minutes[0]).toBeLessThanOrEqual(14);
    expect(minutes.at(-1)).toBeLessThanOrEqual(32);
  });
  test('is one page, too, when all its targets are done only after the time that they may take', async () => {
    const told = await firing([...outage((index) => (2 + 2 * index) * secondMs), ...explained], /^(down-critical|cause)/);
    expect([...told.keys()]).toEqual(['cause-critical-infrastructure/cause: diagnose']);
  });
  test('is one page, too, when the cause is named nearly a minute later', async () => {
    const later = explained.map((dot) => ({ ...dot, at: dot.at + 45 * secondMs, seenAt: dot.seenAt + 45 * secondMs }));
    const told = await firing([...outage(() => 2 * secondMs), ...later], /^(down-critical|cause)/);
    expect([...told.keys()]).toEqual(['cause-critical-infrastructure/cause: diagnose']);
  });
  test.each([true, false])('is a page for each target when nobody names the cause, diagnose deployed: %s', async (deployed) => {
    const told = await firing(
      outage(() => 2 * secondMs),
      /^(down-critical|cause)/,
      deployed,
    );
    expect([...told.keys()].toSorted()).toEqual(names.map((name) => `down-critical-infrastructure-1m/down: ${name}`).toSorted());
    for (const minutes of told.values()) expect(minutes[0]).toBeLessThanOrEqual(13);
  });
});

describe('the owner of a failing target', () => {
  /** What fires in each minute, for failures with these owners from minute 10 on. */
  async function owners(failures: readonly (readonly [Owner, Reason] | undefined)[]): Promise<readonly string[]> {
    const runs = Array.from({ length }, (_, minute) => {
      const [owner, reason] = failures[minute - 10] ?? [];
      const at = minute * minuteMs + 2 * secondMs;
      return owner && reason ? ({ at, outcome: 'failure', owner, reason } as const) : ({ at, outcome: 'success' } as const);
    });
    const dots = historyOf({ kind: 'postgres', target: 'db-0', severity: 'critical' }, runs);
    const told = await firing(dots, /^down-critical/, false);
    for (const minute of every(minuteMs, 0, length * minuteMs).map((at) => at / minuteMs))
      expect([...told.values()].filter((minutes) => minutes.includes(minute)).length).toBeLessThanOrEqual(1);
    return [...told.keys()].map((name) => name.replace('down-critical-', '').replace(/-1m.*/, ''));
  }
  const network = ['infrastructure', 'connect_timeout'] as const;
  const service = ['application', 'assertion_failed'] as const;
  const login = ['operator', 'credentials_rejected'] as const;

  test('is the one that its failures name', async () => {
    expect(await owners([service, service, service])).toEqual(['application']);
    expect(await owners([login, login, login])).toEqual(['operator']);
  });
  test('is infrastructure when failures take turns, and never two at once', async () => {
    expect(await owners([network, service, network, service, network, service])).toEqual(['infrastructure']);
  });
  test('may change, and is still only one at a time', async () => {
    const told = await owners([network, network, network, ...Array.from({ length: 8 }, () => login)]);
    expect(told).toEqual(['infrastructure', 'operator']);
  });
  test('is not that of a blip before', async () => {
    expect(await owners([network, undefined, undefined, service, service, service])).toEqual(['application']);
  });
});
