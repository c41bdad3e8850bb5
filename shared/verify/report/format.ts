/** The forms of a verification's report. */
import type { Verification } from '../verification';
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

const asJson = (answer: Verification): string => JSON.stringify(answer);

/** @param issue heads the report, but for JSON, which is the answer alone. */
export function write(verified: Verified, format: Format, issue?: string): Written {
  switch (format) {
    case 'json':
      return { type: 'application/json', text: asJson(verified.answer) };
    case 'text':
      return { type: 'text/plain; charset=utf-8', text: textReport(verified, issue) };
    case 'markdown':
      return { type: 'text/markdown; charset=utf-8', text: markdownReport(verified, issue) };
    case 'html':
      return { type: 'text/html; charset=utf-8', text: htmlReport(verified, issue) };
  }
}
