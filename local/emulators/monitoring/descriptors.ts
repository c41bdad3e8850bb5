/** The metric descriptors of the Monitoring emulator: created by hand, or by the first write of a metric. */
import { status } from '@grpc/grpc-js';
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { matchesDescriptor, parseFilter } from './filter';
import { checkLabelKey, checkMetricType, maxLabels, tooManyLabels } from './metric-type';
import { projectOf } from './names';
import { writableTypes } from './resources';
import type { CheckedSeries, LabelDescriptor, MetricDescriptor, MetricKind, ValueType } from './types';
import { isUnit } from './unit';

/** A descriptor as it is kept. */
export interface StoredDescriptor {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly LabelDescriptor[];
  readonly metricKind: MetricKind;
  readonly valueType: ValueType;
  readonly unit: string;
  readonly description: string;
  readonly displayName: string;
  readonly launchStage?: MetricDescriptor['launchStage'];
  readonly monitoredResourceTypes: readonly string[];
}

/** The descriptors of all projects. */
export interface Descriptors {
  /** CreateMetricDescriptor: an upsert that never removes labels; a change of kind or type is ALREADY_EXISTS. */
  readonly create: (request: { name: string; metricDescriptor: MetricDescriptor | null }) => StoredDescriptor;
  readonly get: (request: { name: string }) => StoredDescriptor;
  readonly list: (request: { name: string; filter: string; pageSize: number; pageToken: string }) => object;
  /** Deletes and says which project's metric is gone. */
  readonly remove: (request: { name: string }) => { project: string; type: string };
  /** The descriptor that a series must agree with, new or with further labels where it needs that, not kept yet; throws where they disagree. */
  readonly admit: (series: CheckedSeries) => StoredDescriptor;
  /** Keeps what was admitted, once its first point is stored. */
  readonly keep: (descriptor: StoredDescriptor) => void;
  readonly all: () => readonly StoredDescriptor[];
  readonly clear: () => void;
}

/** Makes an empty set; `limit` is how many a project may have. */
export function createDescriptors(limit: number): Descriptors {
  const stored = new Map<string, StoredDescriptor>();

  const checkRoom = (descriptor: StoredDescriptor): StoredDescriptor => {
    const project = projectOf(descriptor.name);
    if (!stored.has(descriptor.name) && [...stored.keys()].filter((name) => projectOf(name) === project).length >= limit) {
      throw new StatusError(status.RESOURCE_EXHAUSTED, 'Your metric descriptor quota has been exhausted.');
    }
    if (descriptor.labels.length > maxLabels) throw tooManyLabels(descriptor.type);
    return descriptor;
  };
  const keep = (descriptor: StoredDescriptor): void => void stored.set(descriptor.name, descriptor);

  const find = (name: string): StoredDescriptor => {
    const found = stored.get(name);
    if (found) return found;
    const type = name.replace(/^projects\/[^/]+\/metricDescriptors\//, '');
    throw new StatusError(status.NOT_FOUND, `Could not find descriptor for metric '${type}'.`);
  };

  return {
    create({ name, metricDescriptor }) {
      const wanted = checkDescriptor(projectOf(name), metricDescriptor ?? {});
      const present = stored.get(wanted.name);
      if (present && (present.metricKind !== wanted.metricKind || present.valueType !== wanted.valueType)) {
        throw new StatusError(
          status.ALREADY_EXISTS,
          `Errors during metric descriptor creation: {(metric: ${wanted.type}, error: The metric already exists.)}.`,
        );
      }
      const descriptor = checkRoom({ ...wanted, labels: joinLabels(present?.labels ?? [], wanted.labels) });
      keep(descriptor);
      return descriptor;
    },
    get: ({ name }) => find(name),
    list({ name, filter, pageSize, pageToken }) {
      const terms = parseFilter(filter);
      const project = projectOf(name);
      const found = [...stored.values()]
        .filter((each) => projectOf(each.name) === project && matchesDescriptor(terms, each.type))
        .toSorted((a, b) => (a.type < b.type ? -1 : 1));
      const { items, nextPageToken } = cutPage(found, pageSize, pageToken, 10_000);
      return { metricDescriptors: items, nextPageToken };
    },
    remove({ name }) {
      const { type } = find(name);
      stored.delete(name);
      return { project: projectOf(name), type };
    },
    admit(series) {
      const { type, labels } = series.metric;
      const name = `projects/${series.project}/metricDescriptors/${type}`;
      const present = stored.get(name);
      if (!present && series.valueType === 'STRING') {
        throw invalid(`Value type for metric ${type} must be BOOL, INT64, DOUBLE or DISTRIBUTION, but is STRING.`);
      }
      const descriptor = present ?? automatic(name, series);
      const kind = series.kind ?? descriptor.metricKind;
      if (kind !== descriptor.metricKind) throw invalid(`Metric kind for metric ${type} must be ${descriptor.metricKind}, but is ${kind}.`);
      if (series.valueType !== descriptor.valueType) {
        throw invalid(`Value type for metric ${type} must be ${descriptor.valueType}, but is ${series.valueType}.`);
      }
      const joined = joinLabels(
        descriptor.labels,
        Object.keys(labels)
          .filter((key) => !descriptor.labels.some((label) => label.key === key))
          .map((key) => ({ key, valueType: 'STRING', description: '' })),
      );
      return checkRoom({ ...descriptor, labels: joined });
    },
    keep,
    all: () => [...stored.values()],
    clear: () => stored.clear(),
  };
}

function automatic(name: string, series: CheckedSeries): StoredDescriptor {
  return {
    name,
    type: series.metric.type,
    labels: [],
    metricKind: series.kind ?? 'GAUGE',
    valueType: series.valueType,
    unit: '',
    description: 'Auto-created custom metric.',
    displayName: '',
    monitoredResourceTypes: writableTypes,
  };
}

/** Checks a descriptor that a caller wants. */
function checkDescriptor(project: string, wanted: MetricDescriptor): StoredDescriptor {
  const type = wanted.type ?? '';
  checkMetricType(type);
  const { metricKind, valueType } = wanted;
  if (metricKind !== 'GAUGE' && metricKind !== 'CUMULATIVE') {
    throw invalid(
      `Field metricDescriptor.metricKind had an invalid value of "${metricKind}": Metric kind for metric ${type} must be GAUGE or CUMULATIVE.`,
    );
  }
  if (valueType !== 'BOOL' && valueType !== 'INT64' && valueType !== 'DOUBLE' && valueType !== 'STRING' && valueType !== 'DISTRIBUTION') {
    throw invalid(`Field metricDescriptor.valueType had an invalid value of "${valueType}".`);
  }
  if (metricKind === 'CUMULATIVE' && (valueType === 'BOOL' || valueType === 'STRING')) {
    throw invalid(`Metric kind for metric ${type} must be GAUGE, but is CUMULATIVE: its value type is ${valueType}.`);
  }
  if (!isUnit(wanted.unit ?? '')) throw invalid(`Field metricDescriptor.unit had an invalid value of "${wanted.unit}".`);
  const labels = wanted.labels ?? [];
  for (const label of labels) {
    checkLabelKey(label.key ?? '');
    if (label.valueType !== 'STRING') throw invalid("Metric labels for this user-defined metric are required to be of type 'STRING'.");
  }
  if (new Set(labels.map((label) => label.key)).size < labels.length) throw invalid('Field metricDescriptor.labels had a key twice.');
  return {
    name: `projects/${project}/metricDescriptors/${type}`,
    type,
    labels,
    metricKind,
    valueType,
    unit: wanted.unit ?? '',
    description: wanted.description ?? '',
    displayName: wanted.displayName ?? '',
    launchStage: wanted.launchStage,
    monitoredResourceTypes: writableTypes,
  };
}

/** Further labels replace those of the same key and come after the others; none goes. */
function joinLabels(present: readonly LabelDescriptor[], further: readonly LabelDescriptor[]): LabelDescriptor[] {
  return [...new Map([...present, ...further].map((label) => [label.key, label])).values()];
}

function invalid(message: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, message);
}
