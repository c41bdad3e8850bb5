/** How documents are told from each other. */
import { collections } from '../../../deploy/apply/documents/collection';
import { buildPlan } from '../../../deploy/plan/build';
import { namesOf } from '../../../deploy/plan/names';
import { kinds } from '../../../functions/kinds';
import { loadedOf } from '../../support/planning';

test('no two documents of a collection have one key, and each is found by the key that it was planned with', () => {
  // The uptime check of the target and the native monitor of the kind have one display name.
  const sections = {
    http: { http: { url: 'https://www.example.com/', public: true }, shop: { url: 'https://shop.example.com/', public: true } },
    syntheticMonitors: ['http'],
    alerts: { slo: 0.99 },
  };
  const plan = buildPlan(loadedOf(sections), { kinds, services: [] });
  for (const { planned, keyOf, under } of collections) {
    const documents = planned(plan, namesOf(plan.environment));
    const keys = documents.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)]);
    if (under) continue;
    expect(documents.map(({ body, query }) => keyOf({ name: `projects/p/services/${query?.['serviceId'] ?? ''}`, ...body }))).toEqual(keys);
  }
});
