/** Where the sources of functions are uploaded to: signed addresses of Cloud Storage. */
import { createHash, randomUUID } from 'node:crypto';
import { ApiError, part, route } from './rest';
import type { Api } from './rest';

/** A place in Cloud Storage. */
export interface StorageObject {
  readonly bucket: string;
  readonly object: string;
}

/** The API, and what was uploaded. */
export interface Uploads {
  readonly api: Api;
  /** @returns an address that takes one PUT. */
  readonly prepare: (bucket: string) => { readonly uploadUrl: string; readonly storageSource: StorageObject };
  /** @returns the bytes, or undefined where nothing was uploaded. */
  readonly find: (source: StorageObject) => Buffer | undefined;
  /** Everything that was uploaded, oldest first. */
  readonly all: () => readonly Buffer[];
}

/** No uploads yet. */
export function createUploads(): Uploads {
  const stored = new Map<string, Buffer>();
  const prepared = new Set<string>();
  const keyOf = ({ bucket, object }: StorageObject): string => `${bucket}/${object}`;
  return {
    prepare(bucket) {
      const storageSource = { bucket, object: `${randomUUID()}.zip` };
      prepared.add(keyOf(storageSource));
      return { uploadUrl: `http://storage.test/${keyOf(storageSource)}`, storageSource };
    },
    find: (source) => stored.get(keyOf(source)),
    all: () => [...stored.values()],
    api: {
      name: 'storage',
      routes: [
        route('PUT', '/{bucket}/{object}', (call) => {
          const key = keyOf({ bucket: part(call, 'bucket'), object: part(call, 'object') });
          if (!prepared.has(key)) throw new ApiError(403, 'The signature does not match.');
          if (call.raw.length === 0) throw new ApiError(400, 'The upload is empty.');
          stored.set(key, call.raw);
          return { etag: createHash('md5').update(call.raw).digest('hex') };
        }),
      ],
    },
  };
}
