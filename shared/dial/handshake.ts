/** The TLS handshake on a connected socket: completed even with a bad certificate, so that its facts are seen, then judged. */
import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { describe, Fault } from '../fault';
import { reasonOfCode } from '../system-errors';
import type { TlsSettings } from './connection';
import { bareHost } from './lookup';

const certificateBlock = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** OpenSSL silently passes over what it can't read, and then trusts nobody: @returns what is wrong with the authorities, or undefined. */
function authoritiesProblem(ca: string | undefined): string | undefined {
  if (ca === undefined) return undefined;
  const blocks = ca.match(certificateBlock) ?? [];
  if (blocks.length === 0) return 'holds no certificate; allowed: one or more in PEM';
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch (error) {
    return `holds a certificate that can't be read: ${describe(error).message}`;
  }
  return undefined;
}

/** @returns the name that the certificate has to be for. */
export function expectedName(settings: TlsSettings, host: string): string {
  return settings.serverName ?? bareHost(host);
}

/** Making one costs as much as a handshake. They hold keys, so that they go with their run. */
const contexts = new WeakMap<object, Map<string, SecureContext>>();

/**
 * @param run what stands for the run.
 * @throws Fault `config_invalid` for authorities, a certificate or a key that can't be used.
 */
function contextOf({ ca, cert, key, minVersion }: TlsSettings, run: object): SecureContext {
  const ofRun = contexts.get(run) ?? new Map<string, SecureContext>();
  contexts.set(run, ofRun);
  const name = JSON.stringify([ca, cert, key, minVersion]);
  const known = ofRun.get(name);
  if (known) return known;
  const problem = authoritiesProblem(ca);
  if (problem !== undefined) throw new Fault('config_invalid', `tls.ca ${problem}`);
  try {
    const made = createSecureContext({ ca, cert, key, minVersion });
    ofRun.set(name, made);
    return made;
  } catch (error) {
    throw unusable(error);
  }
}

function unusable(error: unknown): Fault {
  const { message, code } = describe(error);
  return new Fault('config_invalid', `the TLS settings can't be used: ${message}`, { code, cause: error });
}

/**
 * @param host the destination's host; '' over a unix socket.
 * @throws Fault `tls_handshake` for what is refused or is no TLS at all, `connection_reset` where the peer just went away,
 *   `config_invalid` for a certificate or key of ours that can't be used.
 */
export async function handshake(socket: Socket, settings: TlsSettings, host: string, run: object): Promise<TLSSocket> {
  const secureContext = contextOf(settings, run);
  const name = expectedName(settings, host);
  return new Promise((resolve, reject) => {
    let secured: TLSSocket;
    try {
      secured = connect({
        socket,
        // The certificate is judged afterwards: a refusal by OpenSSL would leave no certificate to look at.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        // An address is no name for SNI (RFC 6066, 3).
        servername: isIP(name) || !name ? '' : name,
        secureContext,
        ALPNProtocols: settings.alpn ? [...settings.alpn] : undefined,
      });
    } catch (error) {
      return reject(unusable(error));
    }
    secured.once('error', (error) => {
      const { message, code } = describe(error);
      const reason = code === undefined ? undefined : reasonOfCode(code);
      const isReset = reason === 'connection_reset';
      reject(
        new Fault(
          isReset ? reason : 'tls_handshake',
          isReset ? 'the server closed the connection during the TLS handshake' : `the TLS handshake failed: ${message}`,
          { code, cause: error },
        ),
      );
    });
    secured.once('close', () => reject(new Fault('connection_reset', 'the server closed the connection during the TLS handshake')));
    // The event comes out of OpenSSL's own call: whoever destroyed the socket right there would free what that call still uses, and crash.
    secured.once('secureConnect', () => setImmediate(resolve, secured));
  });
}
