/** Update masks: which fields of a resource a PATCH changes. */
import { objectOf } from './rest';
import type { Document } from './rest';

/**
 * @param mask comma-separated paths, in camelCase or snake_case (AIP-134); empty or `*` replaces all that the caller sent.
 * @returns the stored resource with these paths taken from the sent one; a path that was not sent is cleared.
 */
export function masked<T extends object>(stored: T, sent: Document, mask: string): T {
  if (mask === '' || mask === '*') return { ...stored, ...sent };
  let result: Document = objectOf(stored);
  for (const path of mask.split(',')) result = taken(result, sent, path.trim().split('.').map(camelCase));
  return result as T;
}

function taken(stored: Document, sent: Document, [field = '', ...rest]: readonly string[]): Document {
  if (rest.length > 0) {
    return { ...stored, [field]: taken(objectOf(stored[field]), objectOf(sent[field]), rest) };
  }
  const { [field]: _dropped, ...others } = stored;
  return field in sent ? { ...others, [field]: sent[field] } : others;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
