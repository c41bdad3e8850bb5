/** What the journey kind has to say of each fault: what its step's own kind says, in the phase `step`. */
import { commonRows, tlsRow, type Row, type Variant } from '../cells';
import { lengthRow, requestRow } from './http';
import { clientHello } from './moments';
import { exchangeRow } from './tcp';
import { messageRows, upgradeRow } from './websocket';

/** The servers of a journey, which are its steps. */
export const stops = ['login', 'chat', 'lines'] as const;

function rowsOf(variant: Variant): readonly Row[] {
  const stage = variant.tls ? 'secured' : 'plain';
  return [
    ...commonRows(variant),
    ...(variant.tls ? stops.map((place) => tlsRow(variant, { ...clientHello, place })) : []),
    requestRow(variant, 'login'),
    lengthRow(variant, 'login'),
    upgradeRow(variant, 'chat'),
    ...messageRows(variant, 'chat'),
    exchangeRow(variant, 'the greeting', { stage, place: 'lines' }),
    exchangeRow(variant, 'the answer', { stage, after: /HELLO/, place: 'lines' }),
  ];
}

export const journeyVariants = {
  plain: { kind: 'journey', name: 'journey', tls: false, servedBy: 'application', told: 'step' },
  tls: { kind: 'journey', name: 'journey over TLS', tls: true, servedBy: 'application', told: 'step' },
} as const satisfies Record<string, Variant>;

export const journeyRows: readonly Row[] = Object.values(journeyVariants).flatMap(rowsOf);
