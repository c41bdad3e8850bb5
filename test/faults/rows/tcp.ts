/** What the tcp kind has to say of each fault, in a dialogue of lines as SMTP has it (RFC 5321, RFC 3207). */
import { commonRows, failure, late, talkRow, tlsRow, type Row, type Variant } from '../cells';
import type { Moment } from '../proxy';
import { clientHello } from './moments';

/** What the server says when it is connected to, and to each line. */
export const greeting = '220 ready\r\n';
export const answers: Readonly<Record<string, string>> = { STARTTLS: '220 go ahead\r\n', HELLO: '250 hello\r\n' };

/** The steps of a target, with TLS in their midst or without. */
export const steps = (startsTls: boolean): readonly object[] => [
  { expect: '^220 ready$' },
  ...(startsTls ? [{ send: 'STARTTLS\r\n' }, { expect: '^220 go ahead$' }, { startTls: true }] : []),
  { send: 'HELLO\r\n' },
  { expect: '^250 hello$' },
];

/** What the server says in a dialogue. */
export function exchangeRow(variant: Variant, at: string, moment: Moment, cells: Partial<Row['cells']> = {}): Row {
  const told = variant.told ?? 'exchange';
  // Lines that don't match may be followed by one that does.
  const waits = late('timeout', told, variant.servedBy);
  return talkRow(
    variant,
    'exchange',
    at,
    { refusal: '554 not now\r\n', ...moment },
    {
      refused: waits,
      garbage: waits,
      'wrong protocol': waits,
      endless: failure('body_too_large', told, variant.servedBy),
      ...cells,
    },
  );
}

function rowsOf(variant: Variant): readonly Row[] {
  const stage = variant.tls ? 'secured' : 'plain';
  return [
    ...commonRows(variant, clientHello),
    exchangeRow(variant, 'the greeting', { stage }),
    exchangeRow(variant, 'the answer', { stage, after: /HELLO/ }),
  ];
}

function startTlsRows(variant: Variant): readonly Row[] {
  const [dns, connect] = commonRows(variant);
  // Whatever it says, it does not go on with TLS.
  const notOffered = late('tls_not_offered', 'exchange', 'infrastructure');
  return [
    ...[dns, connect].flatMap((row) => row ?? []),
    exchangeRow(variant, 'the greeting', { stage: 'plain' }),
    exchangeRow(
      variant,
      'the answer to STARTTLS',
      { stage: 'plain', after: /STARTTLS/, refusal: '454 TLS not available\r\n' },
      { refused: notOffered, garbage: notOffered, 'wrong protocol': notOffered },
    ),
    tlsRow(variant, clientHello),
    exchangeRow(variant, 'the answer', { stage: 'secured', after: /HELLO/ }),
  ];
}

export const tcpVariants = {
  plain: { kind: 'tcp', name: 'tcp', tls: false, servedBy: 'infrastructure' },
  tls: { kind: 'tcp', name: 'tcp over TLS', tls: true, servedBy: 'infrastructure' },
  startTls: { kind: 'tcp', name: 'tcp with STARTTLS', tls: true, servedBy: 'infrastructure' },
} as const satisfies Record<string, Variant>;

export const tcpRows: readonly Row[] = [...rowsOf(tcpVariants.plain), ...rowsOf(tcpVariants.tls), ...startTlsRows(tcpVariants.startTls)];
