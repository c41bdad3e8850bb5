/** The list of kinds: what there is to probe, in the order in which people think of it. */
import type { Kind } from '../shared/probe';
import { kind as http } from './http';
import { kind as journey } from './journey';
import { kind as platform } from './platform';
import { kind as postgres } from './postgres';
import { kind as redis } from './redis';
import { kind as secrets } from './secrets';
import { kind as tcp } from './tcp';
import { kind as websocket } from './websocket';

/** Every kind: its name is its section in the configuration, its function and its label. */
export const kinds: readonly Kind[] = [secrets, postgres, redis, websocket, http, tcp, journey, platform];
