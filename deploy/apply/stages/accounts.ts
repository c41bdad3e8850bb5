/** Stage: a service account for each function and one for the Scheduler. */
import type { AccountPlan } from '../../plan/plan';
import { decide, tell, type Found } from '../compare';
import { describedBy, digest, readDescription } from '../fingerprint';
import { textOf, type Document } from '../google';
import type { Stage, Step } from '../step';
import { common, ForeignError, type Surroundings } from '../surroundings';
import { keptOf } from './apis';

/** @returns the planned accounts that this deployment is about; the Scheduler's is, always. */
export function accountsOf({ plan, names, only }: Surroundings): readonly AccountPlan[] {
  if (!only) return plan.accounts;
  const wanted = new Set([...only, 'scheduler'].map((user) => names.account(user)));
  return plan.accounts.filter(({ id }) => wanted.has(id));
}

/** @returns every service account of the project by its email. */
export async function readAccounts({ plan, google }: Surroundings): Promise<ReadonlyMap<string, Document>> {
  const found = await google.list('iam', `v1/projects/${plan.project}/serviceAccounts`, 'accounts');
  return new Map(found.map((account) => [textOf(account['email']), account]));
}

/** @returns whether an account is ours: its name and its description say so. */
export function isOurAccount({ names }: Surroundings, account: Document): boolean {
  return textOf(account['email']).startsWith(names.accountPrefix) && textOf(account['description']).startsWith(names.marker);
}

function fieldsOf({ displayName, description }: AccountPlan): Document {
  return { displayName, description, disabled: false };
}

function foundOf(account: Document): Found {
  const { description, fingerprint } = readDescription(textOf(account['description']));
  return { fields: { displayName: textOf(account['displayName']), description, disabled: account['disabled'] === true }, fingerprint };
}

/** @returns the steps of the stage. @throws ForeignError */
export async function accounts(around: Surroundings): Promise<Stage> {
  const present = await readAccounts(around);
  const steps = accountsOf(around).flatMap((planned): readonly Step[] => {
    const account = present.get(planned.email);
    if (account && !isOurAccount(around, account))
      throw new ForeignError(
        `The service account ${planned.email} exists and is not ours (its description does not begin with "${around.names.marker}").`,
      );
    const fields = fieldsOf(planned);
    const decision = decide(fields, account && foundOf(account));
    if (decision.action === 'keep') return [];
    const described = [
      `--display-name=${planned.displayName}`,
      `--description=${describedBy(planned.description, digest(fields))}`,
      ...common(around),
    ];
    const step = (title: string, words: readonly string[]): Step => ({
      title: `service account ${planned.id}${title}`,
      lane: planned.id,
      command: { gcloud: ['iam', 'service-accounts', ...words] },
      ...(decision.action === 'changed' && { takesBack: tell(decision.differences) }),
    });
    if (decision.action === 'create') return [{ ...step('', ['create', planned.id, ...described]), done: /already exists/ }];
    return [
      step(': describe', ['update', planned.email, ...described]),
      ...(account?.['disabled'] === true ? [step(': enable', ['enable', planned.email, ...common(around)])] : []),
    ];
  });
  return { steps, kept: keptOf(accountsOf(around).length - new Set(steps.map(({ lane }) => lane)).size), notes: [] };
}
