/** Cloud Monitoring's snoozes, and the notification channels that policies refer to. */
import { randomInt } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { masked } from './mask';
import { checkMessage } from './message-shape';
import { ApiError, invalid, listOf, objectOf, part, route, textOf } from './rest';
import type { Document, Route } from './rest';
import type { World } from './world';

/** A snooze as the API answers it. */
export interface StoredSnooze extends Named, Document {
  readonly name: string;
}

/** The routes and the snoozes. */
export interface Snoozes {
  readonly routes: readonly Route[];
  readonly snoozes: Collection<StoredSnooze>;
}

/** @param policyExists tells whether there is an alert policy of this full name. */
export function createSnoozes({ project }: World, policyExists: (name: string) => boolean): Snoozes {
  const snoozes = createCollection<StoredSnooze>();
  const nameOf = (id: string): string => `projects/${project}/snoozes/${id}`;
  const stored = (name: string, { name: _name, ...wanted }: Document): StoredSnooze => {
    checkMessage('google.monitoring.v3.Snooze', wanted);
    if (!textOf(wanted['displayName'])) throw invalid('Field snooze.display_name is required.');
    const { policies, filter } = objectOf(wanted['criteria']);
    const names = listOf(policies).map(textOf);
    if (names.length === 0 || names.length > 16) throw invalid('Field snooze.criteria.policies needs one to 16 policies.');
    for (const policy of names) if (!policyExists(policy)) throw new ApiError(404, `The alerting policy ${policy} was not found.`);
    if (textOf(filter) !== '' && names.length > 1) throw invalid('Field snooze.criteria.filter is only for a single policy.');
    if (/metric\./.test(textOf(filter))) throw invalid('Field snooze.criteria.filter knows resource labels only.');
    const { startTime, endTime } = objectOf(wanted['interval']);
    if (!(Date.parse(textOf(startTime)) < Date.parse(textOf(endTime)))) throw invalid('Field snooze.interval must end after its start.');
    return { ...wanted, name };
  };
  const path = '/v3/projects/{project}/snoozes';
  return {
    snoozes,
    routes: [
      route('GET', path, (call) => pageOf(snoozes.all(), 'snoozes', call)),
      route('POST', path, ({ body }) => snoozes.add(stored(nameOf(String(randomInt(1e12, 9e12))), body))),
      route('GET', `${path}/{snooze}`, (call) => snoozes.get(nameOf(part(call, 'snooze')))),
      route('PATCH', `${path}/{snooze}`, (call) => {
        const present = snoozes.get(nameOf(part(call, 'snooze')));
        const mask = call.query['updateMask'] ?? '';
        if (!mask) throw invalid('The update mask is required.');
        return snoozes.put(stored(present.name, masked(present, call.body, mask)));
      }),
    ],
  };
}

/** @param channels full names of those that exist. */
export function channelRoutes(channels: readonly string[]): readonly Route[] {
  const documents = channels.map((name) => ({ name, type: 'email', displayName: name.split('/').at(-1), enabled: true }));
  return [
    route('GET', '/v3/projects/{project}/notificationChannels', (call) => pageOf(documents, 'notificationChannels', call)),
    route('GET', '/v3/projects/{project}/notificationChannels/{channel}', (call) => {
      const found = documents.find(({ name }) => name.endsWith(`/${part(call, 'channel')}`));
      if (!found) throw new ApiError(404, `Could not find the notification channel ${part(call, 'channel')}.`);
      return found;
    }),
  ];
}
