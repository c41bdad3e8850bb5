/** The methods of Secret Manager that are about whole secrets (google/cloud/secretmanager/v1/service.proto). */
import { status } from '@grpc/grpc-js';
import type { protos } from '@google-cloud/secret-manager';
import type { Methods } from '../grpc-server';
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { toMs } from '../timestamps';
import { encodeSecret } from './encode';
import type { Permissions } from './permissions';
import type { Binding, SecretSeed, SecretStore, StoredSecret } from './store';

type CreateSecretRequest = protos.google.cloud.secretmanager.v1.ICreateSecretRequest;
type ListSecretsRequest = protos.google.cloud.secretmanager.v1.IListSecretsRequest;
type SetIamPolicyRequest = protos.google.iam.v1.ISetIamPolicyRequest;

/** GetSecret, ListSecrets, CreateSecret, DeleteSecret, GetIamPolicy and SetIamPolicy. */
export function secretMethods(store: SecretStore, permissions: Permissions): Methods {
  return {
    GetSecret({ name }: { name: string }) {
      permissions.check('secretmanager.secrets.get', name);
      return encodeSecret(store.secret(name));
    },
    ListSecrets(request: ListSecretsRequest) {
      const parent = store.names.parent(request.parent ?? '');
      permissions.checkProject('secretmanager.secrets.list', parent);
      const passes = readFilter(request.filter ?? '');
      const found = store.below(parent).filter(passes);
      const { items, nextPageToken } = cutPage(found, request.pageSize ?? 0, request.pageToken ?? '', 25_000);
      return { secrets: items.map(encodeSecret), nextPageToken, totalSize: request.filter ? 0 : found.length };
    },
    CreateSecret(request: CreateSecretRequest) {
      const parent = store.names.parent(request.parent ?? '');
      permissions.checkProject('secretmanager.secrets.create', parent);
      const name = `${parent}/secrets/${request.secretId}`;
      if (store.has(name)) throw new StatusError(status.ALREADY_EXISTS, `Secret [${name}] already exists.`);
      const { secret } = request;
      const replicated = Boolean(secret?.replication?.automatic ?? secret?.replication?.userManaged);
      if (!replicated && !parent.includes('/locations/')) {
        throw new StatusError(status.INVALID_ARGUMENT, 'secret.replication must be provided.');
      }
      return encodeSecret(store.put(name, seedOf(secret ?? {}, store.clock())));
    },
    DeleteSecret({ name }: { name: string }) {
      permissions.check('secretmanager.secrets.delete', name);
      store.remove(name);
      return {};
    },
    GetIamPolicy({ resource }: { resource: string }) {
      permissions.check('secretmanager.secrets.getIamPolicy', resource);
      return policyOf(store.secret(resource).bindings);
    },
    SetIamPolicy({ resource, policy }: SetIamPolicyRequest) {
      permissions.check('secretmanager.secrets.setIamPolicy', resource ?? '');
      const secret = store.secret(resource ?? '');
      secret.bindings = (policy?.bindings ?? []).map(({ role, members }) => ({ role: role ?? '', members: members ?? [] }));
      return policyOf(secret.bindings);
    },
  };
}

function policyOf(bindings: readonly Binding[]): object {
  return { version: 1, etag: Buffer.from(`${bindings.length}`), bindings };
}

function seedOf(secret: protos.google.cloud.secretmanager.v1.ISecret, nowMs: number): SecretSeed {
  const { expireTime, ttl, rotation, versionDestroyTtl } = secret;
  return {
    createTime: nowMs,
    expireTime: expireTime ? toMs(expireTime) : ttl ? nowMs + toMs(ttl) : undefined,
    rotation: rotation
      ? {
          nextRotationTime: rotation.nextRotationTime ? toMs(rotation.nextRotationTime) : undefined,
          periodSeconds: rotation.rotationPeriod ? toMs(rotation.rotationPeriod) / 1000 : undefined,
        }
      : undefined,
    labels: secret.labels ?? {},
    annotations: secret.annotations ?? {},
    aliases: Object.fromEntries(Object.entries(secret.versionAliases ?? {}).map(([alias, number]) => [alias, Number(number)])),
    versionDestroyTtlSeconds: versionDestroyTtl ? toMs(versionDestroyTtl) / 1000 : undefined,
  };
}

/** Knows `name:part`, `labels.key=value` and `labels.key:value`. */
function readFilter(filter: string): (secret: StoredSecret) => boolean {
  const [, field = '', operator, wanted = ''] = /^\s*(name|labels\.[\w-]+)\s*(:|=)\s*"?([^"\s]+)"?\s*$/.exec(filter) ?? [];
  if (filter.trim() === '') return () => true;
  if (field === 'name') return ({ name }) => (operator === '=' ? name === wanted : name.includes(wanted));
  const label = /^labels\.(.+)$/.exec(field)?.[1];
  if (label === undefined) throw new StatusError(status.INVALID_ARGUMENT, `Invalid list filter: ${filter}`);
  return ({ labels }) => labels[label] === wanted;
}
