/** What a cause is worth, and that nothing is told both as a cause and by itself. */
import type { Dot } from '../../../deploy/alerts/replay/history';
import type { Severity } from '../../../shared/result';
import { every, minuteMs, policiesOf, secondMs, timeline } from './asking';
import { diagnose, planned } from './planned';

const yaml = [
  'secrets: { app: { severity: error, require: [{ secret: database-url }] } }',
  'postgres:',
  '  orders: { host: db.internal, user: u, password: p }',
  '  reports: { host: db.internal, user: u, password: p, severity: error }',
].join('\n');

const times = every(minuteMs, 10 * minuteMs, 20 * minuteMs).map((at) => at + 8 * secondMs);

/** The cause, each minute. */
function active(cause: string): readonly Dot[] {
  const labels = { kind: 'diagnose', cause, owner: 'infrastructure' };
  return times.map((at): Dot => ({ metric: 'cause/active', job: 'diagnose', task: 'diagnose', labels, at, seenAt: at, value: 1 }));
}

function blocks(cause: string, target: string, severity: Severity): readonly Dot[] {
  const labels = { kind: 'postgres', target, severity, cause };
  return times.map((at): Dot => ({ metric: 'probe/blocked', job: 'postgres', task: target, labels, at, seenAt: at, value: 1 }));
}

/** The last of a secret's hourly points. */
function secret(value: number, name = 'database-url'): readonly Dot[] {
  const labels = { kind: 'secrets', target: 'app', severity: 'error', secret: name };
  const at = 9 * minuteMs;
  return [{ metric: 'secrets/valid', job: 'secrets', task: 'app', labels, at, seenAt: at, value }];
}

/** @returns the keys of the policies that fire at any time. */
async function pages(dots: readonly Dot[]): Promise<readonly string[]> {
  const policies = policiesOf(planned(yaml, [diagnose]), /^(cause|secret-invalid)/);
  const found = await timeline(policies, dots, every(minuteMs, 0, 25 * minuteMs));
  return [...new Set([...found.values()].flatMap((told) => told.map((name) => name.replace(/\/.*/, ''))))].toSorted();
}

test('a cause is worth what the most important of its targets is', async () => {
  const both = [...blocks('dns', 'orders', 'critical'), ...blocks('dns', 'reports', 'error')];
  expect(await pages([...active('dns'), ...both])).toEqual(['cause-critical-infrastructure']);
  expect(await pages([...active('dns'), ...blocks('dns', 'reports', 'error')])).toEqual(['cause-error-infrastructure']);
  expect(await pages(active('dns'))).toEqual(['cause-critical-infrastructure']);
});

test('two causes at once are each worth their own', async () => {
  const dots = [...active('dns'), ...blocks('dns', 'orders', 'critical'), ...active('network'), ...blocks('network', 'reports', 'error')];
  expect(await pages(dots)).toEqual(['cause-critical-infrastructure', 'cause-error-infrastructure']);
});

test('a target that is its own cause is left to its own policy', async () => {
  expect(await pages([...active('target/orders'), ...blocks('target/orders', 'reports', 'error')])).toEqual([]);
});

test('a secret that breaks its rules is told by name, and as a cause only where its users are worth more', async () => {
  const cause = 'secret/database-url';
  const told = [...active(cause), ...blocks(cause, 'reports', 'error')];
  expect(await pages([...told, ...secret(0)])).toEqual(['secret-invalid-error']);
  expect(await pages([...told, ...secret(1)])).toEqual(['cause-error-infrastructure']);
  const worse = [...active(cause), ...blocks(cause, 'orders', 'critical'), ...secret(0)];
  expect(await pages(worse)).toEqual(['cause-critical-infrastructure', 'secret-invalid-error']);
});

test('several secrets of one check are told by name alone, however their names are spelled, and never beyond their worth', async () => {
  const names = ['database-url', 'projects/my-project/secrets/redis-url'];
  const told = ['secret/database-url', 'secret/redis-url'].flatMap((cause) => [...active(cause), ...blocks(cause, 'app', 'error')]);
  expect(await pages([...told, ...names.flatMap((name) => secret(0, name))])).toEqual(['secret-invalid-error']);
});
