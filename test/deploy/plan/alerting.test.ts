/** Who hears of an alert and what its page leads to, as a plan says it. */
import { join } from 'node:path';
import { buildPlan } from '../../../deploy/plan/build';
import { kinds } from '../../../functions/kinds';
import { loadWhole } from '../../../shared/config/load';
import { loadedOf } from '../../support/planning';

const examples = join(__dirname, '..', '..', '..', '..', 'examples');
const plan = buildPlan(loadWhole(join(examples, 'staging.yaml'), kinds), { kinds, services: [] });

test('in the example every critical alert wakes somebody up, and operators and the monitor keep theirs', () => {
  const channelsOf = (name: string, of: string): readonly string[] => {
    const policies = plan.policies.filter(({ displayName, severity }) => displayName.includes(name) && severity === of);
    return [...new Set(policies.flatMap(({ notificationChannels }) => notificationChannels))];
  };
  const path = 'projects/my-staging/notificationChannels';
  expect(channelsOf('burn-rate', 'CRITICAL')).toEqual([`${path}/1001`]);
  expect(channelsOf('burn-rate', 'WARNING')).toEqual([`${path}/2001`]);
  expect(channelsOf('secret-invalid', 'CRITICAL')).toEqual([`${path}/2003`]);
  expect(channelsOf('unknown', 'CRITICAL')).toEqual([`${path}/2004`]);
});

test('a plan whose pages have no links to runbooks says so', () => {
  const { notes } = buildPlan(loadedOf({ http: { a: { url: 'http://10.0.0.1' } } }), { kinds, services: [] });
  expect(notes.join('\n')).toContain('alerts.runbook is not set');
  expect(plan.notes.join('\n')).not.toContain('alerts.runbook');
});
