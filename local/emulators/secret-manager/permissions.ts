/** Who may do what in the Secret Manager emulator (Secret Manager, "Access control with IAM"). */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import type { SecretStore } from './store';

const roles: Readonly<Record<string, readonly string[] | 'all'>> = {
  'roles/secretmanager.admin': 'all',
  'roles/secretmanager.secretAccessor': ['versions.access'],
  'roles/secretmanager.viewer': ['secrets.get', 'secrets.list', 'secrets.getIamPolicy', 'versions.get', 'versions.list'],
  'roles/secretmanager.secretVersionAdder': ['versions.add'],
  'roles/secretmanager.secretVersionManager': [
    'versions.add',
    'versions.disable',
    'versions.enable',
    'versions.destroy',
    'versions.get',
    'versions.list',
  ],
};

/** Whom the emulator takes its callers for: plaintext calls carry no credentials. */
export interface Caller {
  /** E.g. `serviceAccount:probe@p.iam.gserviceaccount.com`; its bindings on single secrets count. */
  readonly member?: string;
  /** Its roles on the whole project. */
  readonly roles: readonly string[];
}

/** The gate before every method. */
export interface Permissions {
  /** Throws PERMISSION_DENIED, also where the secret does not exist and the caller's roles on the project do not say so. */
  readonly check: (permission: string, name: string) => void;
  /** The same for what is asked of `projects/N[/locations/L]`. */
  readonly checkProject: (permission: string, parent: string) => void;
  /** Refuses one permission, such as `secretmanager.versions.access`, on one secret (full name); what comes back lifts it. */
  readonly deny: (secret: string, permission: string) => () => void;
  /** Lifts all refusals. */
  readonly lift: () => void;
  readonly caller: (caller: Caller) => void;
}

/** Makes a gate for callers that may do everything. */
export function createPermissions(store: SecretStore): Permissions {
  let current: Caller = { roles: ['roles/secretmanager.admin'] };
  const denials = new Set<{ secret: string; permission: string }>();

  const holds = (permission: string, secret: string): boolean => {
    const bound = store.has(secret)
      ? store
          .secret(secret)
          .bindings.filter(({ members }) => current.member !== undefined && members.includes(current.member))
          .map(({ role }) => role)
      : [];
    return [...current.roles, ...bound].some((role) => grants(role, permission));
  };

  return {
    check(permission, name) {
      const { secret, version } = store.names.parse(name);
      const denied = [...denials].some((denial) => denial.secret === secret && denial.permission === permission);
      if (denied || !holds(permission, secret)) throw refused(permission, version === undefined ? secret : `${secret}/versions/${version}`);
    },
    checkProject(permission, parent) {
      if (!current.roles.some((role) => grants(role, permission))) throw refused(permission, parent);
    },
    lift: () => denials.clear(),
    deny(secret, permission) {
      const denial = { secret: store.names.parse(secret).secret, permission };
      denials.add(denial);
      return () => void denials.delete(denial);
    },
    caller(caller) {
      current = caller;
    },
  };
}

function refused(permission: string, resource: string): StatusError {
  return new StatusError(status.PERMISSION_DENIED, `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`);
}

function grants(role: string, permission: string): boolean {
  const held = roles[role];
  return held === 'all' || (held?.includes(permission.replace('secretmanager.', '')) ?? false);
}
