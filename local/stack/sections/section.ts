/** What a section of the embedded stack's configuration is made of. */
import type { SecretName } from '../secrets';
import type { Services } from '../services';

/** The targets of a kind, by name. */
export type Section = (services: Services) => Readonly<Record<string, object>>;

/** When everything runs: nobody who watches a demonstration waits an hour for a secret. */
export const schedule = '* * * * *';

export function secret(name: SecretName): object {
  return { secret: name };
}
