/** Secret Manager on loopback, with the states, texts and permissions of the real one. */
import { createFaults } from './faults';
import type { Fault } from './faults';
import { loadProtos, startGrpcServer } from './grpc-server';
import { createNames } from './secret-manager/names';
import { createPermissions } from './secret-manager/permissions';
import type { Caller } from './secret-manager/permissions';
import { secretMethods } from './secret-manager/secret-methods';
import { createSecretStore, destroy } from './secret-manager/store';
import type { SecretSeed, VersionState } from './secret-manager/store';
import { versionMethods } from './secret-manager/version-methods';

/** How to start the emulator. */
export interface SecretManagerEmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The server's clock, in milliseconds since 1970. */
  readonly clock?: () => number;
  /** The project of secrets that are put by their bare name; `test-project` unless said otherwise. */
  readonly project?: string;
  /** Numbers of projects by id; others get one, from 123456789012 up. */
  readonly projectNumbers?: Readonly<Record<string, string>>;
}

/** A running emulator. A secret is named by its bare id, or by `projects/P[/locations/L]/secrets/S`. */
export interface SecretManagerEmulator {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Puts a secret in the place of any of that name. */
  put(secret: string, seed: SecretSeed): void;
  /** Adds a version and gives its number. */
  addVersion(secret: string, value: string | Uint8Array): number;
  /** Sets the state of a version; a destroyed one loses its data. */
  setState(secret: string, version: number | 'latest', state: VersionState): void;
  /** Deletes a secret. */
  remove(secret: string): void;
  /** Makes accesses to a secret answer with a wrong checksum; `false` ends it. */
  corrupt(secret: string, on?: boolean): void;
  /** Refuses a permission such as `secretmanager.versions.access` on a secret, existing or not; what comes back lifts it. */
  deny(secret: string, permission: string): () => void;
  /** Whom it takes its callers for; at first for one with `roles/secretmanager.admin` on the project. */
  caller(caller: Caller): void;
  /** How often each method was called. */
  calls(): Readonly<Record<string, number>>;
  /** Forgets secrets and counts; faults and denials stay. */
  clear(): void;
  /** Switches a fault on, besides those that are; what comes back switches it off. */
  fault(fault: Fault): () => void;
  /** Switches all faults off and lifts all denials. */
  heal(): void;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/** Starts the emulator on loopback. */
export async function startSecretManagerEmulator(options: SecretManagerEmulatorOptions = {}): Promise<SecretManagerEmulator> {
  const protos = loadProtos('@google-cloud/secret-manager', 'google/cloud/secretmanager/v1/service.proto');
  const store = createSecretStore(createNames(options.projectNumbers ?? {}), options.clock ?? (() => Date.now()));
  const permissions = createPermissions(store);
  const faults = createFaults();
  const calls = new Map<string, number>();
  const project = options.project ?? 'test-project';
  const full = (secret: string): string => (secret.startsWith('projects/') ? secret : `projects/${project}/secrets/${secret}`);

  const server = await startGrpcServer({
    protos,
    service: 'google.cloud.secretmanager.v1.SecretManagerService',
    port: options.port,
    faults,
    onCall: (method) => calls.set(method, (calls.get(method) ?? 0) + 1),
    methods: { ...secretMethods(store, permissions), ...versionMethods(store, permissions) },
  });

  return {
    address: server.address,
    put: (secret, seed) => void store.put(full(secret), seed),
    addVersion: (secret, value) => store.add(full(secret), value).version.number,
    setState(secret, number, state) {
      const { version } = store.version(`${full(secret)}/versions/${number}`);
      version.state = state;
      if (state === 'DESTROYED') destroy(version, store.clock());
    },
    remove: (secret) => store.remove(full(secret)),
    corrupt(secret, on = true) {
      store.secret(full(secret)).corrupt = on;
    },
    deny: (secret, permission) => permissions.deny(full(secret), permission),
    caller: permissions.caller,
    calls: () => Object.fromEntries(calls),
    clear() {
      store.clear();
      calls.clear();
    },
    fault: faults.add,
    heal() {
      faults.clear();
      permissions.lift();
    },
    close: server.close,
  };
}
