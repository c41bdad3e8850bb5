/** Serves the documents that the build puts beside the function: the page, and the runbooks. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A document as the build left it. */
export interface StoredDocument {
  /** Where it is asked for. */
  readonly path: string;
  /** Its name in the folder; beside it lies the same with `.gz` behind it. */
  readonly file: string;
  /** Its Content-Security-Policy, with the hashes of its style and script. */
  readonly policy: string;
  readonly etag: string;
}

/** Lists the documents in their folder. */
export const documentsFile = 'documents.json';

interface Document extends StoredDocument {
  readonly plain: Buffer;
  readonly gzip: Buffer;
}

function readDocuments(folder: string): readonly Document[] {
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  let stored: readonly StoredDocument[];
  try {
    stored = JSON.parse(read(documentsFile).toString()) as readonly StoredDocument[];
  } catch (error) {
    // Where nothing was built the function serves its answers alone.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return stored.map((document) => ({ ...document, plain: read(document.file), gzip: read(`${document.file}.gz`) }));
}

/**
 * @param folder where the bundle of the function lies.
 * @returns what answers a request for one of the documents, and whether it was one.
 */
export function openPage(folder: string): (request: Request, response: Response) => boolean {
  const documents = new Map(readDocuments(join(folder, 'page')).map((document) => [document.path, document]));
  return (request, response) => {
    const document = documents.get(request.path);
    if (!document) return false;
    response.set({
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': document.policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      ETag: document.etag,
      Vary: 'Accept-Encoding',
    });
    if (request.get('If-None-Match') === document.etag) {
      response.status(304).end();
      return true;
    }
    const zipped = request.acceptsEncodings('gzip') === 'gzip';
    if (zipped) response.set('Content-Encoding', 'gzip');
    response
      .status(200)
      .type('html')
      .send(zipped ? document.gzip : document.plain);
    return true;
  };
}
