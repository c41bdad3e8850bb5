/** What careless servers make of what they were sent when they say it back. */

/** Each names a way in which servers write what they heard. */
export const encodings: Readonly<Record<string, (heard: string) => string>> = {
  plain: (heard) => heard,
  json: (heard) => JSON.stringify(heard),
  'json-twice': (heard) => JSON.stringify(JSON.stringify(heard)),
  ascii: (heard) => heard.replaceAll(/[^\x20-\x7e]|["\\]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  html: (heard) =>
    heard.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  component: (heard) => encodeURIComponent(heard.toWellFormed()),
  'every-byte': (heard) => Array.from(Buffer.from(heard), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'percent-twice': (heard) => encodeURIComponent(encodeURIComponent(heard.toWellFormed())),
  base64: (heard) => Buffer.from(heard).toString('base64'),
  base64url: (heard) => Buffer.from(heard).toString('base64url'),
  hex: (heard) => Buffer.from(heard).toString('hex'),
  quoted: (heard) => `'${heard.replaceAll("'", "''")}'`,
  escaped: (heard) => `"${heard.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
};

/** The name of a way, by its place. */
export const encodingNames = Object.keys(encodings);

/** @returns what a server says. */
export const encodedBy = (name: string, heard: string): string => (encodings[name] ?? encodeURIComponent)(heard);

function safely(decode: () => string): string {
  try {
    return decode();
  } catch {
    return '';
  }
}

/** @returns all that a request says, as it came and as servers understand it. */
export function understood(url: string, headers: readonly string[], body: string): string {
  const fields = headers.map((field) => Buffer.from(field, 'latin1').toString('utf8'));
  const login = fields
    .flatMap((field) => /^Basic (\S+)$/.exec(field)?.slice(1) ?? [])
    .map((text) => Buffer.from(text, 'base64').toString());
  const tokens = fields
    .filter((field) => !field.startsWith('Basic '))

    .flatMap((field) => field.match(/[\w-]{8,}/g) ?? [])
    .map((text) => Buffer.from(text, 'base64url').toString())
    .filter((text) => !text.includes('\uFFFD'));
  const texts: string[] = [];
  safely(() =>
    String(
      JSON.parse(body, (_key, value: unknown) => {
        if (typeof value === 'string') texts.push(value);
        return value;
      }),
    ),
  );
  return [url, safely(() => decodeURIComponent(url)), ...fields, ...login, ...tokens, body, ...texts].join(' | ');
}
