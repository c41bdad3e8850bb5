/** The methods of Secret Manager that are about versions of a secret (google/cloud/secretmanager/v1/service.proto). */
import { status } from '@grpc/grpc-js';
import type { protos } from '@google-cloud/secret-manager';
import { crc32c } from '../../../shared/cloud/crc32c';
import type { Methods } from '../grpc-server';
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { encodeVersion } from './encode';
import type { Permissions } from './permissions';
import { destroy } from './store';
import type { SecretStore, StoredSecret, StoredVersion, VersionState } from './store';

type AddRequest = protos.google.cloud.secretmanager.v1.IAddSecretVersionRequest;
type ListRequest = protos.google.cloud.secretmanager.v1.IListSecretVersionsRequest;

/** Get, List, Access, Add, Disable, Enable and Destroy. */
export function versionMethods(store: SecretStore, permissions: Permissions): Methods {
  const change = (permission: string, run: (secret: StoredSecret, version: StoredVersion) => void): Methods[string] => {
    return ({ name }: { name: string }) => {
      permissions.check(permission, name);
      const { secret, version } = store.version(name, true);
      if (version.state === 'DESTROYED') throw wrongState(secret, version);
      run(secret, version);
      return encodeVersion(secret, version);
    };
  };

  return {
    GetSecretVersion({ name }: { name: string }) {
      permissions.check('secretmanager.versions.get', name);
      const { secret, version } = store.version(name);
      return encodeVersion(secret, version);
    },
    ListSecretVersions(request: ListRequest) {
      permissions.check('secretmanager.versions.list', request.parent ?? '');
      const passes = readFilter(request.filter ?? '');
      const secret = store.secret(request.parent ?? '');
      const found = secret.versions.filter(({ state }) => passes(state)).toReversed();
      const { items, nextPageToken } = cutPage(found, request.pageSize ?? 0, request.pageToken ?? '', 25_000);
      return {
        versions: items.map((version) => encodeVersion(secret, version)),
        nextPageToken,
        totalSize: request.filter ? 0 : found.length,
      };
    },
    AccessSecretVersion({ name }: { name: string }) {
      permissions.check('secretmanager.versions.access', name);
      const { secret, version } = store.version(name);
      if (version.state !== 'ENABLED') throw wrongState(secret, version);
      const checksum = crc32c(version.data);
      return {
        name: `${secret.name}/versions/${version.number}`,
        payload: { data: version.data, dataCrc32c: String(secret.corrupt ? (checksum ^ 1) >>> 0 : checksum) },
      };
    },
    AddSecretVersion({ parent, payload }: AddRequest) {
      permissions.check('secretmanager.versions.add', parent ?? '');
      const data = Buffer.from(payload?.data ?? '');
      const stated = payload?.dataCrc32c;
      if (data.length > 65_536) throw new StatusError(status.INVALID_ARGUMENT, 'Secret Payload is longer than 65536 bytes.');
      if (stated !== undefined && stated !== null && stated.toString() !== String(crc32c(data))) {
        throw new StatusError(status.INVALID_ARGUMENT, 'The payload does not match its CRC32C checksum.');
      }
      const { secret, version } = store.add(parent ?? '', data);
      return encodeVersion(secret, version);
    },
    DisableSecretVersion: change('secretmanager.versions.disable', (_, version) => {
      version.state = 'DISABLED';
    }),
    EnableSecretVersion: change('secretmanager.versions.enable', (_, version) => {
      version.state = 'ENABLED';
      version.scheduledDestroyMs = undefined;
    }),
    DestroySecretVersion: change('secretmanager.versions.destroy', (secret, version) => {
      const delay = secret.versionDestroyTtlSeconds;
      if (delay === undefined) {
        destroy(version, store.clock());
      } else {
        version.state = 'DISABLED';
        version.scheduledDestroyMs = store.clock() + delay * 1000;
      }
    }),
  };
}

function wrongState(secret: StoredSecret, version: StoredVersion): StatusError {
  return new StatusError(
    status.FAILED_PRECONDITION,
    `Secret Version [${secret.name}/versions/${version.number}] is in ${version.state} state.`,
  );
}

/** Knows `state:S`, `state=S` and `state!=S`. */
function readFilter(filter: string): (state: VersionState) => boolean {
  if (filter.trim() === '') return () => true;
  const [, operator, wanted] = /^\s*state\s*(:|=|!=)\s*"?(ENABLED|DISABLED|DESTROYED)"?\s*$/i.exec(filter) ?? [];
  if (wanted === undefined) throw new StatusError(status.INVALID_ARGUMENT, `Invalid list filter: ${filter}`);
  return (state) => (state === wanted.toUpperCase()) === (operator !== '!=');
}
