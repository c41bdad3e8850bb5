/** Secret Manager: metadata, versions, values with their checksum, policies; faults instead of codes. */
import { describe, Fault } from '../fault';
import { secretResource } from '../secrets/resource-name';
import { apiFault, call, code, codeOf, type CallLimits } from './call';
import type { IamBinding, SecretManager, VersionMetadata } from './cloud';
import { crc32c } from './crc32c';
import { field, openChannel, stamp, type Method, type Service } from './grpc';

const limits: CallLimits = { totalMs: 5000, tryMs: 2500 };

// Fields and numbers: google/cloud/secretmanager/v1/resources.proto, service.proto; google/iam/v1/policy.proto, iam_policy.proto, options.proto.
const service: Service = {
  host: 'secretmanager.googleapis.com',
  name: 'google.cloud.secretmanager.v1.SecretManagerService',
  messages: {
    nested: {
      Named: { fields: { name: field('string', 1) } },
      Secret: { fields: { name: field('string', 1), expireTime: field('Stamp', 6), rotation: field('Rotation', 9) } },
      Rotation: { fields: { nextRotationTime: field('Stamp', 1) } },
      SecretVersion: {
        fields: {
          name: field('string', 1),
          createTime: field('Stamp', 2),
          state: field('int32', 4),
          scheduledDestroyTime: field('Stamp', 8),
        },
      },
      ListSecretVersionsRequest: { fields: { parent: field('string', 1), pageSize: field('int32', 2), filter: field('string', 4) } },
      ListSecretVersionsResponse: { fields: { versions: field('SecretVersion', 1, 'repeated') } },
      AccessSecretVersionResponse: { fields: { name: field('string', 1), payload: field('Payload', 2) } },
      Payload: { fields: { data: field('bytes', 1), dataCrc32c: field('int64', 2) } },
      GetIamPolicyRequest: { fields: { resource: field('string', 1), options: field('PolicyOptions', 2) } },
      PolicyOptions: { fields: { requestedPolicyVersion: field('int32', 1) } },
      Policy: { fields: { bindings: field('Binding', 4, 'repeated') } },
      Binding: { fields: { role: field('string', 1), members: field('string', 2, 'repeated'), condition: field('Expression', 3) } },
      Expression: { fields: {} },
      Stamp: stamp,
    },
  },
};
const methods = {
  secret: { name: 'GetSecret', request: 'Named', answer: 'Secret' },
  version: { name: 'GetSecretVersion', request: 'Named', answer: 'SecretVersion' },
  versions: { name: 'ListSecretVersions', request: 'ListSecretVersionsRequest', answer: 'ListSecretVersionsResponse' },
  access: { name: 'AccessSecretVersion', request: 'Named', answer: 'AccessSecretVersionResponse' },
  policy: { name: 'GetIamPolicy', request: 'GetIamPolicyRequest', answer: 'Policy' },
} as const satisfies Record<string, Method>;

/** What of the messages counts; what was not sent may be null. */
interface SecretMessage {
  readonly expireTime?: Stamp | null;
  readonly rotation?: { readonly nextRotationTime?: Stamp | null } | null;
}
interface VersionMessage {
  readonly name?: string;
  readonly state?: number;
  readonly createTime?: Stamp | null;
  readonly scheduledDestroyTime?: Stamp | null;
}
interface AccessMessage {
  readonly name?: string;
  readonly payload?: { readonly data?: Uint8Array; readonly dataCrc32c?: number | string } | null;
}
interface PolicyMessage {
  readonly bindings?: readonly { readonly role?: string; readonly members?: readonly string[]; readonly condition?: unknown }[];
}

interface Stamp {
  readonly seconds?: unknown;
}

function milliseconds(at: Stamp | null | undefined): number | undefined {
  const seconds = Number(at?.seconds ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** `SecretVersion.State` by its numbers. */
const states = ['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED'] as const;

function versionOf({ name, state = 0, createTime, scheduledDestroyTime }: VersionMessage): VersionMetadata {
  return {
    version: name?.split('/').at(-1) ?? '',
    state: states[state] ?? 'STATE_UNSPECIFIED',
    createdAt: milliseconds(createTime),
    scheduledDestroyAt: milliseconds(scheduledDestroyTime),
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

/** @returns a client of the project's secrets; `emulator` is the `host:port` of a plaintext emulator. */
export function createSecretManager(project: string, emulator: string | undefined): SecretManager & { close(): Promise<void> } {
  const channel = openChannel(service, emulator);
  const path = (name: string): string => secretResource(name, project);
  /** Makes one call, tried again within the limits; codes become faults. Google routes by the first field. */
  const ask = async <A>(signal: AbortSignal, method: Method, request: Readonly<Record<string, unknown>>): Promise<A> => {
    const [[routing, resource] = ['', '']] = Object.entries(request);
    try {
      return await call({ ...limits, signal }, (timeout) => channel.call<A>(method, request, [routing, String(resource)], timeout));
    } catch (error) {
      throw faultOf(error);
    }
  };
  return {
    resourceOf: path,
    async secret(name, signal) {
      const secret = await ask<SecretMessage>(signal, methods.secret, { name: path(name) });
      return { name, expiresAt: milliseconds(secret.expireTime), nextRotationAt: milliseconds(secret.rotation?.nextRotationTime) };
    },
    async version(name, version, signal) {
      return versionOf(await ask<VersionMessage>(signal, methods.version, { name: `${path(name)}/versions/${version}` }));
    },
    async newestEnabled(name, signal) {
      const request = { parent: path(name), filter: 'state:ENABLED', pageSize: 1 };
      const { versions: [newest] = [] } = await ask<{ versions?: readonly VersionMessage[] }>(signal, methods.versions, request);
      return newest && versionOf(newest);
    },
    async access(name, version, signal) {
      const answer = await ask<AccessMessage>(signal, methods.access, { name: `${path(name)}/versions/${version}` });
      const { payload } = answer;
      const data = payload?.data ?? new Uint8Array();
      // Only what was sent can be compared.
      const expected = payload && Object.hasOwn(payload, 'dataCrc32c') ? payload.dataCrc32c : undefined;
      const intact = expected === undefined || Number(expected) === crc32c(data);
      return { version: answer.name?.split('/').at(-1) || version, data, intact };
    },
    async policy(name, signal) {
      const request = { resource: path(name), options: { requestedPolicyVersion: 3 } };
      const { bindings = [] } = await ask<PolicyMessage>(signal, methods.policy, request);
      return bindings.map(({ role = '', members = [], condition }): IamBinding => ({
        role,
        members: [...members],
        conditional: condition !== null && condition !== undefined,
      }));
    },
    ready: channel.ready,
    close: async () => channel.close(),
  };
}
