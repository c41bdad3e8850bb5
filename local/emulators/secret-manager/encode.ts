/** Secrets and versions in the shape of the API (google/cloud/secretmanager/v1/resources.proto). */
import { createHash } from 'node:crypto';
import { fromMs } from '../timestamps';
import type { StoredSecret, StoredVersion } from './store';

/** A `Secret` message. */
export function encodeSecret(secret: StoredSecret): object {
  const regional = secret.name.includes('/locations/');
  const { rotation } = secret;
  return {
    name: secret.name,
    ...(regional ? {} : { replication: { automatic: {} } }),
    createTime: fromMs(secret.createMs),
    labels: secret.labels,
    annotations: secret.annotations,
    versionAliases: secret.aliases,
    etag: etag(secret),
    ...(secret.expireMs === undefined ? {} : { expireTime: fromMs(secret.expireMs) }),
    ...(rotation
      ? {
          rotation: {
            ...(rotation.nextMs === undefined ? {} : { nextRotationTime: fromMs(rotation.nextMs) }),
            ...(rotation.periodSeconds === undefined ? {} : { rotationPeriod: { seconds: rotation.periodSeconds } }),
          },
        }
      : {}),
    ...(secret.versionDestroyTtlSeconds === undefined ? {} : { versionDestroyTtl: { seconds: secret.versionDestroyTtlSeconds } }),
  };
}

/** A `SecretVersion` message; it never holds the value. */
export function encodeVersion(secret: StoredSecret, version: StoredVersion): object {
  return {
    name: `${secret.name}/versions/${version.number}`,
    createTime: fromMs(version.createMs),
    state: version.state,
    etag: etag({ name: secret.name, number: version.number, state: version.state }),
    ...(version.destroyMs === undefined ? {} : { destroyTime: fromMs(version.destroyMs) }),
    ...(version.scheduledDestroyMs === undefined ? {} : { scheduledDestroyTime: fromMs(version.scheduledDestroyMs) }),
  };
}

function etag(content: object): string {
  return `"${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 14)}"`;
}
