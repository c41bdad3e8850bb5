import { kinds } from '../../functions/kinds';
import { faultNames } from '../../local/stack/switchboard';
import type { FaultState } from '../../local/stack/switchboard';
import type { Symptom } from '../../local/stack/faults/fault';
import type { RunReport } from '../../shared/result';
import { type StackProgram, startProgram } from '../support/stack-program';

jest.setTimeout(60_000);

let program: StackProgram;
let base: string;

beforeAll(async () => {
  program = startProgram(['--port', '0']);
  base = (await program.printed(/http:\/\/localhost:\d+/))[0];
}, 60_000);
afterAll(() => program.clear());

async function answers(body: object): Promise<RunReport[]> {
  return Promise.all(
    kinds.map(async ({ name: kind }) => {
      const response = await fetch(`${base}/functions/${kind}`, { method: 'POST', body: JSON.stringify(body) });
      return (await response.json()) as RunReport;
    }),
  );
}

/** Everything that is not a success, as the functions say it. */
async function symptoms(): Promise<Symptom[]> {
  const reports = await answers({ attempts: 1, record: false });
  return reports
    .flatMap(({ results }) => results)
    .filter(({ outcome }) => outcome !== 'success')
    .map(({ kind, target, outcome, reason, owner }) => ({ kind, target, outcome, reason, owner }) as Symptom);
}

async function switchFault(name: string, on: boolean): Promise<FaultState> {
  const response = await fetch(`${base}/faults/${name}`, { method: 'POST', body: JSON.stringify({ on }) });
  return (await response.json()) as FaultState;
}

test.each(faultNames())('%s turns red exactly what it says, and green again', async (name) => {
  const struck = await switchFault(name, true);
  expect(struck).toMatchObject({ name, on: true });
  const seen = await symptoms();
  const healed = await switchFault(name, false);
  expect(seen).toEqual(struck.expects);
  expect(healed).toMatchObject({ name, on: false });
  expect(await symptoms()).toEqual([]);
});

test('while Cloud Monitoring is down every point is counted as unwritten', async () => {
  await switchFault('monitoring-down', true);
  const reports = await answers({});
  await switchFault('monitoring-down', false);
  for (const { verdict, telemetry } of reports) {
    expect(verdict).toBe('healthy');
    expect(telemetry).toMatchObject({ written: 0, superseded: 0 });
    expect(telemetry.unwritten).toBeGreaterThan(0);
  }
});

test('a fault that is on already stays on, and several are on at a time', async () => {
  await switchFault('websocket-1011', true);
  await switchFault('websocket-1011', true);
  await switchFault('secret-empty', true);
  const seen = await symptoms();
  await switchFault('secret-empty', false);
  await switchFault('websocket-1011', false);
  expect(seen.map(({ reason }) => reason)).toEqual(['secret_empty', 'unexpected_close']);
  expect(await symptoms()).toEqual([]);
});
