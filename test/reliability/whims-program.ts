/** A process of its own for servers of whims, so that what they do to themselves is not taken for the prober's doing. */
import type { CertificatePair } from '../../local/services/certificates';
import { whimsicalServer, type Whim } from './whims';

/** What the process is asked for: a server each. */
export interface Wanted {
  readonly whims: readonly Whim[];
  /** With it, all is said inside of TLS. */
  readonly tls?: CertificatePair;
}

if (process.send) {
  process.once('message', (wanted: readonly Wanted[]) => {
    void Promise.all(wanted.map(({ whims, tls }) => whimsicalServer(whims, tls ? { tls } : {}))).then((servers) =>
      process.send?.(servers.map(({ port }) => port)),
    );
  });
  process.once('disconnect', () => process.exit());
}
