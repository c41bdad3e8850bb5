/** The forms of a verification's report. */
import type { Verified } from '../verify';
import { htmlReport } from './html';
import { markdownReport } from './markdown';
import { textReport } from './text';

export const formats = ['json', 'text', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** A report, ready to be sent or written. */
export interface Written {
  readonly type: string;
  readonly text: string;
}

const writers: Readonly<Record<Format, { readonly type: string; readonly write: (verified: Verified, issue?: string) => string }>> = {
  json: { type: 'application/json', write: ({ answer }) => JSON.stringify(answer) },
  text: { type: 'text/plain; charset=utf-8', write: textReport },
  markdown: { type: 'text/markdown; charset=utf-8', write: markdownReport },
  html: { type: 'text/html; charset=utf-8', write: htmlReport },
};

/** @param issue heads the report, but for JSON, which is the answer alone. */
export function written(verified: Verified, format: Format, issue?: string): Written {
  const { type, write } = writers[format];
  return { type, text: write(verified, issue) };
}
