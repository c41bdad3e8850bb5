/** What the http kind has to say of each fault (RFC 9112, RFC 9113). */
import { dataFrame, resetFrame } from '../../support/h2-frames';
import { commonRows, failure, late, talkRow, type Row, type Variant } from '../cells';
import { behind, type Moment, type Stage } from '../proxy';
import { clientHello } from './moments';

/** The body of every good answer: longer than what may come in its place, or else the rest would be waited for. */
export const body = JSON.stringify({ status: 'ok', padding: 'x'.repeat(200) });
/** How the end of a body is told, and under which path the server does so. */
export const framings = { '/length': 'a body with a length', '/chunks': 'a body in chunks', '/close': 'a body up to the end' } as const;

const stageOf = ({ tls }: Variant): Stage => (tls ? 'secured' : 'plain');
const head = behind(/\r\n\r\n/);
const asked: Pick<Moment, 'after' | 'instead'> = { after: /\r\n\r\n/, instead: 'SSH' };
const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
const text = (bytes: Buffer): string => bytes.toString('latin1');

/** The header of an answer. @param place of the server, in a journey */
export function requestRow(variant: Variant, place?: string): Row {
  // A status is judged where the body would be read.
  const refused = failure('permission_denied', variant.told ?? 'transfer', 'operator');
  return talkRow(variant, 'request', 'the header', { stage: stageOf(variant), ...asked, place, refusal, refusalEnds: true }, { refused });
}

/** A body with a length. */
export function lengthRow(variant: Variant, place?: string): Row {
  // What is said in the body's place is a body: another one than expected.
  const another = failure('assertion_failed', variant.told ?? 'transfer', 'application');
  const moment: Moment = { stage: stageOf(variant), ...asked, behind: head, place };
  return talkRow(variant, 'transfer', framings['/length'], moment, { garbage: another, endless: another, 'wrong protocol': another });
}

function chunksRow(variant: Variant): Row {
  const moment: Moment = {
    stage: stageOf(variant),
    ...asked,
    behind: head,
    endless: { chunk: `4000\r\n${'x'.repeat(16_384)}\r\n` },
  };
  return talkRow(variant, 'transfer', framings['/chunks'], moment, { endless: failure('body_too_large', 'transfer', 'application') });
}

function closeRow(variant: Variant): Row {
  const waits = late('timeout', 'transfer', 'application');
  return talkRow(
    variant,
    'transfer',
    framings['/close'],
    { stage: stageOf(variant), ...asked, behind: head },
    {
      // The end of the connection is the end of the body: only a condition can tell that it is not all.
      cut: failure('assertion_failed', 'transfer', 'application'),
      garbage: waits,
      'wrong protocol': waits,
      endless: failure('body_too_large', 'transfer', 'application'),
    },
  );
}

/** @returns how many bytes come before the first frame of a type (RFC 9113, 4.1). */
const before =
  (type: number) =>
  (server: string): number | undefined => {
    const bytes = Buffer.from(server, 'latin1');
    for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) if (bytes[at + 3] === type) return at;
    return undefined;
  };

function http2Rows(variant: Variant): readonly Row[] {
  const moment = (type: number, more: Partial<Moment>): Moment => ({ stage: 'secured', behind: before(type), ...more });
  return [
    ...commonRows(variant, clientHello),
    // REFUSED_STREAM: nothing was done (RFC 9113, 8.7).
    talkRow(variant, 'request', 'the header', moment(1, { refusal: text(resetFrame(7)) }), {
      refused: failure('overloaded', 'request', 'infrastructure'),
    }),
    talkRow(
      variant,
      'transfer',
      'the body',
      // INTERNAL_ERROR.
      moment(0, { refusal: text(resetFrame(2)), endless: { chunk: text(dataFrame('x'.repeat(8192))) } }),
      {
        refused: failure('connection_reset', 'transfer', 'infrastructure'),
        endless: failure('body_too_large', 'transfer', 'application'),
      },
    ),
  ];
}

function http1Rows(variant: Variant): readonly Row[] {
  return [...commonRows(variant, clientHello), requestRow(variant), lengthRow(variant), chunksRow(variant), closeRow(variant)];
}

export const httpVariants = {
  plain: { kind: 'http', name: 'http', tls: false, servedBy: 'application' },
  tls: { kind: 'http', name: 'http over TLS', tls: true, servedBy: 'application' },
  two: { kind: 'http', name: 'http/2 over TLS', tls: true, servedBy: 'application' },
} as const satisfies Record<string, Variant>;

export const httpRows: readonly Row[] = [...http1Rows(httpVariants.plain), ...http1Rows(httpVariants.tls), ...http2Rows(httpVariants.two)];
