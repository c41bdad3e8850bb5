/** A whole answer, as conditions and captures see it. */
import { TextDecoder } from 'node:util';
import type { Head } from './head';

/** Characters that are looked at of what is shown in 100. */
const considered = 4096;

/** What came back in the end. */
export interface Answer extends Pick<Head, 'status' | 'version' | 'header'> {
  /** Decoded, as text. */
  readonly text: string;
  /** @returns the body as JSON, or undefined where it is none. */
  readonly json: () => unknown;
  /** @returns a part of the answer as people are shown it: without secrets, then shortened. */
  readonly quote: (text: string) => string;
}

/** The charset of a Content-Type; UTF-8 unless it names one that is known. */
function decoderOf(type: string | undefined): TextDecoder {
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s;"]+)/i.exec(type ?? '') ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns the answer with its body; JSON is parsed at most once. */
export function answerOf({ status, version, header }: Head, body: Buffer, redact: (text: string, isCut?: boolean) => string): Answer {
  const text = decoderOf(header('content-type')).decode(body);
  let parsed: { readonly value: unknown } | undefined;
  return {
    status,
    version,
    header,
    text,
    json: () => (parsed ??= { value: parseJson(text) }).value,
    quote: (part) => redact(part.slice(0, considered), part.length > considered).slice(0, 100),
  };
}
