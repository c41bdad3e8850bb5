/** Serves the documents that the build puts beside the function: the page, and the runbooks. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { existsSync, readFileSync } from 'node:fs';
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
  // Where nothing was built the function serves its answers alone.
  if (!existsSync(join(folder, documentsFile))) return [];
  const stored = JSON.parse(read(documentsFile).toString()) as readonly StoredDocument[];
  return stored.map((document) => ({ ...document, plain: read(document.file), gzip: read(`${document.file}.gz`) }));
}

function sendDocument(document: Document, request: Request, response: Response): void {
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
    return;
  }
  const zipped = request.acceptsEncodings('gzip') === 'gzip';
  if (zipped) response.set('Content-Encoding', 'gzip');
  response
    .status(200)
    .type('html')
    .send(zipped ? document.gzip : document.plain);
}

/**
 * @param folder where the bundle of the function lies.
 * @returns what answers requests for each of the documents, by its path; empty where nothing was built.
 */
export function openPage(folder: string): ReadonlyMap<string, (request: Request, response: Response) => void> {
  const documents = readDocuments(join(folder, 'page'));
  return new Map(documents.map((document) => [document.path, (request, response) => sendDocument(document, request, response)]));
}
