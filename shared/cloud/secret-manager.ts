/** Secret Manager by Google's client: metadata, versions, values with their checksum, policies; faults instead of codes. */
import { SecretManagerServiceClient } from '@google-cloud/secret-manager/build/src/v1/secret_manager_service_client';
import { grpc } from 'google-gax';
import { describe, Fault } from '../fault';
import { secretResource } from '../secrets/resource-name';
import { apiFault, call, code, codeOf, emulatorAddress, initialized, type CallLimits } from './call';
import type { IamBinding, SecretManager, VersionMetadata } from './cloud';
import { crc32c } from './crc32c';

const limits: CallLimits = { totalMs: 5000, tryMs: 2500 };

interface Stamp {
  readonly seconds?: unknown;
}

function milliseconds(stamp: Stamp | null | undefined): number | undefined {
  const seconds = Number(stamp?.seconds ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** Names of gRPC's enum values, as the client gives them: a name or a number. */
const states = ['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED'] as const;

function versionOf(message: {
  name?: string | null;
  state?: unknown;
  createTime?: Stamp | null;
  scheduledDestroyTime?: Stamp | null;
}): VersionMetadata {
  const state = typeof message.state === 'number' ? states[message.state] : states.find((name) => name === message.state);
  return {
    version: message.name?.split('/').at(-1) ?? '',
    state: state ?? 'STATE_UNSPECIFIED',
    createdAt: milliseconds(message.createTime),
    scheduledDestroyAt: milliseconds(message.scheduledDestroyTime),
  };
}

function faultOf(error: unknown): Fault {
  const { message } = describe(error);
  const status = codeOf(error);
  if (status === code.notFound) return new Fault('secret_missing', message, { code: 'NOT_FOUND', cause: error });
  if (status === code.failedPrecondition && /DESTROYED/.test(message))
    return new Fault('secret_destroyed', message, { code: 'FAILED_PRECONDITION', cause: error });
  if (status === code.failedPrecondition && /DISABLED/.test(message))
    return new Fault('secret_disabled', message, { code: 'FAILED_PRECONDITION', cause: error });
  return apiFault(error, 'Secret Manager');
}

/** Makes one call, tried again within the limits; codes become faults. */
async function ask<T>(
  signal: AbortSignal,
  attempt: (options: { timeout: number; retry: { retryCodes: number[] } }) => Promise<T>,
): Promise<T> {
  try {
    return await call({ ...limits, signal }, (timeout) => attempt({ timeout, retry: { retryCodes: [] } }));
  } catch (error) {
    throw faultOf(error);
  }
}

/** @returns a client of the project's secrets; `emulator` is the `host:port` of a plaintext emulator. */
export function createSecretManager(project: string, emulator: string | undefined): SecretManager & { close(): Promise<void> } {
  const client = new SecretManagerServiceClient({
    projectId: project,
    ...(emulator ? { ...emulatorAddress(emulator), sslCreds: grpc.credentials.createInsecure() } : {}),
  });
  const path = (name: string): string => secretResource(name, project);
  return {
    resourceOf: path,
    async secret(name, signal) {
      const [secret] = await ask(signal, (options) => client.getSecret({ name: path(name) }, options));
      return { name, expiresAt: milliseconds(secret.expireTime), nextRotationAt: milliseconds(secret.rotation?.nextRotationTime) };
    },
    async version(name, version, signal) {
      const [found] = await ask(signal, (options) => client.getSecretVersion({ name: `${path(name)}/versions/${version}` }, options));
      return versionOf(found);
    },
    async newestEnabled(name, signal) {
      const [versions] = await ask(signal, (options) =>
        client.listSecretVersions({ parent: path(name), filter: 'state:ENABLED', pageSize: 1 }, { ...options, autoPaginate: false }),
      );
      return versions[0] ? versionOf(versions[0]) : undefined;
    },
    async access(name, version, signal) {
      const [answer] = await ask(signal, (options) => client.accessSecretVersion({ name: `${path(name)}/versions/${version}` }, options));
      const data =
        typeof answer.payload?.data === 'string' ? Buffer.from(answer.payload.data, 'base64') : (answer.payload?.data ?? new Uint8Array());
      const expected = answer.payload?.dataCrc32c;
      const intact = expected === undefined || expected === null || BigInt(String(expected)) === BigInt(crc32c(data));
      return { version: answer.name?.split('/').at(-1) ?? version, data, intact };
    },
    async policy(name, signal) {
      const [policy] = await ask(signal, (options) =>
        client.getIamPolicy({ resource: path(name), options: { requestedPolicyVersion: 3 } }, options),
      );
      return (policy.bindings ?? []).map((binding): IamBinding => ({
        role: binding.role ?? '',
        members: binding.members ?? [],
        conditional: binding.condition !== null && binding.condition !== undefined,
      }));
    },
    ready: () => initialized(client),
    close: () => client.close(),
  };
}
