/** Takes secret values out of texts that came from elsewhere: messages of servers and libraries. */
import { findEscaped } from './escapes';
import { formsIn, shortest } from './forms';
import { addForm, findBeginning, findForms, type FormIndex, type Stretch } from './stretches';

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

/** @returns the text with the stretches, which may overlap, replaced. */
function without(text: string, stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return text;
  let clean = '';
  let from = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (start >= from) clean += text.slice(from, start) + placeholder;
    from = Math.max(from, end);
  }
  return clean + text.slice(from);
}

/** @returns a redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const learnt = new Set<string>();
  const written: FormIndex = new Map();
  const plain: FormIndex = new Map();
  return {
    learn(value) {
      if (value.length < shortest || learnt.has(value)) return;
      learnt.add(value);
      const forms = formsIn(value);
      for (const form of forms.written) addForm(written, form);
      for (const form of forms.plain) addForm(plain, form);
    },
    redact(text, isCut = false) {
      // All at once: what looks like the beginning of a value may be the whole of it behind escapes.
      const clean = without(text, [...findForms(text, written), ...findEscaped(text, (each) => findForms(each, plain))]);
      return isCut ? without(clean, findBeginning(clean, plain)) : clean;
    },
  };
}
