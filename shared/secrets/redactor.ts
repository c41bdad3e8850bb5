/** Takes secret values out of texts that came from elsewhere: messages of servers and libraries. */

/** Shorter values would tear ordinary words apart. */
const shortest = 6;
const placeholder = '[redacted]';

/** Knows the secrets of one run. */
export interface Redactor {
  /** Learns a value, its parts (the password in a URL) and their encodings. */
  readonly learn: (value: string) => void;
  /** @returns the text with every known value replaced by `[redacted]`. */
  readonly redact: (text: string) => string;
}

/** @returns the value and the passwords in it, where it is a URL. */
function partsOf(value: string): string[] {
  const lines = value.includes('\n') ? value.split('\n').filter((line) => line.trim().length >= 20 && !line.startsWith('-----')) : [];
  const parts = [value, value.trim(), ...lines.map((line) => line.trim())];
  const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined;
  if (!url?.password) return parts;
  const raw = url.password;
  const decoded = decodeSafely(raw);
  // The password as it was typed may differ from what the URL parser makes of it.
  const typed = /^[^:]+:\/\/[^:@/]*:(.*)@/.exec(value.trim())?.[1];
  const login = `${decodeSafely(url.username)}:${decoded}`;
  return [...parts, raw, decoded, ...(typed ? [typed] : []), login];
}

/** @returns the decoded text, or the text itself where a stray percent sign makes it undecodable. */
function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @returns the forms in which a value may appear in a text. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const percent = encodeURIComponent(value.toWellFormed());
  const base64 = bytes.toString('base64');
  return [
    value,
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    percent.replaceAll('%20', '+'),
    encodeURI(value.toWellFormed()),
    base64,
    base64.replace(/=+$/, ''),
    bytes.toString('base64url'),
    JSON.stringify(value).slice(1, -1),
  ];
}

/** @returns a redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let longestFirst: readonly string[] | undefined;
  return {
    learn(value) {
      if (value.length < shortest || known.has(value)) return;
      for (const part of partsOf(value)) {
        if (part.length < shortest) continue;
        for (const form of formsOf(part)) known.add(form);
      }
      longestFirst = undefined;
    },
    redact(text) {
      longestFirst ??= [...known].toSorted((a, b) => b.length - a.length);
      let clean = text;
      for (const form of longestFirst) if (clean.includes(form)) clean = clean.replaceAll(form, placeholder);
      return clean;
    },
  };
}
