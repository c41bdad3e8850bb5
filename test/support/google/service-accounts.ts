/** IAM: the project's service accounts. */
import { createHash } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { ApiError, invalid, objectOf, part, route, textOf } from './rest';
import type { Api, Call } from './rest';
import type { World } from './world';

/** A service account. */
export interface ServiceAccount extends Named {
  readonly projectId: string;
  readonly uniqueId: string;
  readonly email: string;
  readonly displayName: string;
  readonly description: string;
  readonly etag: string;
  readonly oauth2ClientId: string;
  readonly disabled?: boolean;
}

/** The API and the accounts. */
export interface ServiceAccounts {
  readonly api: Api;
  readonly accounts: Collection<ServiceAccount>;
}

/** @returns an empty set of accounts, by their full name `projects/P/serviceAccounts/EMAIL`. */
export function createAccounts(project: string): Collection<ServiceAccount> {
  return createCollection<ServiceAccount>({
    missing: () => 'Unknown service account',
    present: (name) => `Service account ${name.split('/').at(-1)?.split('@')[0] ?? ''} already exists within project projects/${project}.`,
  });
}

/** @returns whether a member of this email can be bound: the project's own accounts must be there, those of Google and of others are. */
export function isKnownAccount(email: string, project: string, accounts: Collection<ServiceAccount>): boolean {
  if (!email.endsWith(`@${project}.iam.gserviceaccount.com`)) return email.endsWith('gserviceaccount.com');
  return accounts.find(`projects/${project}/serviceAccounts/${email}`) !== undefined;
}

/** The API over these accounts. */
export function createServiceAccounts({ project, policies }: World, accounts: Collection<ServiceAccount>): Api {
  let serial = 0;
  const nameOf = (call: Call): string => {
    const account = part(call, 'account');
    const byId = accounts.all().find(({ uniqueId }) => uniqueId === account);
    return byId?.name ?? `projects/${project}/serviceAccounts/${account}`;
  };
  const etagOf = (text: string): string => createHash('sha256').update(text).digest('base64').slice(0, 16);
  return {
    name: 'iam',
    routes: [
      route('POST', '/v1/projects/{project}/serviceAccounts', ({ body }) => {
        const id = textOf(body['accountId']);
        if (!/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/.test(id)) {
          throw invalid(
            `The account ID "${id}" does not have a length between 6 and 30, or does not match the pattern [a-z]([-a-z0-9]*[a-z0-9]).`,
          );
        }
        const { displayName, description } = objectOf(body['serviceAccount']);
        if (textOf(displayName).length > 100) throw invalid('The display name is longer than 100 bytes.');
        if (textOf(description).length > 256) throw invalid('The description is longer than 256 bytes.');
        serial += 1;
        const email = `${id}@${project}.iam.gserviceaccount.com`;
        const uniqueId = String(100_000_000_000_000_000_000n + BigInt(serial));
        return accounts.add({
          name: `projects/${project}/serviceAccounts/${email}`,
          projectId: project,
          uniqueId,
          email,
          displayName: textOf(displayName),
          description: textOf(description),
          etag: etagOf(uniqueId),
          oauth2ClientId: uniqueId,
        });
      }),
      route('GET', '/v1/projects/{project}/serviceAccounts', (call) => pageOf(accounts.all(), 'accounts', call, 100)),
      route('GET', '/v1/projects/{project}/serviceAccounts/{account}', (call) => accounts.get(nameOf(call))),
      route('PATCH', '/v1/projects/{project}/serviceAccounts/{account}', (call) => {
        const present = accounts.get(nameOf(call));
        const sent = objectOf(call.body['serviceAccount']);
        const fields = textOf(call.body['updateMask']).split(',');
        if (fields.some((field) => !['displayName', 'display_name', 'description'].includes(field))) throw invalid('Invalid update mask.');
        return accounts.put({
          ...present,
          ...(fields.includes('description') && { description: textOf(sent['description']) }),
          ...(fields.some((field) => field.startsWith('display')) && { displayName: textOf(sent['displayName']) }),
        });
      }),
      ...[true, false].map((disabled) =>
        route('POST', `/v1/projects/{project}/serviceAccounts/{account}:${disabled ? 'disable' : 'enable'}`, (call) => {
          accounts.put({ ...accounts.get(nameOf(call)), disabled });
          return {};
        }),
      ),
      route('DELETE', '/v1/projects/{project}/serviceAccounts/{account}', (call) => {
        const { email, uniqueId, name } = accounts.remove(nameOf(call));
        policies.remove(name);
        policies.forget(email, uniqueId);
        return {};
      }),
      route('POST', '/v1/projects/{project}/serviceAccounts/{account}:getIamPolicy', (call) =>
        policies.get(accounts.get(nameOf(call)).name),
      ),
      route('POST', '/v1/projects/{project}/serviceAccounts/{account}:setIamPolicy', (call) =>
        policies.set(accounts.get(nameOf(call)).name, call.body),
      ),
    ],
  };
}

/** @throws 404 or 400 as APIs do that are told to run as an account which is not there. */
export function requireAccount(email: string, { project }: World, accounts: Collection<ServiceAccount>, code: 400 | 404): void {
  if (!isKnownAccount(email, project, accounts)) throw new ApiError(code, `Service account ${email} was not found.`);
}
