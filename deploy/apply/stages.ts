/** The stages of a deployment and of a deletion, in their order. */
import { applyDocuments } from './documents/apply';
import { collections } from './documents/collection';
import { textOf } from './google';
import { removeAccounts, removeDescriptors, removeDocuments, removeFunctions, removeJobs } from './removal';
import { accounts } from './stages/accounts';
import { apis } from './stages/apis';
import { descriptors } from './stages/descriptors';
import { firstRuns } from './stages/first-runs';
import { functions } from './stages/functions';
import { jobs } from './stages/jobs';
import { roles } from './stages/roles';
import { surplus } from './stages/surplus';
import type { Stage, Step } from './step';
import { hasLabels, type Surroundings } from './surroundings';

/** What a stage does, by the name that stands in the progress. */
export type Stages = Readonly<Record<string, (around: Surroundings) => Promise<Stage>>>;

/** A deployment. */
export const deploying: Stages = {
  APIs: apis,
  'Service accounts': accounts,
  Roles: roles,
  Metrics: descriptors,
  Functions: functions,
  'Scheduler jobs': jobs,
  ...Object.fromEntries(
    collections.map((collection) => [collection.name, async (around: Surroundings) => applyDocuments(around, collection)]),
  ),
  'No longer planned': surplus,
  'First runs': firstRuns,
};

const nothingStays = (): boolean => false;

function removing(read: (around: Surroundings) => Promise<readonly Step[]>): (around: Surroundings) => Promise<Stage> {
  return async (around) => {
    const steps = await read(around);
    return { steps, kept: steps.length === 0 ? 'none' : '', notes: [] };
  };
}

/** The descriptors, and with them the history, are every environment's. */
async function lastDescriptors(around: Surroundings): Promise<Stage> {
  const { plan, names, google } = around;
  const anywhere = await google.list('cloudfunctions', `v2/projects/${plan.project}/locations/-/functions`, 'functions');
  const others = anywhere
    .filter(({ labels }) => hasLabels(labels, { 'managed-by': names.labels['managed-by'] ?? '' }) && !hasLabels(labels, names.labels))
    .map(({ name }) => textOf(name).replace(/^.*\//, ''));
  if (others.length > 0) return { steps: [], kept: `left: ${others[0]} and others of another environment use them`, notes: [] };
  return removing(removeDescriptors)(around);
}

/** A deletion: what calls goes before what is called, accounts after all that uses them. */
export const deleting: Stages = {
  'Scheduler jobs': removing(async (around) => removeJobs(around, nothingStays)),
  'Alerts, dashboard': removing(async (around) => removeDocuments(around, {})),
  Functions: removing(async (around) => removeFunctions(around, nothingStays)),
  Roles: removing(async (around) => (await removeAccounts(around, nothingStays, true)).roles),
  'Service accounts': removing(async (around) => (await removeAccounts(around, nothingStays, true)).accounts),
  Metrics: lastDescriptors,
};
