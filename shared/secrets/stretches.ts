/** Finds known forms in a text: whole, or as far as somebody wrote them before cutting them off. */

/** A stretch of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** So many characters at the beginning of a form are no coincidence. Servers cut what they echo: Redis after 128 bytes, PostgreSQL after 63. */
const unmistakable = 12;
/** But these are the beginning of much else, too: URLs, keys, JSON, markup. */
const ordinary = /^\s*(?:[[{"<-]|[a-z][a-z0-9+.-]*(?::|%3a)(?:\\?\/|%2f))/i;

/** Forms by what is looked for. */
export type FormIndex = Map<string, Set<string>>;

/** Adds a form to those that are looked for. */
export function addForm(index: FormIndex, form: string): void {
  const beginning = ordinary.test(form) ? form : form.slice(0, unmistakable);
  const forms = index.get(beginning);
  if (forms) forms.add(form);
  else index.set(beginning, new Set([form]));
}

/** After so many characters the rest of the word is taken for the rest of the form, spelled in another way. */
const beyondDoubt = 24;

/** What follows on a text that was cut off: nothing, or what is put around or behind it. A word that goes on is another word. */
const afterCut = /^(?:$|[\s"'`)\]}>\u2026,;]|\.(?:\.|\s|$))/;

/** @returns where the form ends that begins here, whole or cut off; undefined where something else begins like it. */
function endAt(text: string, start: number, form: string): number | undefined {
  let length = 0;
  while (length < form.length && text[start + length] === form[length]) length += 1;
  const end = start + length;
  if (length === form.length || afterCut.test(text.slice(end, end + 3))) return end;
  if (length < beyondDoubt) return undefined;
  const [rest = ''] = /^\S*/.exec(text.slice(end)) ?? [];
  return end + rest.length;
}

/** @returns where the text holds one of the forms, or the beginning of one that can't be mistaken. */
export function findForms(text: string, index: FormIndex): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [beginning, forms] of index) {
    for (let start = text.indexOf(beginning); start >= 0;) {
      const ends = Array.from(forms, (form) => endAt(text, start, form)).filter((end) => end !== undefined);
      if (ends.length > 0) found.push({ start, end: Math.max(...ends) });
      start = text.indexOf(beginning, Math.max(start + 1, ...ends));
    }
  }
  return found;
}

/** Shorter beginnings, also at the end of a text, are ordinary words. */
const shortestBeginning = 8;

/** @returns where, at the end of a text that was cut off there, one of the forms begins. */
export function findBeginning(text: string, index: FormIndex): readonly Stretch[] {
  let longest = 0;
  for (const beginning of index.keys())
    for (let length = Math.min(beginning.length - 1, unmistakable); length >= Math.max(shortestBeginning, longest + 1); length -= 1)
      if (text.endsWith(beginning.slice(0, length)) && !ordinary.test(beginning)) longest = length;
  return longest === 0 ? [] : [{ start: text.length - longest, end: text.length }];
}
