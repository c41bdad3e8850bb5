/** Takes secret values out of texts that came from elsewhere: messages of servers and libraries. */
import { findEscaped, spellingsOf, type Stretch } from './escapes';

/** Shorter values would tear ordinary words apart. */
const shortest = 6;
const placeholder = '[redacted]';

/** Knows the secrets of one run. */
export interface Redactor {
  /** Learns a value, its parts (the password in a URL, the lines of a longer text) and their encodings. */
  readonly learn: (value: string) => void;
  /**
   * @param isCut says that the text ends where it was cut off: the beginning of a value that stands there is taken out, too.
   * @returns the text with every known value replaced by `[redacted]`.
   */
  readonly redact: (text: string, isCut?: boolean) => string;
}

/** @returns the value, its lines where they are long enough to mean something, and the passwords in it, where it is a URL. */
function partsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  const lines = trimmed.includes('\n') ? trimmed.split('\n').map((line) => line.trim()) : [];
  return [
    value,
    trimmed,
    ...lines.filter((line) => line.length >= 12 && !line.startsWith('-----')),
    ...loginsOf(trimmed),
    ...parametersOf(trimmed),
  ];
}

/** @returns the password of a URL as it is written, as clients read it, and with the user as they send it (RFC 7617). */
function loginsOf(value: string): readonly string[] {
  // Taken apart by hand: a password that breaks the URL's grammar is one all the same.
  const [, user = '', written] = /^[a-z][a-z0-9+.-]*:\/\/([^:@/?#]*):(.*)@/is.exec(value) ?? [];
  if (written === undefined) return [];
  const parsed = URL.canParse(value) ? new URL(value).password : '';
  const password = decodeSafely(written);
  return [written, parsed, decodeSafely(parsed), password, `${decodeSafely(user)}:${password}`];
}

/** Parameters under which clients take a password or a token from a URL's query. */
const telling = /pass|pwd|token|secret|key|sig/i;

/** @returns the values of such parameters, decoded and as they are written. */
function parametersOf(value: string): readonly string[] {
  const [, query] = /^[a-z][a-z0-9+.-]*:[^?#]*\?([^#]*)/is.exec(value) ?? [];
  return [...new URLSearchParams(query)].flatMap(([name, text]) => (telling.test(name) ? [text] : []));
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
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const hex = Buffer.from(value).toString('hex');
  return [
    ...plainForms(value),
    ...percentForms(value.toWellFormed()),
    ...base64Forms(value),
    hex,
    hex.toUpperCase(),
    json,
    asciiOf(json),
    json.replaceAll('/', '\\/'),
  ];
}

/**
 * What is left of a value that nobody encoded: its line ends and blanks made one, its quotes doubled (SQL), read as another charset than
 * it was written in, or as a part of a URL, whose backslashes are slashes and which has neither tabs nor line ends (URL Standard, 4.4).
 */
function plainForms(value: string): readonly string[] {
  const isAscii = /^[\0-\x7f]*$/.test(value);
  return [
    value,
    value.trim().replaceAll(/[\s\p{Cc}]+/gu, ' '),
    value.replaceAll("'", "''"),
    value.replaceAll('"', '""'),
    value
      .trim()
      .replaceAll(/[\t\r\n]/g, '')
      .replaceAll('\\', '/'),
    ...(isAscii ? [] : [Buffer.from(value, 'utf8').toString('latin1'), Buffer.from(value, 'latin1').toString('utf8')]),
  ];
}

/** Encoders differ in what they leave as it is (RFC 3986; the URL standard's component and form encodings), and in the case of digits. */
function percentForms(value: string): readonly string[] {
  const component = encodeURIComponent(value);
  const strict = component.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [component, strict].flatMap((form) => [form, form.replaceAll('%2F', '/'), form.replaceAll('%20', '+')]);
  const field = String(new URLSearchParams([['', value]])).slice(1);
  return [...forms, field, encodeURI(value)].flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
}

/** Whole, with and without padding; and what of it shows in the encoding of a longer text, wherever it begins in there. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const inside = [1, 2, 0].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    // A character holds six bits: those at both ends also hold bits of the neighbours.
    return shifted.toString('base64url').slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6));
  });
  const forms = [bytes.toString('base64url'), ...inside];
  return [bytes.toString('base64'), ...forms, ...forms.map((form) => form.replaceAll('-', '+').replaceAll('_', '/'))];
}

/** JSON as encoders write it that keep to ASCII (RFC 8259, section 7). */
function asciiOf(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @returns the text with the stretches, which may overlap, replaced. */
function without(text: string, stretches: readonly Stretch[]): string {
  let clean = '';
  let from = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (start >= from) clean += text.slice(from, start) + placeholder;
    from = Math.max(from, end);
  }
  return clean + text.slice(from);
}

/** Shorter beginnings are ordinary words, as is the scheme of a URL, whose password is known by itself. */
const shortestBeginning = 8;

/** @returns the text without the beginning of a value at its end. */
function withoutBeginning(text: string, forms: readonly string[]): string {
  let longest = 0;
  for (const form of forms) {
    if (form.includes('://')) continue;
    for (let length = Math.min(form.length - 1, text.length); length >= Math.max(shortestBeginning, longest + 1); length -= 1) {
      if (text.endsWith(form.slice(0, length))) longest = length;
    }
  }
  return longest === 0 ? text : text.slice(0, -longest) + placeholder;
}

/** @returns a redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const learnt = new Set<string>();
  const known = new Set<string>();
  /** Without encodings: these are looked for behind escapes of all sorts. */
  const spelled = new Set<string>();
  let longestFirst: readonly string[] | undefined;
  return {
    learn(value) {
      if (value.length < shortest || learnt.has(value)) return;
      learnt.add(value);
      const isLong = (form: string): boolean => form.length >= shortest;
      for (const part of partsOf(value).filter(isLong)) {
        for (const form of formsOf(part).filter(isLong)) known.add(form);
        for (const form of plainForms(part).flatMap(spellingsOf).filter(isLong)) spelled.add(form);
      }
      longestFirst = undefined;
    },
    redact(text, isCut = false) {
      longestFirst ??= [...known].toSorted((a, b) => b.length - a.length);
      let clean = text;
      for (const form of longestFirst) if (clean.includes(form)) clean = clean.replaceAll(form, placeholder);
      clean = without(clean, findEscaped(clean, spelled));
      return isCut ? withoutBeginning(clean, longestFirst) : clean;
    },
  };
}
