/** Moments that several kinds share. */
import type { Moment } from '../proxy';

/** The server has read the client's hello, with which TLS begins. */
export const clientHello: Moment = { stage: 'handshake', after: /[^]/ };
