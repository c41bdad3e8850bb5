/** A kind of document of Cloud Monitoring: where it is listed, how it is made, changed and recognised. */
import type { Plan } from '../../plan/plan';
import type { Names } from '../../plan/names';
import { objectOf, textOf, type Api, type Document } from '../google';
import { words } from '../step';

/** A document as planned. */
export interface PlannedDocument {
  /** Tells it from the others of its kind in the environment. */
  readonly key: string;
  readonly body: Document;
  /** Of the request that creates it, e.g. the id. */
  readonly query?: Readonly<Record<string, string>>;
  /** What it belongs to, e.g. an objective's service; the path for creating it follows from that. */
  readonly parent?: string;
}

export interface Collection {
  readonly name: string;
  /** For people, one of them. */
  readonly noun: string;
  readonly api: Api;
  /** `v1` or `v3`. */
  readonly version: string;
  /** The last part of the path, and the key of the answer's list. */
  readonly path: string;
  readonly listKey: string;
  /** Where its labels are. */
  readonly labels: 'userLabels' | 'labels';
  /** The fields that we manage; they are what an update writes. */
  readonly fields: readonly string[];
  /** Fields that can't be changed: the document is made anew. */
  readonly fixed?: readonly string[];
  /** Whether an update takes a mask; else it replaces the whole. */
  readonly mask: boolean;
  readonly planned: (plan: Plan, names: Names) => readonly PlannedDocument[];
  readonly keyOf: (document: Document) => string;
  /** For people; the display name where absent. */
  readonly titleOf?: (document: Document) => string;
  /** The collection of what they belong to; the project where absent. */
  readonly under?: Collection;
}

const labelled = (labels: Readonly<Record<string, string>>, names: Names): Readonly<Record<string, string>> => ({
  ...names.labels,
  ...labels,
});

const policies: Collection = {
  name: 'Alert policies',
  noun: 'alert policy',
  api: 'monitoring',
  version: 'v3',
  path: 'alertPolicies',
  listKey: 'alertPolicies',
  labels: 'userLabels',
  fields: [
    'displayName',
    'combiner',
    'conditions',
    'severity',
    'documentation',
    'userLabels',
    'notificationChannels',
    'alertStrategy',
    'enabled',
  ],
  mask: true,
  planned: ({ policies: planned }, names) =>
    planned.map((policy) => ({
      key: policy.userLabels.policy,
      body: { ...policy, userLabels: labelled(policy.userLabels, names) },
    })),
  keyOf: (document) => textOf(objectOf(document['userLabels'])['policy']),
  // The display name is a sentence, for whoever is paged.
  titleOf: (document) => textOf(objectOf(document['userLabels'])['policy']),
};

const dashboards: Collection = {
  name: 'Dashboard',
  noun: 'dashboard',
  api: 'monitoring',
  version: 'v1',
  path: 'dashboards',
  listKey: 'dashboards',
  labels: 'labels',
  fields: ['displayName', 'labels', 'dashboardFilters', 'mosaicLayout'],
  mask: false,
  planned: ({ dashboard }, names) => [{ key: 'dashboard', body: { ...dashboard, labels: labelled(dashboard.labels, names) } }],
  keyOf: () => 'dashboard',
};

const services: Collection = {
  name: 'SLO services',
  noun: 'service',
  api: 'monitoring',
  version: 'v3',
  path: 'services',
  listKey: 'services',
  labels: 'userLabels',
  fields: ['displayName', 'userLabels'],
  mask: true,
  planned: ({ serviceLevels }, names) =>
    (serviceLevels?.services ?? []).map(({ id, displayName, userLabels }) => ({
      key: id,
      body: { displayName, custom: {}, userLabels: labelled(userLabels, names) },
      query: { serviceId: id },
    })),
  keyOf: ({ name }) => textOf(name).replace(/^.*\//, ''),
};

const objectives: Collection = {
  name: 'SLOs',
  noun: 'SLO',
  api: 'monitoring',
  version: 'v3',
  path: 'serviceLevelObjectives',
  listKey: 'serviceLevelObjectives',
  labels: 'userLabels',
  fields: ['displayName', 'goal', 'rollingPeriod', 'serviceLevelIndicator', 'userLabels'],
  mask: true,
  planned: ({ serviceLevels, project }, names) =>
    (serviceLevels?.services ?? []).flatMap((service) =>
      service.objectives.map(({ id, userLabels, ...rest }) => ({
        key: `${service.id}/${id}`,
        body: { ...rest, userLabels: labelled(userLabels, names) },
        query: { serviceLevelObjectiveId: id },
        parent: `projects/${project}/services/${service.id}`,
      })),
    ),
  keyOf: ({ name }) => /services\/([^/]+)\/serviceLevelObjectives\/([^/]+)$/.exec(textOf(name))?.slice(1).join('/') ?? '',
  under: services,
};

/** A target may have the name of its kind. */
const nativeKey = (displayName: string): string => `native ${displayName}`;

const uptimeChecks: Collection = {
  name: 'Uptime checks',
  noun: 'uptime check',
  api: 'monitoring',
  version: 'v3',
  path: 'uptimeCheckConfigs',
  listKey: 'uptimeCheckConfigs',
  labels: 'userLabels',
  fields: [
    ...words('displayName', 'userLabels', 'monitoredResource', 'httpCheck', 'tcpCheck', 'period', 'timeout', 'selectedRegions'),
    ...words('contentMatchers', 'checkerType', 'syntheticMonitor'),
  ],
  fixed: ['monitoredResource', 'syntheticMonitor', 'checkerType'],
  mask: true,
  planned: ({ uptimeChecks: planned, syntheticMonitors, project, region }, names) => [
    ...planned.map(({ displayName, userLabels, check }) => ({
      key: displayName,
      body: { displayName, userLabels: labelled(userLabels, names), ...check },
    })),
    ...syntheticMonitors.map((monitor) => ({
      key: nativeKey(monitor.displayName),
      body: {
        displayName: monitor.displayName,
        userLabels: labelled(monitor.userLabels, names),
        syntheticMonitor: { cloudFunctionV2: { name: `projects/${project}/locations/${region}/functions/${monitor.function}` } },
        period: `${monitor.periodMinutes * 60}s`,
        timeout: `${monitor.timeoutSeconds}s`,
      },
    })),
  ],
  keyOf: ({ displayName, syntheticMonitor }) => (syntheticMonitor === undefined ? textOf(displayName) : nativeKey(textOf(displayName))),
};

/** In the order in which they are made; policies come last and go first, so that nothing pages about a deployment. */
export const collections: readonly Collection[] = [dashboards, services, objectives, uptimeChecks, policies];

/** @returns what a document is called in the progress. */
export function titleOf({ noun, ...collection }: Collection, document: Document): string {
  return `${noun} "${collection.titleOf?.(document) ?? textOf(document['displayName'])}"`;
}
