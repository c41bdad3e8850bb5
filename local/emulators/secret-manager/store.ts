/** The secrets of the Secret Manager emulator and how their time passes. */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import type { Names } from './names';

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

/** A point in time: a date, its ISO text, or milliseconds since 1970. */
export type Instant = Date | string | number;

/** Who holds a role on a secret. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** A version to put into a secret; they are numbered from 1 in the order given. */
export interface VersionSeed {
  readonly value: string | Uint8Array;
  /** `ENABLED` unless said otherwise. */
  readonly state?: VersionState;
  readonly createTime?: Instant;
  readonly destroyTime?: Instant;
  /** From then on it is DESTROYED. */
  readonly scheduledDestroyTime?: Instant;
}

/** A secret to put into the store. */
export interface SecretSeed {
  /** Short for one enabled version. */
  readonly value?: string | Uint8Array;
  readonly versions?: readonly VersionSeed[];
  readonly createTime?: Instant;
  /** From then on the secret is gone. */
  readonly expireTime?: Instant;
  readonly rotation?: { readonly nextRotationTime?: Instant; readonly periodSeconds?: number };
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Names for version numbers. */
  readonly aliases?: Readonly<Record<string, number>>;
  /** How long a destroyed version is only disabled. */
  readonly versionDestroyTtlSeconds?: number;
  readonly bindings?: readonly Binding[];
}

/** A version as it is kept; times in milliseconds. */
export interface StoredVersion {
  readonly number: number;
  readonly createMs: number;
  state: VersionState;
  data: Buffer;
  destroyMs?: number;
  scheduledDestroyMs?: number;
}

/** A secret as it is kept. */
export interface StoredSecret {
  /** With the project's number. */
  readonly name: string;
  readonly createMs: number;
  readonly expireMs?: number;
  readonly rotation?: { readonly nextMs?: number; readonly periodSeconds?: number };
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, number>>;
  readonly versionDestroyTtlSeconds?: number;
  /** In the order of their numbers. */
  readonly versions: StoredVersion[];
  bindings: readonly Binding[];
  /** Whether answers carry a wrong checksum. */
  corrupt: boolean;
}

/** All secrets of all projects. */
export interface SecretStore {
  readonly names: Names;
  readonly clock: () => number;
  /** Puts a secret in the place of any of that name. */
  readonly put: (name: string, seed: SecretSeed) => StoredSecret;
  /** The secret, or NOT_FOUND. */
  readonly secret: (name: string) => StoredSecret;
  /** The version that a name means; `byNumberOnly` refuses aliases and `latest`. */
  readonly version: (name: string, byNumberOnly?: boolean) => { secret: StoredSecret; version: StoredVersion };
  readonly add: (name: string, value: string | Uint8Array) => { secret: StoredSecret; version: StoredVersion };
  readonly has: (name: string) => boolean;
  readonly remove: (name: string) => void;
  /** Those below `projects/N[/locations/L]`. */
  readonly below: (parent: string) => StoredSecret[];
  readonly clear: () => void;
}

/** Makes an empty store. */
export function createSecretStore(names: Names, clock: () => number): SecretStore {
  const stored = new Map<string, StoredSecret>();

  const passTime = (): void => {
    const now = clock();
    for (const [name, secret] of stored) {
      if (secret.expireMs !== undefined && secret.expireMs <= now) stored.delete(name);
      for (const version of secret.versions) {
        if (version.scheduledDestroyMs !== undefined && version.scheduledDestroyMs <= now) destroy(version, version.scheduledDestroyMs);
      }
    }
  };

  const find = (name: string): StoredSecret => {
    passTime();
    const secret = stored.get(names.parse(name).secret);
    if (!secret) throw missing(names.parse(name).secret);
    return secret;
  };

  return {
    names,
    clock,
    put(name, seed) {
      const secret = grow(names.parse(name).secret, seed, clock());
      stored.set(secret.name, secret);
      return secret;
    },
    secret: find,
    version(name, byNumberOnly = false) {
      const { version: wanted = '' } = names.parse(name);
      const secret = find(name);
      const number = byNumberOnly ? Number(wanted) : versionNumber(secret, wanted);
      const version = secret.versions.find((each) => each.number === number);
      if (!version) throw new StatusError(status.NOT_FOUND, `Secret Version [${secret.name}/versions/${wanted}] not found.`);
      return { secret, version };
    },
    add(name, value) {
      const secret = find(name);
      const version = {
        number: (secret.versions.at(-1)?.number ?? 0) + 1,
        createMs: clock(),
        state: 'ENABLED' as const,
        data: Buffer.from(value),
      };
      secret.versions.push(version);
      return { secret, version };
    },
    has(name) {
      passTime();
      return stored.has(names.parse(name).secret);
    },
    remove: (name) => void stored.delete(find(name).name),
    below(parent) {
      passTime();
      return [...stored.values()].filter(({ name }) => name.slice(0, name.lastIndexOf('/secrets/')) === parent);
    },
    clear: () => stored.clear(),
  };
}

/** Makes a version DESTROYED; its data is gone. */
export function destroy(version: StoredVersion, atMs: number): void {
  version.state = 'DESTROYED';
  version.data = Buffer.alloc(0);
  version.destroyMs = atMs;
  version.scheduledDestroyMs = undefined;
}

/** `latest` is the newest version whatever its state. */
function versionNumber(secret: StoredSecret, wanted: string): number {
  if (wanted !== 'latest') return secret.aliases[wanted] ?? Number(wanted);
  const newest = secret.versions.at(-1);
  if (!newest) throw missing(secret.name);
  return newest.number;
}

function grow(name: string, seed: SecretSeed, nowMs: number): StoredSecret {
  const versions = seed.versions ?? (seed.value === undefined ? [] : [{ value: seed.value }]);
  return {
    name,
    createMs: ms(seed.createTime) ?? ms(versions[0]?.createTime) ?? nowMs,
    expireMs: ms(seed.expireTime),
    rotation: seed.rotation && { nextMs: ms(seed.rotation.nextRotationTime), periodSeconds: seed.rotation.periodSeconds },
    labels: seed.labels ?? {},
    annotations: seed.annotations ?? {},
    aliases: seed.aliases ?? {},
    versionDestroyTtlSeconds: seed.versionDestroyTtlSeconds,
    bindings: seed.bindings ?? [],
    corrupt: false,
    versions: versions.map((version, index) => growVersion(version, index + 1, ms(seed.createTime) ?? nowMs)),
  };
}

function growVersion(seed: VersionSeed, number: number, secretMs: number): StoredVersion {
  const createMs = ms(seed.createTime) ?? secretMs;
  const state = seed.state ?? 'ENABLED';
  const gone = state === 'DESTROYED';
  return {
    number,
    createMs,
    state,
    data: gone ? Buffer.alloc(0) : Buffer.from(seed.value),
    destroyMs: gone ? (ms(seed.destroyTime) ?? createMs) : undefined,
    scheduledDestroyMs: ms(seed.scheduledDestroyTime),
  };
}

function ms(time: Instant | undefined): number | undefined {
  return time === undefined ? undefined : new Date(time).getTime();
}

function missing(name: string): StatusError {
  return new StatusError(status.NOT_FOUND, `Secret [${name}] not found or has no versions.`);
}
