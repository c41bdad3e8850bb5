/** Carries out the requests of a step, and notes what the server made of a document where that is not what was sent. */
import { readFileSync } from 'node:fs';
import { collections, type Collection } from './documents/collection';
import { sealed } from './documents/apply';
import { digest, fingerprintLabel, readFingerprint, writeFingerprint } from './fingerprint';
import { ApiError, createGoogle, objectOf, textOf, type Access, type Document, type Google } from './google';
import { normalised } from './normalise';
import type { ApiRequest } from './step';

/** @param file with the requests, JSON. @throws ApiError */
export async function carryOut(file: string, access: Access): Promise<void> {
  const google = createGoogle(access);
  const requests = JSON.parse(readFileSync(file, 'utf8')) as readonly ApiRequest[];
  for (const request of requests) {
    const stored = await done(google, request);
    const collection = collections.find(({ name }) => name === request.seals);
    if (collection && stored) await seal(google, collection, stored);
  }
}

/** @returns the answer; undefined where what was to be removed is gone already. */
async function done(google: Google, { method, api, path, query, body }: ApiRequest): Promise<Document | undefined> {
  try {
    return await google.call(method, api, path, { query, body });
  } catch (error) {
    if (method === 'DELETE' && error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** A server that spells a document in a way that we don't foresee would make it look changed by hand: its spelling is noted. */
async function seal(google: Google, collection: Collection, stored: Document): Promise<void> {
  const labels = objectOf(stored[collection.labels]);
  const written = readFingerprint(textOf(labels[fingerprintLabel]));
  const now = digest(normalised(stored, collection.fields));
  if (!written || written.stored === now) return;
  const body = sealed(stored, collection, writeFingerprint({ planned: written.planned, stored: now }));
  const query = collection.mask ? { updateMask: collection.labels } : undefined;
  await google.call('PATCH', collection.api, `${collection.version}/${textOf(stored['name'])}`, { query, body });
}
