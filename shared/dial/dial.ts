/** The one way out: dns, connect and tls for every network probe, handing over a live, judged connection. */
import { setImmediate } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { describe, Fault } from '../fault';
import { endpointProblem, forbiddenBy, isListed, isRefused } from '../hosts';
import type { Finding, Observed, Phase } from '../result';
import { reasonOfLoss } from '../system-errors';
import { certificateFacts, chainOf, verifyCertificate } from './certificate';
import { connectFirst, connectPath } from './connect';
import type { Connection, Destination, TlsSettings } from './connection';
import { expectedName, handshake } from './handshake';
import { lookup, type Lookup } from './lookup';

/** What dialling needs of the attempt that it belongs to. */
export interface Dialler {
  readonly allowLinkLocal: readonly string[];
  readonly forbiddenHosts: readonly string[];
  /** Stands for the run that the attempt belongs to. */
  readonly run: object;
  remaining(): number;
  phase<T>(name: Phase, work: () => Promise<T>): Promise<T>;
  observe(facts: Observed): void;
  warn(finding: Omit<Finding, 'outcome'> & { readonly code?: string }): void;
  /** Told of a look-up that is under way. */
  readonly lookingUp: (lookup: Lookup) => void;
  /** Takes every socket at its birth, so that the end of the attempt destroys it. */
  track(socket: Socket): void;
}

/** A connection with what the engine knows of it besides. */
export interface Watched extends Connection {
  /** True once a driver alone tells of its end, or once it was closed. */
  readonly isAdopted: boolean;
}

/** Wraps a socket so that its loss is known whether or not anybody reads from it. */
export function watch(socket: Socket): Watched {
  const state = { isLost: false, isAdopted: false };
  let failure: Error | undefined;
  const lost = new Promise<Error | undefined>((resolve) => {
    const lose = (): void => {
      if (state.isAdopted || state.isLost) return;
      state.isLost = true;
      resolve(failure);
    };
    socket.on('error', (error) => {
      failure = error;
      lose();
    });
    socket.once('end', lose);
    socket.once('close', lose);
  });
  return {
    socket,
    lost,
    get isLost() {
      return state.isLost;
    },
    get isAdopted() {
      return state.isAdopted;
    },
    adopt() {
      state.isAdopted = true;
    },
    close() {
      state.isAdopted = true;
      socket.destroy();
    },
  };
}

/**
 * Judges what the configuration was checked for, but not what stands in a secret.
 * @returns why a destination must not, or can't, be dialled; undefined where it may.
 */
export function refusalOf(
  to: Destination['to'],
  { forbiddenHosts, allowLinkLocal }: Pick<Dialler, 'forbiddenHosts' | 'allowLinkLocal'>,
): string | undefined {
  const problem = endpointProblem(to);
  if (problem !== undefined) return `the target ${problem}`;
  if ('path' in to) return undefined;
  const forbidden = forbiddenBy(forbiddenHosts, to.host);
  if (forbidden !== undefined) return `${to.host} is a forbidden host (${forbidden})`;
  return isRefused(to.host, allowLinkLocal) ? linkLocal(to.host) : undefined;
}

const linkLocal = (host: string): string =>
  `${host} leads to a link-local address, which is refused; list it in allowLinkLocal if that is meant`;
const wrongConfiguration = (message: string): Error => new Fault('config_invalid', message);

async function reach({ to, refused = wrongConfiguration }: Destination, dialler: Dialler): Promise<Socket> {
  const refusal = refusalOf(to, dialler);
  if (refusal !== undefined) throw refused(refusal);
  if ('path' in to) return dialler.phase('connect', () => connectPath(to.path, dialler));
  const { host, port } = to;
  const addresses = await dialler.phase('dns', () => lookup(host, dialler.lookingUp));
  const allowed = isListed(host, dialler.allowLinkLocal)
    ? addresses
    : addresses.filter(({ address }) => !isRefused(address, dialler.allowLinkLocal));
  if (addresses.length > 0 && allowed.length === 0) throw refused(linkLocal(host));
  const { socket, address, failed } = await dialler.phase('connect', () => connectFirst(allowed, port, dialler));
  dialler.observe({ 'address.ip': address });
  for (const { address: subject, reason, message, code } of failed)
    dialler.warn({ subject, reason, message: `address ${subject}: ${message}`, durationMs: null, code });
  return socket;
}

/**
 * Dials a destination through the phases dns (not for a unix socket), connect and, where asked for, tls.
 * The certificate is observed even when it is then refused; nothing is sent over a connection whose certificate was refused.
 * @throws Fault, each with its reason, located in its phase.
 */
export async function dial(destination: Destination, dialler: Dialler): Promise<Watched> {
  const { to, tls, startTls } = destination;
  const plain = await reach(destination, dialler);
  const settings = tls && tls.mode !== 'disable' ? tls : undefined;
  if (!settings) return watch(plain);
  return dialler.phase('tls', async () => {
    if (startTls) await Promise.race([startTls(plain), loss(watch(plain))]);
    return encrypt(plain, settings, to, dialler);
  });
}

/** The handshake over a connected socket, and the judgement of the certificate. */
async function encrypt(plain: Socket, settings: TlsSettings, to: Destination['to'], dialler: Dialler): Promise<Watched> {
  const host = 'host' in to ? to.host : '';
  const socket = await handshake(plain, settings, host, dialler.run);
  dialler.track(socket);
  const chain = chainOf(socket);
  dialler.observe(certificateFacts(socket, chain));
  verifyCertificate(socket, chain, settings.mode, expectedName(settings, host));
  return watch(socket);
}

/**
 * Starts TLS on a connection that was dialled plain, in the phase tls; otherwise as `dial` does. Whatever was sent over it before has to
 * be read already.
 * @returns the connection that takes the place of the plain one.
 */
export async function secure(plain: Connection, settings: TlsSettings, to: Destination['to'], dialler: Dialler): Promise<Watched> {
  plain.adopt();
  return dialler.phase('tls', () => encrypt(plain.socket, settings, to, dialler));
}

/**
 * Rejects with `connection_reset` when the connection is lost, once what arrived together with its end has been read and told by
 * the driver, which may know better. Never settles for a connection that was adopted or closed.
 */
export async function loss(connection: Watched): Promise<never> {
  const error = await connection.lost;
  await setImmediate();
  await setImmediate();
  if (connection.isAdopted) return new Promise<never>(() => {});
  throw lossFault(error);
}

/** @returns the fault of a connection that its peer ended or reset, or that TLS refused to go on with. */
export function lossFault(error: Error | undefined): Fault {
  const { message, code } = error ? describe(error) : { message: 'the server closed the connection', code: undefined };
  return new Fault(reasonOfLoss(code), message, { code, cause: error });
}
