/** The journey kind along the chat application's golden path: a login, then an answer in five events. */
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { chatEvents, startChat, type Chat } from '../../local/services/chat';
import { chat, login, said, travelled } from '../support/travelling';

const ada = { email: 'ada@example.com', password: 'correct horse' };
let app: Chat;

beforeAll(async () => {
  app = await startChat({
    token: 'token-of-the-application',
    users: { [ada.email]: ada.password, 'user1@example.com': 'password-of-one', 'user2@example.com': 'password-of-two' },
    version: '2.0.0',
  });
});
afterEach(() => app.setFaults({}));
afterAll(() => app.stop());

const version = (name: string, capture: string): object => ({
  name,
  http: { url: `http://127.0.0.1:${app.port}/version`, expect: { json: ["service == 'chat'"] } },
  capture: { [capture]: 'version' },
});
const versions = { name: 'versions', assert: 'frontendVersion == backendVersion' };

describe('the golden path', () => {
  test('succeeds with one finding and one latency a step, and one latency an event', async () => {
    const steps = [login(app, ada), chat(app), version('frontend', 'frontendVersion'), version('backend', 'backendVersion'), versions];
    const result = await travelled({ steps });
    expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null });
    expect(said(result)).toEqual([
      ['login', 'success', 'status 200'],
      ['chat', 'success', '6 steps'],
      ['frontend', 'success', 'status 200'],
      ['backend', 'success', 'status 200'],
      ['versions', 'success', 'true'],
    ]);
    expect(Object.keys(result.phases)).toEqual(['step']);
    expect(Object.keys(result.observed['journey.stepLatencyMs'] ?? {})).toEqual(['login', 'chat', 'frontend', 'backend', 'versions']);
    expect(Object.keys(result.observed['websocket.eventLatencyMs'] ?? {})).toEqual(chatEvents);
    expect(result.observed['websocket.pingMs']).toEqual(expect.any(Number));
  });

  test('ends where an event does not come, with those that came', async () => {
    await app.setFaults({ eventsAtMost: 2 });
    const result = await travelled({ steps: [login(app, ada), chat(app), version('after', 'v')], timeout: '800ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'step', domain: 'service', owner: 'application' });
    expect(result.message).toMatch(/^chat: tool_executing: no message matched within \d+ ms; 0 skipped$/);
    expect(said(result)).toEqual([
      ['login', 'success', 'status 200'],
      ['chat', 'failure', expect.stringMatching(/^tool_executing: /)],
      ['after', 'unknown', 'skipped: chat failed'],
    ]);
    expect(result.findings.map(({ reason }) => reason)).toEqual([null, 'timeout', null]);
    expect(Object.keys(result.observed['websocket.eventLatencyMs'] ?? {})).toEqual(['agent_started', 'agent_thinking']);
    expect(Object.keys(result.observed['journey.stepLatencyMs'] ?? {})).toEqual(['login']);
    expect(result.durationMs).toBeLessThan(900);
  });

  test('says of an event that it came before its turn', async () => {
    await app.setFaults({ eventsSwapped: true });
    const result = await travelled({ steps: [login(app, ada), chat(app)], timeout: '800ms' });
    expect(result.message).toMatch(
      /^chat: tool_completed: no message matched within \d+ ms; 1 skipped \(agent_completed\); one came before its turn$/,
    );
  });

  test('says of an event out of order what came in its place', async () => {
    const steps = [
      { send: { type: 'chat', text: 'hello' } },
      { expect: "type == 'agent_thinking'", name: 'thinking' },
      { expect: "type == 'agent_started'", name: 'started', within: '400ms' },
    ];
    const subprotocols = ['jwt-auth', 'jwt.${token|base64url}'];
    const websocket = { url: `ws://127.0.0.1:${app.port}/ws`, subprotocols, steps };
    const result = await travelled({ steps: [login(app, ada), { name: 'talk', websocket }] });
    expect(result.message).toBe(
      'talk: started: no message matched within 400 ms; 3 skipped (tool_executing, tool_completed, agent_completed); one came before its turn',
    );
  });

  test.each([
    [{ http: { '/auth/login': { status: 503 } } }, 'login', 'unexpected_status', '503'],
    [{ http: { '/auth/login': { status: 502 } } }, 'login', 'bad_gateway', '502'],
    [{ http: { '/auth/login': { body: { token: 'elsewhere' } } } }, 'login', 'assertion_failed', null],
    [{ rejectWith: { status: 503, retryAfter: 5 } }, 'chat', 'overloaded', '503'],
    [{ dropHeaders: ['sec-websocket-protocol'] }, 'chat', 'credentials_rejected', '401'],
    [{ closeWith: 1011 }, 'chat', 'unexpected_close', '1011'],
    [{ http: { '/version': { body: { service: 'other' } } } }, 'frontend', 'assertion_failed', null],
  ])('fails by %j in the step %s as %s', async (faults, step, reason, code) => {
    await app.setFaults(faults);
    const result = await travelled({ steps: [login(app, ada), chat(app), version('frontend', 'v')] });
    expect(result).toMatchObject({ outcome: 'failure', reason, code, phase: 'step', message: expect.stringMatching(`^${step}: `) });
    expect(result.findings.find(({ outcome }) => outcome === 'failure')).toMatchObject({ subject: step, reason });
  });

  test('of wrong credentials is told as such', async () => {
    const result = await travelled({ steps: [login(app, { ...ada, password: 'wrong' }), chat(app)] });
    expect(result).toMatchObject({ reason: 'credentials_rejected', owner: 'operator', code: '401' });
    expect(said(result).at(-1)).toEqual(['chat', 'unknown', 'skipped: login failed']);
  });
});

describe('an assertion', () => {
  test('passes by exactly true alone', async () => {
    for (const [assert, message] of [
      ["version == '1.0.0'", "version == '1.0.0' is not true"],
      ['version', 'version is not true'],
      ['length(parts) > `0`', 'length(parts) > `0` is not true'],
    ]) {
      const capture = { version: 'version', parts: 'service | length(@)' };
      const about = { name: 'about', http: { url: `http://127.0.0.1:${app.port}/version` }, capture };
      const result = await travelled({ steps: [about, { name: 'same', assert }] });
      expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', message: `same: ${message}` });
    }
  });

  test('sees captures as they are in JSON, and the user', async () => {
    const about = {
      name: 'about',
      http: { url: `http://127.0.0.1:${app.port}/health/infrastructure` },
      capture: { all: '@', n: 'length(@)' },
    };
    const assert = 'all.vpc_connectivity.overall && n > `3` && user == `1` && length(marker) > `20`';
    expect(await travelled({ steps: [about, { name: 'same', assert }] })).toMatchObject({ outcome: 'success' });
  });
});

test('a pause takes its time', async () => {
  const result = await travelled({ steps: [{ name: 'rest', pause: '300ms' }, login(app, ada)] });
  expect(result).toMatchObject({ outcome: 'success' });
  expect(result.findings[0]).toMatchObject({ subject: 'rest', outcome: 'success', message: 'paused' });
  expect(result.durationMs).toBeGreaterThan(290);
});

test('each user has secrets of its own, and none is shown, nor what was captured', async () => {
  const secrets = await startSecretManagerEmulator();
  for (const [user, word] of [
    [1, 'one'],
    [2, 'two'],
  ]) {
    secrets.put(`probe-user-${user}-email`, { value: `user${user}@example.com` });
    secrets.put(`probe-user-${user}-password`, { value: `password-of-${word}` });
  }
  const credentials = { email: '${secret:probe-user-${user}-email}', password: '${secret:probe-user-${user}-password}' };
  const options = { secretManager: secrets.address };
  const result = await travelled({ users: 2, steps: [login(app, credentials), chat(app)] }, options);
  expect(result).toMatchObject({ outcome: 'success' });
  expect(Object.keys(result.observed['secret.versions'] ?? {})).toHaveLength(4);

  await app.setFaults({
    http: { '/auth/login': { status: 401, body: { said: 'user2@example.com password-of-two token-of-the-application' } } },
  });
  const refused = await travelled({ users: 2, steps: [login(app, credentials), chat(app)] }, options);
  expect(refused).toMatchObject({ outcome: 'failure', reason: 'credentials_rejected' });
  const missing = await travelled({ users: 3, steps: [login(app, credentials)] }, options);
  expect(missing).toMatchObject({ outcome: 'unknown', reason: 'secret_unavailable', message: expect.stringContaining('probe-user-3') });
  await secrets.close();
  for (const shown of [result, refused, missing].map((one) => JSON.stringify(one)))
    expect(shown).not.toMatch(/user\d@example|password-of|"token-of-the-application/);
});
