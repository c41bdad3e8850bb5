/** All rows of the fault matrix, kind by kind. */
import type { Row } from './cells';
import { httpRows } from './rows/http';
import { journeyRows } from './rows/journey';
import { postgresRows } from './rows/postgres';
import { redisRows } from './rows/redis';
import { tcpRows } from './rows/tcp';
import { websocketRows } from './rows/websocket';

export const rows: readonly Row[] = [...tcpRows, ...httpRows, ...websocketRows, ...postgresRows, ...redisRows, ...journeyRows];
