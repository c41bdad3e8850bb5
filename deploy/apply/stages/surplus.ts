/** Stage: what an earlier plan created and this one does not name is removed. */
import { collections } from '../documents/collection';
import { removeAccounts, removeDocuments, removeFunctions, removeJobs } from '../removal';
import type { Stage } from '../step';
import type { Surroundings } from '../surroundings';

/** @returns the steps of the stage; one lane, because each thing has to go before what it uses. */
export async function surplus(around: Surroundings): Promise<Stage> {
  const { plan, names, only } = around;
  const jobs = new Set(plan.jobs.map(({ name }) => name));
  const functions = new Set(plan.functions.map(({ name }) => name));
  const emails = new Set(plan.accounts.map(({ email }) => email));
  const staying = Object.fromEntries(
    collections.map((collection) => [collection.name, new Set(collection.planned(plan, names).map(({ key }) => key))]),
  );
  const oldJobs = await removeJobs(around, (name) => jobs.has(name));
  if (only) return { steps: oldJobs, kept: 'nothing', notes: [] };
  const [oldFunctions, old, documents] = await Promise.all([
    removeFunctions(around, (name) => functions.has(name)),
    removeAccounts(around, (email) => emails.has(email)),
    removeDocuments(around, staying),
  ]);
  const steps = [...oldJobs, ...documents, ...oldFunctions, ...old.roles, ...old.accounts].map((step) => ({ ...step, lane: 'surplus' }));
  return { steps, kept: steps.length === 0 ? 'nothing' : '', notes: [] };
}
