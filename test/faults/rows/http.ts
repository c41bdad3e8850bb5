/** What the http kind has to say of each fault (RFC 9112, RFC 9113). */
import { frame, frameTypes } from '../../support/h2-frames';
import { commonRows, failure, talkRow, type Row, type Variant } from '../cells';
import { behind, type Moment } from '../proxy';
import { clientHello } from './moments';

/** The body of every good answer, longer than what is said in its place, or else it would be waited for. */
export const body = JSON.stringify({ status: 'ok', padding: 'x'.repeat(200) });
