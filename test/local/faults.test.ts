import { kinds } from '../../functions/kinds';
import { callFunction } from '../../local/stack/call';
import { faults } from '../../local/stack/faults';
import { conflict, type Fault, type Symptom } from '../../local/stack/faults/fault';
import { type Stack, startStack } from '../../local/stack/stack';
import type { RunReport } from '../../shared/result';

jest.setTimeout(60_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ kinds, say: () => undefined });
}, 60_000);
afterAll(() => stack.stop());

const allKinds = kinds.map(({ name }) => name);

async function answers(of: readonly string[], body: object): Promise<RunReport[]> {
  return Promise.all(of.map((kind) => callFunction(stack.url(kind), { body, deadlineMs: 30_000 })));
}

const inOrder = (list: readonly Symptom[]): Symptom[] =>
  list.toSorted((a, b) => (`${a.kind}/${a.target}` < `${b.kind}/${b.target}` ? -1 : 1));

/** Everything that is not a success, as the functions say it. */
async function symptoms(of: readonly string[]): Promise<Symptom[]> {
  const reports = await answers(of, { attempts: 1, record: false });
  const found = reports
    .flatMap(({ results }) => results)
    .filter(({ outcome }) => outcome !== 'success')
    .map(({ kind, target, outcome, reason, owner }) => ({ kind, target, outcome, reason, owner }) as Symptom);
  return inOrder(found);
}

function expected(name: string): Symptom[] {
  return inOrder(stack.faults.list().find((fault) => fault.name === name)?.expects ?? []);
}

const kindsOf = (expects: readonly Symptom[]): string[] => [...new Set(expects.map(({ kind }) => kind))];

test('all is well before anything is broken', async () => {
  expect(await symptoms(allKinds)).toEqual([]);
});

test.each(faults.map(({ name }) => name))('%s turns red exactly what it says, and green again', async (name) => {
  const expects = expected(name);
  const concerned = kindsOf(expects);
  await stack.faults.set(name, true);
  const seen = await symptoms(concerned);
  await stack.faults.set(name, false);
  expect(seen).toEqual(expects);
  expect(await symptoms(concerned)).toEqual([]);
});

/** As many faults of one service as can be on at a time, of each service. */
function compatible(): [string, Fault[]][] {
  return [...Map.groupBy(faults, ({ breaks }) => breaks.split('/')[0] ?? '')].map(([service, all]) => {
    const together: Fault[] = [];
    for (const fault of all) if (conflict(fault, together) === undefined) together.push(fault);
    return [service, together];
  });
}

test.each(compatible())('what is broken in %s leaves everything else as it is', async (_, together) => {
  const concerned = new Set(together.flatMap(({ name }) => kindsOf(expected(name))));
  for (const { name } of together) await stack.faults.set(name, true);
  const seen = await symptoms(allKinds.filter((kind) => !concerned.has(kind)));
  for (const { name } of together) await stack.faults.set(name, false);
  expect(seen).toEqual([]);
  expect(await symptoms(allKinds)).toEqual([]);
});

test('while Cloud Monitoring is down every point is counted as unwritten', async () => {
  await stack.faults.set('monitoring-down', true);
  const reports = await answers(allKinds, {});
  await stack.faults.set('monitoring-down', false);
  for (const { verdict, telemetry } of reports) {
    expect(verdict).toBe('healthy');
    expect(telemetry).toMatchObject({ written: 0, superseded: 0 });
    expect(telemetry.unwritten).toBeGreaterThan(0);
  }
});

test('a fault that is on already stays on, and several are on at a time', async () => {
  await stack.faults.set('websocket-1011', true);
  await stack.faults.set('websocket-1011', true);
  await stack.faults.set('secret-empty', true);
  const seen = await symptoms(['secrets', 'websocket']);
  await stack.faults.set('secret-empty', false);
  await stack.faults.set('websocket-1011', false);
  expect(seen.map(({ reason }) => reason)).toEqual(['secret_empty', 'unexpected_close']);
  expect(await symptoms(['secrets', 'websocket'])).toEqual([]);
});

test('every fault has a name and a title of its own', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(new Set(faults.map(({ title }) => title)).size).toBe(faults.length);
});
