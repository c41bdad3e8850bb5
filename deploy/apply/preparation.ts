/** What is settled before the first stage, and read back by every later one: the plan, and where the APIs are. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan/plan';
import { namesOf } from '../plan/names';
import { createGoogle, createNothing, objectOf, textOf } from './google';
import type { Surroundings } from './surroundings';

/** What the user asked for, as far as the stages have to know it. */
export interface Preparation {
  readonly plan: Plan;
  readonly only?: readonly string[];
  /** Where an API is, if not where Google has it. */
  readonly endpoints: Readonly<Record<string, string>>;
}

const fileName = 'preparation.json';

/** @param listing what `gcloud config list --format=json` says. @returns the endpoints that it overrides, as gcloud itself takes them */
export function endpointsIn(listing: string): Readonly<Record<string, string>> {
  const overrides = objectOf(objectOf(JSON.parse(listing))['api_endpoint_overrides']);
  return Object.fromEntries(Object.entries(overrides).map(([api, address]) => [api, textOf(address).replace(/\/?$/, '/')]));
}

/** Keeps the preparation in the deployment's temporary folder. */
export function keep(folder: string, preparation: Preparation): void {
  writeFileSync(join(folder, fileName), JSON.stringify(preparation));
}

/** Keeps what somebody should know who deploys; it is told at the end. */
export function note(folder: string, lines: readonly string[]): void {
  appendFileSync(join(folder, 'all-notes'), lines.map((line) => `${line}\n`).join(''));
}

/** @returns the preparation of this deployment. */
export function recall(folder: string): Preparation {
  return JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as Preparation;
}

/** @param token none: nobody is logged in, so nothing is read. @returns what the stages know */
export function surroundingsOf(
  { plan, only, endpoints }: Preparation,
  { token, ...rest }: Pick<Surroundings, 'root' | 'workFolder'> & { readonly token: string },
): Surroundings {
  const { project } = plan;
  const google = token === '' ? createNothing() : createGoogle({ token, project, endpoints });
  return { plan, names: namesOf(plan.environment), google, ...(only && { only }), ...(token === '' && { offline: true }), ...rest };
}
