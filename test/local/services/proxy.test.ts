import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { type Authority, createAuthority } from '../../../local/services/certificates';
import { type Chat, startChat } from '../../../local/services/chat';
import { type Proxy, startProxy } from '../../../local/services/proxy';
import { until } from '../../support/until';

const token = 'the token';
const bearer = { authorization: `Bearer ${token}` };
const subprotocols = ['jwt-auth', `jwt.${Buffer.from(token).toString('base64url')}`];

let authority: Authority;
let chat: Chat;
let proxy: Proxy;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  authority = await createAuthority();
});
beforeEach(async () => {
  chat = await startChat({ token, users: { 'ann@example.com': 'her password' }, tls: await authority.issue() });
  proxy = await startProxy({ tls: await authority.issue(), to: chat, ca: authority.certificate });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await proxy.stop();
  await chat.stop();
});

function connect(protocols: string[], headers: Readonly<Record<string, string>> = {}): WebSocket {
  const socket = new WebSocket(`wss://127.0.0.1:${proxy.port}/ws`, protocols, { headers, ca: authority.certificate });
  sockets.push(socket);
  return socket;
}

/** How an upgrade is answered: 101, or the status of its refusal. */
async function statusOf(protocols: string[], headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const socket = connect(protocols, headers);
  socket.on('error', () => undefined);
  return Promise.race([
    once(socket, 'open').then(() => 101),
    new Promise<number | undefined>((resolve) => {
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
    }),
  ]);
}

async function ask(path: string, method = 'GET', body = ''): Promise<[IncomingMessage, string]> {
  const asked = request({ host: '127.0.0.1', port: proxy.port, ca: authority.certificate, path, method, agent: false });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return [answer, await text(answer)];
}

test('requests and answers pass with their path, body, status and headers', async () => {
  const [health, document] = await ask('/health?now');
  expect(health.statusCode).toBe(200);
  expect(health.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(document).toContain('"status":"healthy"');
  const [login, answer] = await ask('/auth/login', 'POST', '{"email":"ann@example.com","password":"her password"}');
  expect([login.statusCode, answer]).toEqual([200, `{"access_token":"${token}","token_type":"bearer"}`]);
  expect((await ask('/nothing'))[0].statusCode).toBe(404);
  expect((await ask('//'))[0].statusCode).toBe(404);
});

test('upgrades pass in both ways of logging in, and messages after them', async () => {
  expect(await statusOf([], bearer)).toBe(101);
  const socket = connect(subprotocols);
  await once(socket, 'open');
  expect(socket.protocol).toBe('jwt-auth');
  socket.send('{"type":"chat","text":"ping"}');
  const [first] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(first.toString())).toEqual({ type: 'agent_started' });
  socket.close(1000);
  await once(socket, 'close');
});

test('refusals and goodbyes of the application pass', async () => {
  expect(await statusOf([])).toBe(401);
  await chat.setFaults({ rejectWith: { status: 503, retryAfter: 5 } });
  expect(await statusOf(subprotocols)).toBe(503);
  await chat.setFaults({ closeWith: 1011 });
  expect(await once(connect(subprotocols), 'close')).toEqual([1011, Buffer.alloc(0)]);
});

test('headers that are taken away do not arrive, others do', async () => {
  proxy.strip(['Authorization']);
  expect(await statusOf([], bearer)).toBe(401);
  expect(await statusOf(subprotocols)).toBe(101);
  proxy.strip(['Authorization', 'Sec-WebSocket-Protocol']);
  expect(await statusOf(subprotocols)).toBe(401);
  proxy.strip([]);
  expect(await statusOf([], bearer)).toBe(101);
});

test('an application that is gone is told as 502', async () => {
  await chat.stop();
  const [answer] = await ask('/health');
  expect(answer.statusCode).toBe(502);
  expect(await statusOf(subprotocols)).toBe(502);
});

test('a client that leaves, leaves the application as well, and the other way round', async () => {
  const leaving = connect(subprotocols);
  await once(leaving, 'open');
  leaving.terminate();
  await until(() => chat.connections() === 0);
  const left = connect(subprotocols);
  await once(left, 'open');
  await chat.stop();
  expect(await once(left, 'close')).toEqual([1001, Buffer.alloc(0)]);
});

test('new connections see the new certificate', async () => {
  proxy.setCertificate(await authority.issue({ notAfter: new Date('2020-01-01') }));
  await expect(ask('/health')).rejects.toThrow('certificate has expired');
  proxy.setCertificate(await authority.issue());
  expect((await ask('/health'))[0].statusCode).toBe(200);
});

test('stopping cuts what is open, and can be asked for twice', async () => {
  const socket = connect(subprotocols);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await proxy.stop();
  await proxy.stop();
  expect((await closed)[0]).toBe(1006);
});
