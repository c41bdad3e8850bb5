/** Finds everything in a text that could be the name or address of a host. */
import { parseUrl } from '../../shared/hosts';

const names = /[\p{L}\p{N}\p{M}_](?:[\p{L}\p{N}\p{M}_.\u3002\uFF0E\uFF61-]*[\p{L}\p{N}\p{M}_])?/gu;

/** @returns whole names only, each once, also those that are percent-encoded or escaped in JSON; the host of a URL as well. */
export function hostsIn(text: string): readonly string[] {
  const readings = [text, ...stringsOf(text)].flatMap((reading) => [reading, decoded(reading), decoded(decoded(reading))]);
  const found = new Set<string>();
  for (const reading of new Set(readings)) {
    for (const [name] of reading.matchAll(names)) if (!/^\d+$/.test(name)) found.add(name);
    const host = parseUrl(reading.trim())?.host;
    if (host !== undefined) found.add(host);
  }
  return [...found];
}

/** Decodes what is an escape, and leaves stray percent signs as they are. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** @returns every string, keys included, of a text that is JSON. */
function stringsOf(text: string): readonly string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (key: string, value: unknown) => {
      found.push(key);
      if (typeof value === 'string') found.push(value);
      return value;
    });
  } catch {
    return [];
  }
  return found;
}
