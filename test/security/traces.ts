/** Looks for a secret in what left the process: whole or in part, as it is, and behind whatever encoding undone here. */

/** So many characters in a row give a secret away; shorter ones are found by chance. */
const telling = 8;
/** Of encoded texts, whose beginning and end depend on what stands around. */
const tellingEncoded = 14;

function* windows(text: string, length: number): Generator<string> {
  for (let start = 0; start + length <= text.length; start += 1) yield text.slice(start, start + length);
}

/** A value's own pieces; what stands in the frame of a key, short lines, and in a URL all but its password and its parameters, are no secret. */
function pieces(value: string): readonly string[] {
  if (URL.canParse(value) && new URL(value).password !== '') return [new URL(value).password, ...new URL(value).searchParams.values()];
  return value.split(/[\r\n]+/).filter((line) => line.length >= telling && !line.startsWith('-----'));
}

/** What would give the value away: each window of its pieces, and of their encodings. */
function needlesOf(value: string): readonly string[] {
  const plain = pieces(value).flatMap((piece) => {
    const length = Math.min(telling, piece.length);
    // Most of a long one is never shown at all: its windows are told apart by their first ones and every few after these.
    return [...windows(piece, length)].filter((_, index) => index < 200 || index % 7 === 0);
  });
  const encoded = pieces(value.slice(0, 400)).flatMap((piece) => [
    ...[0, 1, 2].flatMap((shift) => {
      const text = Buffer.from(`${'\0'.repeat(shift)}${piece}`)
        .toString('base64url')
        .slice(shift === 0 ? 0 : shift + 1, -2);
      return [...windows(text, tellingEncoded)];
    }),
    ...windows(Buffer.from(piece).toString('hex'), 2 * telling),
  ]);
  return [...plain, ...encoded];
}

const undone: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  (text) => text.replaceAll(/\\(.)/g, '$1'),
  (text) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'),
  (text) => Buffer.from(text, 'latin1').toString('utf8'),
  (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
  (text) => text.toLowerCase(),
];

/** Every text that somebody may make of a document: all of its strings, each decoded once and twice. */
function readingsOf(left: string): ReadonlySet<string> {
  const texts = [left];
  try {
    JSON.parse(left, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    // A text for people is looked at as it is.
  }
  const once = texts.flatMap((text) => undone.map((undo) => undo(text)));
  return new Set([...once, ...once.flatMap((text) => undone.map((undo) => undo(text)))]);
}

/**
 * @param known what is no secret: the configuration's own words.
 * @returns the first piece of the value that shows in what left, with what stands around it; undefined where none does.
 */
export function traceOf(value: string, left: string, known = ''): string | undefined {
  const needles = needlesOf(value).filter((needle) => !known.includes(needle));
  for (const reading of readingsOf(left)) {
    const needle = needles.find((each) => reading.includes(each));
    if (needle === undefined) continue;
    const at = reading.indexOf(needle);
    return `${JSON.stringify(needle)} in ${JSON.stringify(reading.slice(Math.max(0, at - 80), at + 120))}`;
  }
  return undefined;
}
