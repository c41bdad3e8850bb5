/** What the probes do, done with nothing but the drivers. */
import { once } from 'node:events';
import { request } from 'node:http';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { aboutServer } from '../../functions/postgres/facts';
import { monotonic } from '../../shared/clock';
import { answerAll } from '../program';

interface Place {
  readonly port: number;
  readonly password?: string;
}

/** What the session is asked to end with is not waited for, as in the probe. */
async function postgres({ port, password }: Place): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'app', database: 'app', password, ssl: false });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN READ ONLY; SET LOCAL statement_timeout = 9900');
  const extended: { text: string; queryMode: string } = { text: 'SELECT 1', queryMode: 'extended' };
  await client.query(extended);
  await client.query(aboutServer);
  void client.end();
}

async function redis({ port }: Place): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, enableReadyCheck: false, enableOfflineQueue: false });
  client.on('error', () => {});
  await client.connect();
  await client.ping();
  await client.info();
  await client.set('bench:key', 'value', 'PX', 60_000);
  await client.get('bench:key');
  await client.del('bench:key');
  client.disconnect();
}

async function websocket({ port }: Place): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(socket, 'open');
  socket.ping();
  await once(socket, 'pong');
  socket.send('{"type":"echo"}');
  await once(socket, 'message');
  socket.close(1000);
  await once(socket, 'close');
}

async function http({ port }: Place): Promise<void> {
  const sent = request({ host: '127.0.0.1', port, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}

/** @returns milliseconds. */
const timed = (work: (place: Place) => Promise<void>) => async (place: Place) => {
  const began = monotonic();
  await work(place);
  return monotonic() - began;
};

const answers = { postgres: timed(postgres), redis: timed(redis), websocket: timed(websocket), http: timed(http) };
export type Bare = typeof answers;

answerAll(answers);
