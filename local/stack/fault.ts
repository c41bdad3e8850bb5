/** What a break of the embedded stack is, and the ways in which its parts can be broken. */
import type { Target } from '../../shared/config/config';
import type { Owner, Reason } from '../../shared/reasons';
import type { Outcome } from '../../shared/result';
import type { ChatFaults } from '../services/chat-faults';
import { putSecret, type SecretName } from './secrets';
import type { Services } from './services';

/** What becomes of a target. */
export interface Symptom {
  readonly kind: string;
  readonly target: string;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly owner: Owner;
}

/** Makes it whole again; resolves when that is in effect. */
export type Heal = () => Promise<void>;

/** One thing that can break. */
export interface Fault {
  readonly name: string;
  readonly title: string;
  /** Everything that it turns from success. */
  readonly expects: readonly Symptom[] | ((targets: readonly Target[]) => readonly Symptom[]);
  /** Breaks it; resolves when that is in effect. */
  readonly strike: (services: Services) => Promise<Heal>;
}

/** A statement that breaks the database, and the one that mends it. */
export const statements =
  (breaks: (services: Services) => string, mends: (services: Services) => string): Fault['strike'] =>
  async (services) => {
    await services.postgres.query(breaks(services));
    return async () => void (await services.postgres.query(mends(services)));
  };

/** Something that the chat application itself can be told to do. */
export const chatFault =
  (fault: ChatFaults): Fault['strike'] =>
  ({ breakChat }) =>
    breakChat(fault);

/** Something done to a secret; it is put back as it was. */
export const secretFault =
  (name: SecretName, breaks: (services: Services) => void): Fault['strike'] =>
  async (services) => {
    breaks(services);
    return async () => putSecret(services.secretManager, name, services.secrets[name]);
  };

/** A setting of Redis that is wrong for a while. */
export const redisSetting =
  (name: string, wrong: string): Fault['strike'] =>
  async ({ redis }) => {
    const server = redis.server();
    const right = (await server.command('CONFIG', 'GET', name)) as readonly string[];
    await server.command('CONFIG', 'SET', name, wrong);
    return async () => void (await server.command('CONFIG', 'SET', name, right[1] ?? ''));
  };
