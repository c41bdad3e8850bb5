import { join } from 'node:path';
import { buildPlan } from '../../deploy/plan/build';
import { planRoles } from '../../deploy/plan/roles';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { loadWhole } from '../../shared/config/load';
import { noDocuments } from '../support/planning';
import { read, root } from './document';

const rights = read('SECURITY.md').split('## Rights')[1]?.split('\n## ')[0] ?? '';
const rolesIn = (cell = ''): readonly string[] => [...cell.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)?)`/g)].map(([, name = '']) => `roles/${name}`);
const rows = [...rights.matchAll(/^\| `([a-z]+)` +\|([^|]*)\|([^|]*)\|$/gm)].map(([, name = '', always, asked]) => ({
  name,
  always: rolesIn(always),
  asked: rolesIn(asked).filter((role) => role !== 'roles/readableBy'),
}));

describe('the rights that SECURITY.md tells', () => {
  test('are of each function, and of the Scheduler', () => {
    expect(rows.map(({ name }) => name)).toEqual([...kinds, ...services, { name: 'scheduler' }].map(({ name }) => name));
  });

  test('are all that a plan gives, but for the one on single secrets', () => {
    const told = new Set(rows.flatMap(({ always, asked }) => [...always, ...asked]));
    expect([...told].toSorted()).toEqual([...planRoles].filter((role) => role !== 'roles/secretmanager.secretAccessor').toSorted());
  });

  test('are those of the plan of a whole environment', () => {
    const { accounts } = buildPlan(loadWhole(join(root, 'examples/staging.yaml'), kinds), { kinds, services }, noDocuments);
    expect(accounts.map(({ id }) => id)).toEqual(rows.map(({ name }) => `synthetics-staging-${name}`));
    for (const [index, { id, roles }] of accounts.entries()) {
      const { always = [], asked = [] } = rows[index] ?? {};
      expect([id, always.filter((role) => !roles.includes(role))]).toEqual([id, []]);
      expect([id, roles.filter((role) => ![...always, ...asked].includes(role))]).toEqual([id, []]);
    }
  });
});

test('each thing that is done against a server names the file that does it and the test that shows it', () => {
  const section = read('SECURITY.md').split('**A server that is probed')[1]?.split('\n**')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines.slice(2)) {
    const [, , done, file, shown] = line.split('|').map((cell) => cell.trim());
    expect({ done: done !== '', file, shown }).toEqual({
      done: true,
      file: expect.stringMatching(/^`(?:functions|scripts|shared)\//),
      shown: expect.stringMatching(/^`test\//),
    });
  }
});
