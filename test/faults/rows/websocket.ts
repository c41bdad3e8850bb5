/** What the websocket kind has to say of each fault (RFC 6455). */
import { closeFrame, textFrame } from '../../support/upgrading-server';
import { commonRows, failure, late, success, talkRow, why, type Row, type Variant } from '../cells';
import { behind, type Moment, type Stage } from '../proxy';
import { clientHello } from './moments';

/** What a target sends, and what it is answered. */
export const sent = 'go';
export const answer = { type: 'done' };
export const steps: readonly object[] = [{ send: sent }, { expect: "type == 'done'" }];

const stageOf = ({ tls }: Variant): Stage => (tls ? 'secured' : 'plain');
/** What a client has said: the request, and then so many bytes of frames, masked: a ping of 14, a text of 8, a close. */
const said = (bytes: number): RegExp => new RegExp(`\\r\\n\\r\\n[\\s\\S]{${bytes}}`);
const text = (bytes: Buffer): string => bytes.toString('latin1');

/** The consent to the upgrade. @param place of the server, in a journey */
export function upgradeRow(variant: Variant, place?: string): Row {
  const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  const moment: Moment = { stage: stageOf(variant), after: /\r\n\r\n/, instead: 'SSH', place, refusal, refusalEnds: true };
  return talkRow(variant, 'upgrade', 'the consent', moment, {
    refused: failure('permission_denied', variant.told ?? 'upgrade', 'operator'),
  });
}

function messageRow(variant: Variant, at: string, moment: Moment, cells: Partial<Row['cells']>): Row {
  // An open WebSocket that goes without a close frame is an unasked close, by the code 1006 (RFC 6455, 7.1.5).
  const gone = failure('unexpected_close', variant.told ?? 'message', 'application');
  const secured = variant.tls ? { alert: gone } : {};
  return talkRow(variant, 'message', at, moment, { refused: gone, reset: gone, cut: gone, ...secured, ...cells });
}

/** The pong, and an event. */
export function messageRows(variant: Variant, place?: string): readonly Row[] {
  const stage = stageOf(variant);
  const told = variant.told ?? 'message';
  return [
    messageRow(variant, 'the pong', { stage, after: said(1), behind: behind(/\r\n\r\n/), place, refusal: text(closeFrame(1011)) }, {}),
    messageRow(
      variant,
      'an event',
      {
        stage,
        after: said(15),
        behind: behind(/\r\n\r\n[\s\S]{10}/),
        place,
        refusal: text(closeFrame(1013)),
        endless: { chunk: text(textFrame('{"type":"more"}')).repeat(100) },
      },
      {
        refused: failure('overloaded', told, 'infrastructure'),
        // Messages that don't match are skipped as long as there is time.
        endless: late('timeout', told, variant.servedBy),
      },
    ),
  ];
}

/** All was said: how the connection ends does not matter any more, but what comes has to be frames all the same. */
function goodbyeRow(variant: Variant): Row {
  const moment: Moment = { stage: stageOf(variant), after: said(23) };
  return talkRow(variant, 'message', 'the answer to our close', moment, {
    silent: success,
    slow: success,
    reset: success,
    cut: success,
    alert: variant.tls ? success : why.noTls,
  });
}

const rowsOf = (variant: Variant): readonly Row[] => [
  ...commonRows(variant, clientHello),
  upgradeRow(variant),
  ...messageRows(variant),
  goodbyeRow(variant),
];

export const websocketVariants = {
  plain: { kind: 'websocket', name: 'websocket', tls: false, servedBy: 'application' },
  tls: { kind: 'websocket', name: 'websocket over TLS', tls: true, servedBy: 'application' },
} as const satisfies Record<string, Variant>;

export const websocketRows: readonly Row[] = Object.values(websocketVariants).flatMap(rowsOf);
