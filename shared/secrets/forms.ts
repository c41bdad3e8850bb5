/** In which forms a secret value, or a part of it, may appear in a text that comes from elsewhere. */
import { spellingsOf } from './escapes';

/** Shorter values would tear ordinary words apart. */
export const shortest = 6;

/** Parts of a value that are secret by themselves only where they are long: else they are ordinary words, such as names of users. */
const longPart = 12;

/** @returns the value, what is secret in it by itself, and of each its lines where they are long enough to mean something. */
function partsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  const inside = [...(loginOf(trimmed)?.passwords ?? []), ...parametersOf(trimmed), ...tokensOf(trimmed), ...membersOf(trimmed)];
  return [value, trimmed, ...inside].flatMap((part) => [part, ...linesOf(part)]);
}

/** @returns what stands in place of a login without a password (`https://TOKEN@host`), and long parts of a web address's path (webhooks). */
function tokensOf(value: string): readonly string[] {
  const [, user = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^:@/?#]*):?@/i.exec(value) ?? [];
  const [, path = ''] = /^https?:\/\/[^/?#]*([^?#]*)/i.exec(value) ?? [];
  return [user, path, ...path.split('/')].filter((part) => part.length >= longPart).flatMap((part) => [part, decodeSafely(part)]);
}

/** @returns the passwords in JSON, whatever their depth, and in a connection string of libpq (`password=…`). */
function membersOf(value: string): readonly string[] {
  const [, quoted, bare] = /(?:^|\s)password\s*=\s*(?:'([^']*)'|(\S+))/.exec(value) ?? [];
  const found = [quoted, bare].filter((text) => text !== undefined);
  if (!value.startsWith('{') && !value.startsWith('[')) return found;
  try {
    JSON.parse(value, (name, member: unknown) => {
      if (typeof member === 'string' && telling.test(name)) found.push(member);
      return member;
    });
  } catch {
    // No JSON: it has no members.
  }
  return found;
}

function linesOf(text: string): readonly string[] {
  const lines = text.includes('\n') ? text.split('\n').map((line) => line.trim()) : [];
  return lines.filter((line) => line.length >= 12 && !line.startsWith('-----'));
}

/** @returns the password of a URL as it is written and as clients read it, and with the user as they send it (RFC 7617). */
function loginOf(value: string): { readonly passwords: readonly string[]; readonly login: string } | undefined {
  // Taken apart by hand: a password that breaks the URL's grammar is one all the same.
  const [, user = '', written] = /^[a-z][a-z0-9+.-]*:\/\/([^:@/?#]*):(.*)@/is.exec(value) ?? [];
  if (written === undefined) return undefined;
  const parsed = URL.canParse(value) ? new URL(value).password : '';
  const password = decodeSafely(written);
  return { passwords: [written, parsed, decodeSafely(parsed), password], login: `${decodeSafely(user)}:${password}` };
}

/** Names of parameters of a URL, and of members of JSON, that hold a password or a token. */
const telling = /pass|pwd|token|secret|key|sig|auth|jwt|cred|sas/i;

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

/** @returns the forms in which a part may appear in a text. */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const hex = Buffer.from(value).toString('hex');
  return [
    ...plainForms(value),
    ...percentForms(value.toWellFormed()),
    ...[value, encodeURIComponent(value.toWellFormed())].flatMap(base64Forms),
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

/** What to look for, of one value. */
export interface Forms {
  /** As they stand in a text. */
  readonly written: readonly string[];
  /** Not encoded: these are looked for behind escapes of all sorts. */
  readonly plain: readonly string[];
}

/** @returns the forms of the value, of its parts and of their encodings; none of those that are too short to be told apart. */
export function formsIn(value: string): Forms {
  const isLong = (form: string): boolean => form.length >= shortest;
  const parts = partsOf(value).filter(isLong);
  const login = loginOf(value.trim())?.login;
  return {
    // Beside the user's name the password is found by itself.
    written: [...parts.flatMap(formsOf), ...(login === undefined ? [] : base64Forms(login))].filter(isLong),
    plain: parts.flatMap(plainForms).flatMap(spellingsOf).filter(isLong),
  };
}
