/** What dialling takes and gives: a destination, and a live connection with its own signal of loss. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** How TLS is spoken to a destination. */
export interface TlsSettings {
  /** `disable`, `require` (encrypt, don't verify), `verify-ca` (chain only), `verify-full` (chain and name). */
  readonly mode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** PEM texts. Without `ca` the authorities of the runtime count. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name asked for by SNI and looked for in the certificate; default: the host. */
  readonly serverName?: string;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Protocols offered by ALPN (RFC 7301), the preferred first. */
  readonly alpn?: readonly string[];
}

/** Where to, and how. */
export interface Destination {
  /** A host and port, or a unix socket. */
  readonly to: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Without it, or with mode `disable`, the connection stays plain. */
  readonly tls?: TlsSettings;
  /** A dialogue that asks the server to start TLS on the plain connection, inside the tls phase (PostgreSQL's SSLRequest, STARTTLS). */
  readonly startTls?: (socket: Socket) => Promise<void>;
  /** The fault of a host that must not be dialled (forbidden, link-local); default: `config_invalid`, the configuration names it. */
  readonly refused?: (message: string) => Error;
}

/** A connection ready for a driver. Closed by the engine at the end of the attempt at the latest. */
export interface Connection {
  readonly socket: Socket | TLSSocket;
  /** True once the peer has ended, reset or closed it. */
  readonly isLost: boolean;
  /** Resolves with the peer's error, or undefined for a plain end, when the connection is lost; never rejects. */
  readonly lost: Promise<Error | undefined>;
  /** Says that from here on the driver alone tells of the connection's end. */
  adopt(): void;
  /** Destroys the socket; its loss is no longer told. */
  close(): void;
}
