/** Which of an account's roles a deployment may take away unasked. */
import { resolve } from 'node:path';
import { buildPlan } from '../../../deploy/plan/build';
import { planRoles } from '../../../deploy/plan/roles';
import { kinds } from '../../../functions/kinds';
import { services } from '../../../functions/services';
import { loadWhole } from '../../../shared/config/load';

const root = resolve(__dirname, '../../../..');

describe('roles that a plan gives', () => {
  it('are known as such, for every example', () => {
    for (const file of ['test/config/full.yaml', 'examples/staging.yaml', 'examples/platform.yaml', 'examples/secrets.yaml']) {
      const { accounts } = buildPlan(loadWhole(resolve(root, file), kinds), { kinds, services });
      const roles = accounts.flatMap((account) => [...account.roles, ...account.secrets.map(({ role }) => role)]);
      expect(roles.filter((role) => !planRoles.has(role))).toEqual([]);
    }
  });

  it('are none of the wide ones', () => {
    for (const role of [
      'roles/editor',
      'roles/owner',
      'roles/viewer',
      'roles/run.admin',
      'roles/secretmanager.admin',
      'projects/p/roles/own',
    ])
      expect(planRoles.has(role)).toBe(false);
  });
});
