/** What the fault matrix is made of: faults, phases, and what a probe has to say of each fault in each phase; pure data. */
import type { Reason } from '../../shared/reasons';
import type { Outcome, Phase } from '../../shared/result';
import type { Moment } from './proxy';

/** What goes wrong, with what it means. */
export const faults = {
  refused: 'the server says no, in the words of its protocol; before there is a connection, by a reset',
  'black hole': 'packets vanish',
  silent: 'accepts and says nothing more',
  slow: 'one byte every 700 ms',
  pieces: 'every byte by itself, but in time',
  reset: 'RST',
  cut: 'the beginning of the answer, then FIN',
  garbage: 'bytes of no protocol, and the connection stays open',
  endless: 'an answer without an end',
  alert: 'a fatal alert of TLS',
  'wrong protocol': 'another protocol speaks: HTTP, or SSH where HTTP is expected',
} as const;

/** A column of the matrix. */
export type Fault = keyof typeof faults;
/** The columns in their order. */
export const faultNames = Object.keys(faults) as Fault[];

/** The phases of each kind; a journey is one phase, `step`, in which its steps go through those that are named here. */
export const phasesOf = {
  tcp: ['dns', 'connect', 'tls', 'exchange'],
  http: ['dns', 'connect', 'tls', 'request', 'transfer'],
  websocket: ['dns', 'connect', 'tls', 'upgrade', 'message'],
  postgres: ['dns', 'connect', 'tls', 'auth', 'query'],
  redis: ['dns', 'connect', 'tls', 'auth', 'command'],
  journey: ['dns', 'connect', 'tls', 'request', 'transfer', 'upgrade', 'message', 'exchange'],
} as const satisfies Record<string, readonly Phase[]>;

/** A kind that goes over the network. */
export type NetworkKind = keyof typeof phasesOf;
type Owner = 'infrastructure' | 'application' | 'operator' | 'monitor';

/**
 * The limits of an attempt, in milliseconds: the time that it is given, and from when to when it has to be over. What is told `at once`
 * is given more time than it may take; what waits for the `deadline` is over then, and not before.
 */
export const limits = {
  'at once': { timeoutMs: 10_000, fromMs: 0, toMs: 5000 },
  deadline: { timeoutMs: 2000, fromMs: 1850, toMs: 3000 },
} as const;

/** What has to be told. */
export interface Expected {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly phase: Phase | null;
  readonly owner: Owner | null;
  readonly limit: keyof typeof limits;
}

/** What is expected; or why there is no such thing. */
export type Cell = Expected | { readonly never: string };

/** A place in a conversation where each fault strikes. */
export interface Row {
  readonly kind: NetworkKind;
  /** The kind, and how it is spoken: `redis over TLS`. */
  readonly variant: string;
  readonly phase: Phase;
  /** What the server is about to say. */
  readonly at: string;
  /** Where a fault strikes; absent where no proxy can do it. */
  readonly moment?: Moment;
  readonly cells: Readonly<Record<Fault, Cell>>;
}

/** A way in which a kind is spoken. */
export interface Variant {
  readonly kind: NetworkKind;
  readonly name: string;
  readonly tls: boolean;
  /** Who acts on what the domain `service` says of the kind. */
  readonly servedBy: 'application' | 'infrastructure';
  /** In which phase everything is told, where that is always the same. */
  readonly told?: Phase;
}

export const never = (why: string): Cell => ({ never: why });
export const success: Expected = { outcome: 'success', reason: null, phase: null, owner: null, limit: 'at once' };

/** @returns a failure that is told at once. */
export function failure(reason: Reason, phase: Phase, owner: Owner): Expected {
  return { outcome: 'failure', reason, phase, owner, limit: 'at once' };
}

/** @returns a failure that is told when the time is over. */
export function late(reason: Reason, phase: Phase, owner: Owner): Expected {
  return { ...failure(reason, phase, owner), limit: 'deadline' };
}

/** Why a cell is empty. */
export const why = {
  noTls: never('no TLS here'),
  noConnection: never('nothing is said yet'),
  noPackets: never('as silent: lost packets look the same'),
  noRefusal: never('there are no words for it'),
  handshakeRefusal: never('TLS says no by an alert'),
};

/** The rows that every kind begins with: the name, the connection, and TLS or its absence. */
export function commonRows(variant: Variant, tlsMoment?: Moment): readonly Row[] {
  return [dnsRow(variant), connectRow(variant), ...(variant.tls ? (tlsMoment ? [tlsRow(variant, tlsMoment)] : []) : [noTlsRow(variant)])];
}

const rowOf = ({ kind, name }: Variant, phase: Phase, at: string, cells: Row['cells'], moment?: Moment): Row => ({
  kind,
  variant: name,
  phase,
  at,
  cells,
  moment,
});

/**
 * The resolver is asked by datagram; what takes a stream, it does after it said that its answer is too long for one. There a message
 * begins with its length (RFC 1035, 4.2.2): what is none announces more than comes, or an answer to somebody else.
 */
function dnsRow(variant: Variant): Row {
  const phase = variant.told ?? 'dns';
  const lost = failure('dns_unavailable', phase, 'infrastructure');
  const waits = late('dns_unavailable', phase, 'infrastructure');
  return rowOf(variant, 'dns', 'the resolver', {
    refused: lost,
    'black hole': waits,
    silent: waits,
    slow: waits,
    // The name is found, and nobody listens there.
    pieces: failure('connect_refused', variant.told ?? 'connect', 'infrastructure'),
    // glibc takes a stream that breaks off for "no such name" (resolv/nss_dns/dns-host.c), and nobody behind it can tell.
    reset: failure('dns_not_found', phase, 'infrastructure'),
    cut: failure('dns_not_found', phase, 'infrastructure'),
    garbage: waits,
    endless: waits,
    alert: never('resolvers are asked without TLS'),
    'wrong protocol': waits,
  });
}

function connectRow(variant: Variant): Row {
  const phase = variant.told ?? 'connect';
  const { noConnection } = why;
  return rowOf(variant, 'connect', 'the connection', {
    refused: failure('connect_refused', phase, 'infrastructure'),
    'black hole': late('connect_timeout', phase, 'infrastructure'),
    silent: noConnection,
    slow: noConnection,
    pieces: noConnection,
    reset: never('as refused'),
    cut: noConnection,
    garbage: noConnection,
    endless: noConnection,
    alert: variant.tls ? noConnection : why.noTls,
    'wrong protocol': noConnection,
  });
}

function noTlsRow(variant: Variant): Row {
  const cells = Object.fromEntries(faultNames.map((fault) => [fault, why.noTls])) as unknown as Row['cells'];
  return rowOf(variant, 'tls', 'no TLS here', cells);
}

/** The handshake, once the server has read the client's hello. */
export function tlsRow(variant: Variant, moment: Moment): Row {
  const phase = variant.told ?? 'tls';
  const refused = failure('tls_handshake', phase, 'infrastructure');
  const gone = failure('connection_reset', phase, 'infrastructure');
  return rowOf(
    variant,
    'tls',
    moment.place === undefined ? 'the handshake' : `${moment.place}: the handshake`,
    {
      refused: why.handshakeRefusal,
      'black hole': why.noPackets,
      silent: late('timeout', phase, variant.servedBy),
      slow: late('timeout', phase, variant.servedBy),
      pieces: success,
      reset: gone,
      cut: gone,
      garbage: refused,
      endless: refused,
      alert: refused,
      'wrong protocol': refused,
    },
    moment,
  );
}

/**
 * A row of a phase above the connection, with what most of them have in common: silence is a timeout, a lost connection a reset, and
 * what is no answer a protocol error.
 */
export function talkRow(variant: Variant, phase: Phase, at: string, moment: Moment, cells: Partial<Row['cells']>): Row {
  const told = variant.told ?? phase;
  const { servedBy } = variant;
  const gone = failure('connection_reset', told, 'infrastructure');
  const nonsense = failure('protocol_error', told, servedBy);
  const common: Row['cells'] = {
    refused: why.noRefusal,
    'black hole': why.noPackets,
    silent: late('timeout', told, servedBy),
    slow: late('timeout', told, servedBy),
    pieces: success,
    reset: gone,
    cut: gone,
    garbage: nonsense,
    endless: nonsense,
    alert: failure('tls_handshake', told, 'infrastructure'),
    'wrong protocol': nonsense,
  };
  const withoutTls = moment.stage === 'plain' && cells.alert === undefined ? { alert: why.noTls } : {};
  return rowOf(variant, phase, moment.place === undefined ? at : `${moment.place}: ${at}`, { ...common, ...withoutTls, ...cells }, moment);
}
