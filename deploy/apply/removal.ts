/** What is ours and not planned (any more), and the steps that remove it. */
import { collections, titleOf } from './documents/collection';
import { readOurs, removalOf } from './documents/apply';
import { textOf, type Document } from './google';
import { projectGrants, secretGrants } from './iam';
import { isOurAccount, readAccounts } from './stages/accounts';
import { readDescriptors } from './stages/descriptors';
import { isOurJob, readJobs } from './stages/jobs';
import { grantStep } from './stages/roles';
import { joined, type Step } from './step';
import { common, eachOf, hasLabels, type Surroundings } from './surroundings';

/** Tells whether something stays, by its name or key. */
type Stays = (name: string) => boolean;

const regionOf = (name: string): string => /\/locations\/([^/]+)\//.exec(name)?.[1] ?? '';
const idOf = (name: string): string => name.replace(/^.*\//, '');

/** Our functions in every region: what an earlier plan put elsewhere is ours, too. */
async function ourFunctions({ plan, names, google }: Surroundings): Promise<readonly string[]> {
  const everywhere = await google.list('cloudfunctions', `v2/projects/${plan.project}/locations/-/functions`, 'functions');
  return everywhere.filter(({ labels }) => hasLabels(labels, names.labels)).map(({ name }) => textOf(name));
}

/** Jobs can't be listed but by region: they are where functions are. */
async function ourJobs(around: Surroundings): Promise<readonly string[]> {
  const regions = new Set([around.plan.region, ...(await ourFunctions(around)).map(regionOf)]);
  const lists = await eachOf([...regions], async (region) => [...(await readJobs(around, region)).values()]);
  return lists
    .flat()
    .filter((job: Document) => isOurJob(around, job))
    .map(({ name }) => textOf(name));
}

/** What stays is in the region of the plan. */
const isPlanned = ({ plan }: Surroundings, stays: Stays, name: string): boolean => regionOf(name) === plan.region && stays(idOf(name));
const titleIn = ({ plan }: Surroundings, name: string): string =>
  regionOf(name) === plan.region ? idOf(name) : `${idOf(name)} in ${regionOf(name)}`;

/** @returns steps that delete our jobs. */
export async function removeJobs(around: Surroundings, stays: Stays): Promise<readonly Step[]> {
  const { names, only } = around;
  const isChosen = (name: string): boolean => !only || only.some((kind) => /^\d+$/.test(name.replace(names.job(kind, 0).slice(0, -1), '')));
  return (await ourJobs(around))
    .filter((name) => isChosen(idOf(name)) && !isPlanned(around, stays, name))
    .map((name) => ({
      title: `Scheduler job ${titleIn(around, name)}: delete`,
      lane: name,
      command: { gcloud: ['scheduler', 'jobs', 'delete', idOf(name), `--location=${regionOf(name)}`, ...common(around)] },
      done: /NOT_FOUND|not found/,
    }));
}

/** @returns steps that delete our functions. */
export async function removeFunctions(around: Surroundings, stays: Stays): Promise<readonly Step[]> {
  return (await ourFunctions(around))
    .filter((name) => !isPlanned(around, stays, name))
    .map((name) => ({
      title: `function ${titleIn(around, name)}: delete`,
      lane: name,
      command: { gcloud: ['functions', 'delete', idOf(name), '--gen2', `--region=${regionOf(name)}`, ...common(around)] },
      done: /does not exist|NOT_FOUND/,
    }));
}

/** What an account held that somebody deleted stays in policies under another name (IAM, "Policies with deleted principals"). */
function isOfDeleted({ names }: Surroundings, member: string): boolean {
  const prefix = `deleted:serviceAccount:${names.accountPrefix}`;
  return member.startsWith(prefix) && /^[a-z]+@/.test(member.slice(prefix.length));
}

/**
 * @param everything also what accounts held that are gone already.
 * @returns steps that take our accounts' roles away, and then steps that delete the accounts.
 */
export async function removeAccounts(
  around: Surroundings,
  stays: Stays,
  everything = false,
): Promise<{ readonly roles: readonly Step[]; readonly accounts: readonly Step[] }> {
  const emails = [...(await readAccounts(around))]
    .filter(([email, account]) => isOurAccount(around, account) && !stays(email))
    .map(([email]) => email);
  if (emails.length === 0 && !everything) return { roles: [], accounts: [] };
  const members = new Set(emails.map((email) => `serviceAccount:${email}`));
  const [onProject, { grants }] = await Promise.all([projectGrants(around), secretGrants(around)]);
  return {
    roles: [...onProject, ...grants]
      .filter(({ member }) => members.has(member) || (everything && isOfDeleted(around, member)))
      .map((grant) => grantStep('remove', grant)),
    accounts: emails.map((email) => ({
      title: `service account ${email.replace(/@.*$/, '')}: delete`,
      lane: email,
      command: { gcloud: ['iam', 'service-accounts', 'delete', email, ...common(around)] },
      done: /NOT_FOUND|not found/,
    })),
  };
}

/**
 * @param staying the planned keys by the name of the collection; none: everything goes.
 * @returns steps that delete our documents, those that depend on others first
 */
export async function removeDocuments(
  around: Surroundings,
  staying: Readonly<Record<string, ReadonlySet<string>>>,
): Promise<readonly Step[]> {
  const removed: Step[] = [];
  for (const collection of collections.toReversed()) {
    const seen = new Set<string>();
    const steps: Step[] = [];
    for (const document of await readOurs(around, collection)) {
      const key = collection.keyOf(document);
      // A second one of the same key comes from a request whose answer was lost.
      const isSecond = seen.has(key);
      seen.add(key);
      if (staying[collection.name]?.has(key) === true && !isSecond) continue;
      steps.push({
        title: `${titleOf(collection, document)}: delete`,
        lane: 'documents',
        command: { requests: [removalOf(collection, document)] },
      });
    }
    removed.push(...joined(steps, 'documents', collection.name).map((step) => ({ ...step, lane: 'documents' })));
  }
  return removed;
}

/** @returns the step that deletes the descriptors, and with them the history. */
export async function removeDescriptors(around: Surroundings): Promise<readonly Step[]> {
  const present = await readDescriptors(around);
  if (present.length === 0) return [];
  return [
    {
      title: `metrics: forget ${present.length} with their history`,
      lane: 'descriptors',
      command: {
        requests: present.map(({ name }) => ({ method: 'DELETE', api: 'monitoring', path: `v3/${textOf(name)}` })),
      },
    },
  ];
}
