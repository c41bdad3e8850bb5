/** The chat application serves its users, and breaks on demand; in this process and as one of its own. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClientOptions, WebSocket } from 'ws';
import { createAuthority } from '../../../local/services/certificates';
import { chatEvents, startChat } from '../../../local/services/chat';
import type { ChatOptions } from '../../../local/services/chat-faults';
import { startChatProcess } from '../../../local/services/chat-process';
import { isRunning } from '../../support/running';
import { until } from '../../support/until';

const token = 'a token, with / and +';
const bearer = { headers: { authorization: `Bearer ${token}` } };
const subprotocols = ['jwt-auth', `jwt.${Buffer.from(token).toString('base64url')}`];
type Steered = Awaited<ReturnType<typeof startChatProcess>> | Awaited<ReturnType<typeof startChat>>;

describe.each([
  ['in this process', startChat],
  ['in a process of its own', startChatProcess],
])('the chat application %s', (_, start: (options: ChatOptions) => Promise<Steered>) => {
  let chat: Steered;
  let url: string;
  const sockets: WebSocket[] = [];
  beforeEach(async () => {
    chat = await start({ token, users: { 'ann@example.com': 'her password' }, version: '2.0.0' });
    url = `${chat.host}:${chat.port}`;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await chat.stop();
  });

  const open = async (protocols: string[] = [], options: ClientOptions = {}): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://${url}/ws`, protocols, options);
    sockets.push(socket);
    await once(socket, 'open');
    return socket;
  };
  const refusal = async (options: ClientOptions = bearer): Promise<IncomingMessage> => {
    const socket = new WebSocket(`ws://${url}/ws`, options);
    socket.on('error', () => undefined);
    const [request, response]: [{ destroy(): void }, IncomingMessage] = await new Promise((resolve) => {
      socket.on('unexpected-response', (...both) => resolve(both));
    });
    request.destroy();
    return response;
  };
  const get = (path: string): Promise<Response> => fetch(`http://${url}${path}`, { headers: { connection: 'close' } });

  test('lets in by header or by subprotocol, and nobody else', async () => {
    expect((await open([], bearer)).protocol).toBe('');
    expect((await open(subprotocols)).protocol).toBe('jwt-auth');
    expect((await refusal({})).statusCode).toBe(401);
    expect((await refusal({ headers: { authorization: 'Bearer other' } })).statusCode).toBe(401);
    await chat.setToken('new');
    expect((await refusal()).statusCode).toBe(401);
    await open([], { headers: { authorization: 'Bearer new' } });
  });

  test('answers a question with its events in order, to the asker alone', async () => {
    const [ann, bob] = [await open(subprotocols), await open(subprotocols)];
    const [toAnn, toBob] = [collect(ann), collect(bob)];
    ann.send(JSON.stringify({ type: 'chat', text: 'say m-1', marker: 'm-1' }));
    bob.send(JSON.stringify({ type: 'chat', text: 'say m-2' }));
    await until(() => toAnn.length === 5 && toBob.length === 5);
    expect(toAnn.map(({ type }) => type)).toEqual([...chatEvents]);
    expect(toAnn.every(({ marker }) => marker === 'm-1')).toBe(true);
    expect(toAnn[4]).toMatchObject({ text: 'You said: say m-1' });
    expect(toBob[4]).toEqual({ type: 'agent_completed', text: 'You said: say m-2' });
    ann.send('no JSON');
    await until(() => toAnn.length === 6);
    expect(toAnn[5]).toMatchObject({ type: 'error' });
  });

  test('answers pings', async () => {
    const socket = await open(subprotocols);
    socket.ping('x');
    const [data] = await once(socket, 'pong');
    expect(String(data)).toBe('x');
  });

  test('tells its health', async () => {
    expect(await (await get('/health')).json()).toMatchObject({ status: 'healthy', version: '2.0.0' });
    const ready = { status: 'ready', core_db: 'connected', websocket_readiness: { websocket_ready: true } };
    expect(await (await get('/health/ready')).json()).toMatchObject(ready);
    expect((await get('/nowhere')).status).toBe(404);
    await chat.setFaults({ http: { '/health/ready': { status: 503, body: { status: 'starting' } } } });
    const starting = await get('/health/ready');
    expect([starting.status, await starting.json()]).toEqual([503, { status: 'starting' }]);
    expect((await get('/health')).status).toBe(200);
    await chat.setFaults({ http: { '/health': { hang: true } } });
    await expect(fetch(`http://${url}/health`, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
  });

  test('hands out the token to those who log in', async () => {
    const welcome = await logIn(url, { email: 'ann@example.com', password: 'her password' });
    expect(await welcome.json()).toMatchObject({ access_token: token });
    expect((await logIn(url, { email: 'ann@example.com', password: 'other' })).status).toBe(401);
    expect((await logIn(url, { email: 'toString', password: 'x' })).status).toBe(401);
    expect((await logIn(url, '?')).status).toBe(400);
  });

  test.each([1011, 1013])('closes connections with %i on demand, open ones too', async (code) => {
    const before = await open(subprotocols);
    const closed = once(before, 'close');
    await chat.setFaults({ closeWith: code });
    expect((await closed)[0]).toBe(code);
    const after = await open(subprotocols);
    expect((await once(after, 'close'))[0]).toBe(code);
  });

  test.each([401, 403, 429, 502, 503, 504])('refuses upgrades with %i on demand', async (status) => {
    await chat.setFaults({ rejectWith: { status } });
    expect((await refusal()).statusCode).toBe(status);
    await chat.setFaults({ rejectWith: { status, retryAfter: 7 } });
    expect((await refusal()).headers['retry-after']).toBe('7');
    await chat.setFaults({});
    await open([], bearer);
  });

  test('chooses the wrong subprotocol, or none, on demand', async () => {
    await chat.setFaults({ subprotocol: subprotocols[1] });
    expect((await open(subprotocols)).protocol).toBe(subprotocols[1]);
    await chat.setFaults({ subprotocol: null });
    await expect(open(subprotocols)).rejects.toThrow('Server sent no subprotocol');
  });

  test('goes silent on demand', async () => {
    await chat.setFaults({ silent: 'messages' });
    const socket = await open(subprotocols);
    const heard = collect(socket);
    let pongs = 0;
    socket.on('pong', () => (pongs += 1));
    socket.ping();
    socket.send(JSON.stringify({ type: 'chat', text: 'anybody?' }));
    await delay(200);
    expect([heard.length, pongs]).toEqual([0, 0]);
    await chat.setFaults({ silent: 'upgrade' });
    const waiting = new WebSocket(`ws://${url}/ws`, { ...bearer, handshakeTimeout: 300 });
    const [error] = await once(waiting, 'error');
    expect(String(error)).toMatch('handshake has timed out');
  });

  test('loses the headers of a login on demand, as a load balancer may', async () => {
    await chat.setFaults({ dropHeaders: ['Authorization'] });
    expect((await refusal()).statusCode).toBe(401);
    expect((await open(subprotocols)).protocol).toBe('jwt-auth');
    await chat.setFaults({ dropHeaders: ['Sec-WebSocket-Protocol'] });
    expect((await open([], bearer)).protocol).toBe('');
    await expect(open(subprotocols)).rejects.toThrow('401');
  });

  test('stops in the middle of an answer, and mixes up its users, on demand', async () => {
    await chat.setFaults({ eventsAtMost: 2, crossTalk: true });
    const [ann, bob] = [await open(subprotocols), await open(subprotocols)];
    const toBob = collect(bob);
    ann.send(JSON.stringify({ type: 'chat', text: 'hello', marker: 'm' }));
    await until(() => toBob.length === 2);
    await delay(100);
    expect(toBob).toEqual([
      { type: 'agent_started', marker: 'm' },
      { type: 'agent_thinking', marker: 'm' },
    ]);
  });

  test('mixes up the order of its events on demand', async () => {
    await chat.setFaults({ eventsSwapped: true });
    const socket = await open(subprotocols);
    const events = collect(socket);
    socket.send(JSON.stringify({ type: 'chat', text: 'hello' }));
    await until(() => events.length === chatEvents.length);
    expect(events.map((event) => (event as { type: string }).type)).toEqual([
      'agent_started',
      'agent_thinking',
      'tool_completed',
      'tool_executing',
      'agent_completed',
    ]);
  });

  test('says goodbye when it stops, to those who listen and those who do not', async () => {
    const polite = await open(subprotocols);
    const rude = await open(subprotocols);
    rude.pause();
    const closed = once(polite, 'close');
    await chat.stop();
    expect((await closed)[0]).toBe(1001);
    await chat.stop();
    await expect(fetch(`http://${url}/health`)).rejects.toThrow('fetch failed');
  });

  test('does not start on a port that is taken', async () => {
    await expect(start({ token, port: chat.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the chat application', () => {
  test('speaks TLS, with a certificate that can be changed', async () => {
    const [first, second] = [await createAuthority('first'), await createAuthority('second')];
    const chat = await startChatProcess({ token, tls: await first.issue() });
    const met = async (ca: string): Promise<string> => {
      const socket = new WebSocket(`wss://localhost:${chat.port}/ws`, { ...bearer, ca });
      const outcome = await new Promise<string>((resolve) => {
        socket.on('open', () => resolve('open')).on('error', (error) => resolve(error.message));
      });
      socket.terminate();
      return outcome;
    };
    try {
      expect(await met(first.certificate)).toBe('open');
      await chat.setCertificate(await second.issue());
      expect(await met(first.certificate)).toMatch('unable to verify');
      expect(await met(second.certificate)).toBe('open');
    } finally {
      await chat.stop();
    }
  });

  test('frozen, its process answers nothing; stopped, it is gone', async () => {
    const chat = await startChatProcess({ token });
    await chat.freeze();
    const attempt = fetch(`http://${chat.host}:${chat.port}/health`, { signal: AbortSignal.timeout(300) });
    await expect(attempt).rejects.toThrow('timeout');
    chat.thaw();
    expect((await fetch(`http://${chat.host}:${chat.port}/health`)).status).toBe(200);
    await chat.freeze();
    await chat.stop();
    expect(isRunning(chat.pid)).toBe(false);
  });
});

function collect(socket: WebSocket): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  return messages;
}

async function logIn(host: string, body: unknown): Promise<Response> {
  return fetch(`http://${host}/auth/login`, { method: 'POST', body: JSON.stringify(body), headers: { connection: 'close' } });
}
