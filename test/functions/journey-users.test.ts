/** Several users at once: each on its own, and nobody hears what is meant for another. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import { startChat, type Chat } from '../../local/services/chat';
import { httpServer } from '../support/exchanging';
import { serveRaw } from '../support/raw-server';
import { chat, login, said, travelled } from '../support/travelling';

const ada = { email: 'ada@example.com', password: 'correct horse' };
let app: Chat;

beforeAll(async () => {
  app = await startChat({ token: 'token-of-the-application', users: { [ada.email]: ada.password } });
});
afterEach(() => app.setFaults({}));
afterAll(() => app.stop());

const path = (): readonly object[] => [login(app, ada), chat(app)];

describe('users of the chat application', () => {
  test('walk at once, and the slowest counts', async () => {
    const result = await travelled({ users: 3, steps: path() });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(said(result)).toEqual([
      ['login', 'success', 'status 200'],
      ['chat', 'success', '6 steps'],
    ]);
    const [, step] = result.findings;
    expect(result.observed['journey.stepLatencyMs']).toMatchObject({ chat: step?.durationMs });
  });

  test('who hear each other are told by their numbers', async () => {
    await app.setFaults({ crossTalk: true });
    const result = await travelled({ users: 2, steps: path() });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', owner: 'application', phase: 'step' });
    expect(result.message).toMatch(/^chat: user (1 received a message of user 2|2 received a message of user 1)$/);
    expect(result.findings[1]).toMatchObject({ subject: 'chat', outcome: 'failure', reason: 'assertion_failed' });
  });

  test('do not hear those of another run at the same time, whoever else hears them', async () => {
    await app.setFaults({ crossTalk: true });
    const results = await Promise.all([travelled({ steps: path() }), travelled({ steps: path() })]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
  });
});

describe("another user's marker", () => {
  test('is heard also a moment after the own answer came', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        socket.send(JSON.stringify({ type: 'answer' }));
        const others = [...server.clients].filter((other) => other !== socket);
        setTimeout(() => others.forEach((other) => other.send(data.toString())), 60);
      });
    });
    const { port } = server.address() as AddressInfo;
    const steps = [{ send: { note: '${marker}' } }, { expect: "type == 'answer'" }];
    const websocket = { url: `ws://127.0.0.1:${port}/`, ping: false, steps };
    const result = await travelled({ users: 2, timeout: '8s', steps: [{ name: 'chat', websocket }] });
    server.close();
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
    expect(result.message).toMatch(/received a message of user/);
  });

  test('counts in a message that is skipped, in whatever case, after the last expectation, too', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        for (const client of server.clients) {
          if (client === socket) client.send(JSON.stringify({ type: 'answer' }));
          else setTimeout(() => client.send(`${data.toString().toUpperCase()} was said`), 30);
        }
      }),
    );
    const { port } = server.address() as { port: number };
    const websocket = { url: `ws://127.0.0.1:${port}`, steps: [{ send: '${marker}' }, { expect: "type == 'answer'" }] };
    const slow = { ...websocket, steps: [...websocket.steps, { expect: "type == 'never'", within: '1s' }] };
    const last = await travelled({ users: 2, steps: [{ name: 'talk', websocket: slow }] });
    expect(last.message).toMatch(/^talk: user [12] received a message of user [12]$/);
    expect(last.findings[0]?.durationMs).toBeLessThan(900);
    server.close();
    for (const client of server.clients) client.terminate();
    await once(server, 'close');
  });

  test('counts in the body of an answer', async () => {
    let first = '';
    const server = await httpServer((request, response) => {
      void text(request).then((body) => response.end(JSON.stringify({ list: [(first ||= body), body] })));
    });
    const http = { url: `http://127.0.0.1:${server.port}/`, body: 'note ${marker}' };
    const result = await travelled({ users: 2, steps: [{ name: 'notes', http }] });
    await server.close();
    expect(result).toMatchObject({ reason: 'assertion_failed' });
    expect(result.message).toMatch(/^notes: user [12] received a message of user [12]$/);
  });

  test('counts in what comes over TCP, in however small pieces', async () => {
    let first = '';
    const server = await serveRaw((socket) => {
      socket.setNoDelay(true);
      socket.once('data', (data: Buffer) => {
        const lines = `${(first ||= data.toString().trim())}\r\nbye\r\n`;
        for (let at = 0; at < lines.length; at += 1) setTimeout(() => socket.write(lines.charAt(at)), at * 2);
      });
    });
    const tcp = { host: server.host, port: server.port, steps: [{ send: 'note ${marker}\r\n' }, { expect: '^bye' }] };
    const result = await travelled({ users: 2, steps: [{ name: 'notes', tcp }] });
    await server.close();
    expect(result.message).toMatch(/^notes: user [12] received a message of user [12]$/);
  });

  test('is another one in each run, and holds the run and the user', async () => {
    const heard: string[] = [];
    const server = await httpServer((request, response) => {
      heard.push(decodeURIComponent(request.url ?? ''));
      response.end('{}');
    });
    const target = { users: 2, steps: [{ name: 'notes', http: { url: `http://127.0.0.1:${server.port}/\${user}/\${marker}` } }] };
    await travelled(target);
    await travelled(target);
    await server.close();
    expect(new Set(heard).size).toBe(4);
    for (const user of [1, 2])
      expect(heard.filter((url) => new RegExp(`^/${user}/u${user}-test-run-[0-9a-f]{16}$`).test(url))).toHaveLength(2);
  });
});

describe('when one user fails', () => {
  const credentials = { ...ada, password: 'correct ${user}' };
  test('the message names it, and the others go on to the end', async () => {
    const two = await startChat({ token: 'other-token', users: { [ada.email]: 'correct 2' } });
    const result = await travelled({ users: 2, steps: [login(two, credentials), chat(two)] });
    await two.stop();
    expect(result).toMatchObject({ outcome: 'failure', reason: 'credentials_rejected', code: '401' });
    expect(result.message).toMatch(/^login: user 1: the status is 401/);
    expect(said(result)).toEqual([
      ['login', 'failure', expect.stringMatching(/^user 1: the status is 401/)],
      ['chat', 'unknown', 'user 1: skipped: login failed'],
    ]);
    expect(result.observed['websocket.eventLatencyMs']).toHaveProperty('agent_completed');
  });

  test('and others with it, it is said how many', async () => {
    const result = await travelled({ users: 3, steps: [login(app, credentials)] });
    expect(said(result)[0]?.[2]).toMatch(/ \(and 2 more of 3 users\)$/);
  });
});
