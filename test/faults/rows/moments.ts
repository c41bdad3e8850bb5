/** Moments that several kinds share. */
import type { Moment } from '../proxy';

/** The server has read the client's hello (RFC 8446, 5.1: a handshake record). */
export const clientHello: Moment = { stage: 'handshake', after: /^\x16/ };
