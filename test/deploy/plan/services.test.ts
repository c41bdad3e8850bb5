/** What the functions that serve people may do, and who may call them. */
import { buildPlan } from '../../../deploy/plan/build';
import type { Plan } from '../../../deploy/plan/plan';
import { kinds } from '../../../functions/kinds';
import { services } from '../../../functions/services';
import { functionOf, loadedOf, noDocuments } from '../../support/planning';

const ann = 'user:ann@example.com';
const group = 'group:sre@example.com';

function planFor(...operators: readonly string[]): Plan {
  const sections = { tcp: { mail: { host: '10.0.0.1', port: 25 } }, status: { operators } };
  return buildPlan(loadedOf(sections), { kinds, services }, noDocuments);
}

const account = (kind: string): string => `serviceAccount:synthetics-test-${kind}@test-project.iam.gserviceaccount.com`;
const rolesOf = (plan: Plan, kind: string): readonly string[] | undefined =>
  plan.accounts.find(({ email }) => account(kind) === `serviceAccount:${email}`)?.roles;

test('status runs targets and verifies for operators: it may call the functions of the kinds and verify, and look itself up', () => {
  const plan = planFor(ann);
  expect(functionOf(plan, 'tcp').invokers).toEqual([account('scheduler'), account('status'), account('verify')]);
  expect(functionOf(plan, 'verify').invokers).toEqual([account('status'), ann]);
  expect(functionOf(plan, 'status').invokers).toEqual([ann]);
  expect(rolesOf(plan, 'status')).toContain('roles/run.viewer');
});

test('status waits longer than a verification takes', () => {
  const plan = planFor(ann);
  expect(functionOf(plan, 'status').timeoutSeconds).toBeGreaterThan(functionOf(plan, 'verify').timeoutSeconds);
  expect(functionOf(plan, 'status').timeoutSeconds).toBeLessThanOrEqual(3600);
});

test('groups of operators need Cloud Identity, and an administrator of the organisation', () => {
  const api = 'cloudidentity.googleapis.com';
  expect(planFor(ann).apis).not.toContain(api);
  expect(planFor(ann).notes.join('\n')).not.toContain('Groups Reader');
  const plan = planFor(ann, group);
  expect(plan.apis).toContain(api);
  expect(plan.notes).toContainEqual(
    expect.stringContaining('synthetics-test-status@test-project.iam.gserviceaccount.com the role Groups Reader'),
  );
});
