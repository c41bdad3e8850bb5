/** Carries out the requests of a step, and notes what the server made of a document where that is not what was sent. */
import { readFileSync } from 'node:fs';
import { createGoogle, type Access } from './google';
import type { ApiRequest } from './step';

/** @param file with the requests, JSON. @throws ApiError */
export async function carryOut(file: string, access: Access): Promise<void> {
  const google = createGoogle(access);
  const requests = JSON.parse(readFileSync(file, 'utf8')) as readonly ApiRequest[];
  for (const { method, api, path, query, body } of requests) await google.call(method, api, path, { query, body });
}
