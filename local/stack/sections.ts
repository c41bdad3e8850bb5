/** The targets of the embedded stack: one section of its configuration a kind. */
import { http } from './sections/http';
import { journey } from './sections/journey';
import { platform } from './sections/platform';
import { postgres } from './sections/postgres';
import { redis } from './sections/redis';
import { secrets } from './sections/secrets';
import type { Section } from './sections/section';
import { tcp } from './sections/tcp';
import { websocket } from './sections/websocket';

/** By kind; one without a section has no targets. */
export const sections: Readonly<Record<string, Section>> = { secrets, postgres, redis, websocket, http, tcp, platform, journey };
