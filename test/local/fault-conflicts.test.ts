import type { FaultState } from '../../local/stack/switchboard';
import { type StackProgram, startProgram } from '../support/stack-program';

jest.setTimeout(60_000);

let program: StackProgram;
let base: string;

beforeAll(async () => {
  program = startProgram(['--port', '0']);
  base = (await program.printed(/http:\/\/localhost:\d+/))[0];
}, 60_000);
afterAll(() => program.clear());

async function turn(name: string, on: boolean): Promise<{ readonly status: number; readonly message?: string }> {
  const response = await fetch(`${base}/faults/${name}`, { method: 'POST', body: JSON.stringify({ on }) });
  const { error } = (await response.json()) as { readonly error?: { readonly message: string } };
  return { status: response.status, ...(error && { message: error.message }) };
}

async function broken(): Promise<string[]> {
  const list = (await (await fetch(`${base}/faults`)).json()) as FaultState[];
  return list.filter((fault) => fault.on).map(({ name }) => name);
}

async function verdictOf(kind: string): Promise<string> {
  const response = await fetch(`${base}/functions/${kind}?attempts=1&record=0`);
  return ((await response.json()) as { readonly verdict: string }).verdict;
}

test.each([
  ['redis-full', 'redis-down', 'redis', 'redis'],
  ['redis-password-changed', 'redis-down', 'redis', 'redis'],
  ['redis-frozen', 'redis-full', 'redis', 'redis'],
  ['database-read-only', 'database-missing', 'postgres/database', 'postgres'],
  ['postgres-frozen', 'database-password-changed', 'postgres', 'postgres'],
  ['database-connections-exhausted', 'postgres-frozen', 'postgres', 'postgres'],
  ['websocket-1011', 'websocket-overloaded', 'chat/closeWith', 'websocket'],
])('%s does not bear %s beside it, and can be switched off all the same', async (first, second, shared, kind) => {
  expect(await turn(first, true)).toEqual({ status: 200 });
  expect(await turn(second, true)).toEqual({
    status: 409,
    message: `${second} can't be on together with ${first}: both break ${shared}; switch ${first} off first`,
  });
  expect(await turn(second, false)).toEqual({ status: 200 });
  expect(await broken()).toEqual([first]);
  expect(await turn(first, false)).toEqual({ status: 200 });
  expect(await broken()).toEqual([]);
  expect(await verdictOf(kind)).toBe('healthy');
});

test.each([
  [['redis-full', 'redis-password-changed']],
  [['database-password-changed', 'database-connections-exhausted', 'database-missing']],
  [['websocket-silent', 'websocket-events-missing', 'websocket-1011', 'headers-stripped', 'certificate-expired']],
  [['secret-manager-down', 'secret-missing', 'secret-empty', 'monitoring-down']],
  [['postgres-frozen', 'redis-down', 'websocket-login-broken']],
])('%j can be on together, and be switched off in any order', async (names) => {
  for (const order of [names, names.toReversed()]) {
    for (const name of names) expect(await turn(name, true)).toEqual({ status: 200 });
    expect((await broken()).toSorted()).toEqual(names.toSorted());
    for (const name of order) expect(await turn(name, false)).toEqual({ status: 200 });
    expect(await broken()).toEqual([]);
  }
  for (const kind of ['postgres', 'redis', 'websocket', 'secrets']) expect(await verdictOf(kind)).toBe('healthy');
});
