/** Stage: the descriptors of our metrics; before the policies, because a policy on an unknown metric is refused. */
import { differencesOf } from '../compare';
import { documentsOf, textOf, type Document } from '../google';
import type { MetricDescriptor } from '../../monitoring/documents';
import type { ApiRequest, Stage } from '../step';
import type { Surroundings } from '../surroundings';
import { keptOf } from './apis';

const fields = ['metricKind', 'valueType', 'unit', 'displayName', 'description'] as const;

/** @returns our descriptors in the project; all environments share them. */
export async function readDescriptors({ plan, google }: Surroundings): Promise<readonly Document[]> {
  const filter = 'metric.type = starts_with("custom.googleapis.com/synthetic/")';
  return google.list('monitoring', `v3/projects/${plan.project}/metricDescriptors`, 'metricDescriptors', { filter });
}

/** @param known the keys that count: labels are never removed from a descriptor, so others may linger (metricDescriptors.create). */
function comparable(descriptor: Document, known: readonly unknown[]): Document {
  const labels = documentsOf(descriptor['labels'])
    .filter(({ key }) => known.includes(key))
    .map(({ key, description }) => [textOf(key), textOf(description)]);
  return { ...Object.fromEntries(fields.map((field) => [field, descriptor[field] ?? ''])), labels: Object.fromEntries(labels) };
}

/** @returns the steps of the stage. */
export async function descriptors(around: Surroundings): Promise<Stage> {
  const present = new Map((await readDescriptors(around)).map((descriptor) => [descriptor['type'], descriptor]));
  const changed = around.plan.descriptors.filter((planned) => {
    const found = present.get(planned.type);
    const known = planned.labels.map(({ key }) => key);
    return !found || differencesOf(comparable({ ...planned }, known), comparable(found, known)).length > 0;
  });
  const path = `v3/projects/${around.plan.project}/metricDescriptors`;
  const requests = changed.map((descriptor): ApiRequest => ({ method: 'POST', api: 'monitoring', path, body: { ...descriptor } }));
  return {
    steps: changed.length === 0 ? [] : [{ title: titleOf(changed), lane: 'descriptors', command: { requests } }],
    kept: keptOf(around.plan.descriptors.length - changed.length),
    notes: [],
  };
}

function titleOf([first, ...more]: readonly MetricDescriptor[]): string {
  if (more.length > 0) return `describe ${more.length + 1} metrics`;
  return `describe ${first?.type.replace('custom.googleapis.com/', '') ?? ''}`;
}
