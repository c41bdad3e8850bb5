/** Cloud Monitoring's alert policies, with the names that the server gives to them and to their conditions. */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { masked } from './mask';
import { checkPolicy } from './policy-rules';
import type { PolicySurroundings } from './policy-rules';
import { aborted, ApiError, invalid, listOf, objectOf, part, route, textOf } from './rest';
import type { Document, Route } from './rest';
import type { World } from './world';

/** A policy as the API answers it. */
export interface StoredPolicy extends Named {
  readonly displayName: string;
  readonly conditions: readonly (Document & { readonly name: string; readonly displayName: string })[];
  readonly userLabels?: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  /** base64. */
  readonly etag: string;
}

/** The routes and the policies. */
export interface AlertPolicies {
  readonly routes: readonly Route[];
  readonly policies: Collection<StoredPolicy>;
}

const serverFields = ['name', 'etag', 'creationRecord', 'mutationRecord', 'validity'];
/** How long a change takes; two at once are refused ("Design your application to single-thread API calls that modify …"). */
const changeMs = 5;

/** No policies yet. */
export function createAlertPolicies({ project, timestamp }: World, surroundings: PolicySurroundings): AlertPolicies {
  const policies = createCollection<StoredPolicy>({ missing: (name) => `Resource name '${name}' not found.` });
  let isChanging = false;
  const serial = (): string => String(randomInt(1e12, 9e12));
  const nameOf = (id: string): string => `projects/${project}/alertPolicies/${id}`;

  const change = async (what: () => object): Promise<object> => {
    if (isChanging) throw aborted('Too many concurrent edits to the project configuration. Please try again.');
    isChanging = true;
    try {
      await sleep(changeMs);
      return what();
    } finally {
      isChanging = false;
    }
  };
  const record = (): object => ({ mutateTime: timestamp(), mutatedBy: 'somebody@example.com' });

  /** Conditions that come with a name keep it; the others are new ones. */
  const named = (name: string, sent: Document, present?: StoredPolicy): Document[] =>
    listOf(sent['conditions'])
      .map(objectOf)
      .map((condition) => {
        const own = textOf(condition['name']);
        if (!own) return { ...condition, name: `${name}/conditions/${serial()}` };
        if (!present) throw invalid('Field alert_policy.conditions.name must be empty for a new policy.');
        if (!present.conditions.some((one) => one.name === own)) throw new ApiError(404, `Could not find the condition ${own}.`);
        return condition;
      });
  const stored = (name: string, wanted: Document, present?: StoredPolicy): StoredPolicy => {
    const settable = Object.fromEntries(Object.entries(wanted).filter(([field]) => !serverFields.includes(field)));
    checkPolicy(settable, surroundings);
    return {
      enabled: true,
      ...settable,
      name,
      conditions: named(name, settable, present),
      creationRecord: objectOf(present)['creationRecord'] ?? record(),
      mutationRecord: record(),
      etag: randomBytes(9).toString('base64'),
    } as unknown as StoredPolicy;
  };

  const path = '/v3/projects/{project}/alertPolicies';
  return {
    policies,
    routes: [
      route('GET', path, (call) => pageOf(policies.all(), 'alertPolicies', call)),
      route('GET', `${path}/{policy}`, (call) => policies.get(nameOf(part(call, 'policy')))),
      route('POST', path, ({ body }) => change(() => policies.add(stored(nameOf(serial()), body)))),
      route('PATCH', `${path}/{policy}`, (call) =>
        change(() => {
          const present = policies.get(nameOf(part(call, 'policy')));
          const mask = call.query['updateMask'] ?? '';
          if (call.body['etag'] !== undefined && call.body['etag'] !== present.etag) throw aborted('The etag is not that of the policy.');
          return policies.put(stored(present.name, mask ? objectOf(masked(present, call.body, mask)) : call.body, present));
        }),
      ),
      route('DELETE', `${path}/{policy}`, (call) =>
        change(() => {
          policies.remove(nameOf(part(call, 'policy')));
          return {};
        }),
      ),
    ],
  };
}
