/** The websocket kind against a real chat application: who is let in, what is observed, and the application's own faults. */
import { kind, probe } from '../../functions/websocket';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { createAuthority } from '../../local/services/certificates';
import { startChat, type Chat } from '../../local/services/chat';
import type { ChatFaults } from '../../local/services/chat-faults';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { refusingPort } from '../support/raw-server';

const websocket = { kind, probe };
const token = 'a-token/of+ours';
const subprotocols = ['jwt-auth', `jwt.${Buffer.from(token).toString('base64url')}`];
const headers = { Authorization: `Bearer ${token}` };
const steps = [
  { send: { type: 'chat', text: 'ping' } },
  { expect: "type == 'agent_started'", within: '5s', name: 'agent_started' },
  { expect: "type == 'agent_completed'", within: '5s', name: 'agent_completed', capture: { answer: 'text' } },
];

let chat: Chat;
let url: string;
let emulator: SecretManagerEmulator;
beforeAll(async () => {
  chat = await startChat({ token });
  url = `ws://127.0.0.1:${chat.port}/ws`;
  emulator = await startSecretManagerEmulator();
});
afterEach(() => chat.setFaults({}));
afterAll(async () => {
  await chat.stop();
  await emulator.close();
});

describe('a dialogue', () => {
  test('passes, with every fact, and ends in good order', async () => {
    const leaks = await watchLeaks();
    const result = await probeOne(websocket, { url, headers, steps });
    expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null, code: null, message: 'ok', warnings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'upgrade', 'message']);
    expect(result.observed).toEqual({
      'address.ip': '127.0.0.1',
      'websocket.subprotocol': null,
      'websocket.pingMs': expect.any(Number),
      'websocket.eventLatencyMs': { agent_started: expect.any(Number), agent_completed: expect.any(Number) },
    });
    expect(result.findings).toMatchObject([
      { subject: 'steps[0]', outcome: 'success', reason: null, message: 'sent' },
      { subject: 'agent_started', outcome: 'success', message: 'matched' },
      { subject: 'agent_completed', outcome: 'success', message: 'matched; 3 skipped' },
    ]);
    await leaks.assertNothingLeft();
    expect(chat.connections()).toBe(0);
  });

  test('sends what an earlier step captured', async () => {
    const further = [
      ...steps,
      { send: { type: 'chat', text: 'again: ${answer}' } },
      { expect: "text == 'You said: again: ${answer}'", name: 'again' },
    ];
    const { outcome, observed } = await probeOne(websocket, { url, headers, steps: further });
    expect(outcome).toBe('success');
    expect(Object.keys(observed['websocket.eventLatencyMs'] ?? {})).toEqual(['agent_started', 'agent_completed', 'again']);
  });

  test('is let in by subprotocols, with a secret that no text shows', async () => {
    emulator.put('probe-token', { value: token });
    const target = { url, subprotocols: ['jwt-auth', 'jwt.${secret:probe-token|base64url}'], expect: { subprotocol: 'jwt-auth' } };
    const result = await probeOne(websocket, target, { secretManager: emulator.address });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'websocket.subprotocol': 'jwt-auth' } });
    await chat.setFaults({ subprotocol: subprotocols[1] });
    const echoed = await probeOne(websocket, target, { secretManager: emulator.address });
    expect(echoed).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
    expect(JSON.stringify([result, echoed])).not.toContain(token);
    expect(JSON.stringify([result, echoed])).not.toContain(subprotocols[1]?.slice(4));
  });

  test('needs neither ping nor steps: then the upgrade is the last phase', async () => {
    const result = await probeOne(websocket, { url, headers, ping: false });
    expect(result).toMatchObject({ outcome: 'success', findings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'upgrade']);
    expect(result.observed).not.toHaveProperty(['websocket.pingMs']);
  });

  test('works over TLS, and sees the certificate', async () => {
    const authority = await createAuthority();
    const secure = await startChat({ token, tls: await authority.issue() });
    const target = { url: `wss://localhost:${secure.port}/ws`, subprotocols, tls: { ca: authority.certificate } };
    const result = await probeOne(websocket, { ...target, steps, warn: { minCertificateValidity: '21d' } });
    const expiring = await probeOne(websocket, { ...target, warn: { minCertificateValidity: '400d' } });
    await secure.stop();
    expect(result).toMatchObject({ outcome: 'success', observed: { 'tls.protocol': 'TLSv1.3' } });
    expect(result.observed['tls.daysUntilExpiry']).toBeGreaterThan(360);
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'upgrade', 'message']);
    expect(expiring).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring', phase: 'message' });
  });
});

describe('a login', () => {
  test.each([
    ['nothing', {}],
    ['another token', { headers: { Authorization: 'Bearer other-token' } }],
    ['another subprotocol', { subprotocols: ['jwt-auth', 'jwt.b3RoZXI'] }],
  ])('with %s is refused', async (_, login) => {
    expect(await probeOne(websocket, { url, ...login })).toMatchObject({
      outcome: 'failure',
      reason: 'credentials_rejected',
      domain: 'credentials',
      owner: 'operator',
      phase: 'upgrade',
      code: '401',
      message: 'the upgrade was answered with 401 Unauthorized',
    });
  });

  test('that is chosen none of its subprotocols, or one that it did not offer, is no success', async () => {
    await chat.setFaults({ subprotocol: null });
    const none = await probeOne(websocket, { url, subprotocols });
    expect(none).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', phase: 'upgrade', owner: 'application' });
    expect(none.observed['websocket.subprotocol']).toBeNull();
    await chat.setFaults({ subprotocol: 'other' });
    expect(await probeOne(websocket, { url, subprotocols })).toMatchObject({
      reason: 'assertion_failed',
      phase: 'upgrade',
      observed: { 'websocket.subprotocol': 'other' },
    });
  });

  test('is held against the subprotocol that is expected', async () => {
    const wanted = { subprotocol: 'other' };
    expect(await probeOne(websocket, { url, subprotocols, expect: wanted })).toMatchObject({
      outcome: 'failure',
      reason: 'assertion_failed',
      message: 'websocket.subprotocol is "jwt-auth", expected "other"',
    });
    expect(await probeOne(websocket, { url, headers, warn: wanted })).toMatchObject({ outcome: 'degraded', reason: 'assertion_failed' });
  });
});

describe('a fault of the application', () => {
  test.each<[string, ChatFaults, Record<string, unknown>]>([
    ['closes with 1011', { closeWith: 1011 }, { reason: 'unexpected_close', code: '1011', phase: 'message', owner: 'application' }],
    ['closes with 1013', { closeWith: 1013 }, { reason: 'overloaded', code: '1013', phase: 'message', owner: 'infrastructure' }],
    ['answers 503 for now', { rejectWith: { status: 503, retryAfter: 9 } }, { reason: 'overloaded', code: '503', phase: 'upgrade' }],
    ['answers 502', { rejectWith: { status: 502 } }, { reason: 'bad_gateway', code: '502', phase: 'upgrade' }],
    ['does not answer the upgrade', { silent: 'upgrade' }, { reason: 'timeout', phase: 'upgrade' }],
    ['does not answer the ping', { silent: 'messages' }, { reason: 'timeout', phase: 'message' }],
    ['stops amid an answer', { eventsAtMost: 2 }, { reason: 'timeout', phase: 'message' }],
  ])('%s', async (_, faults, expected) => {
    await chat.setFaults(faults);
    const result = await probeOne(websocket, {
      url,
      headers,
      steps: steps.map((step) => ({ ...step, ...('within' in step && { within: '300ms' }) })),
      timeout: '600ms',
    });
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    expect(result.durationMs).toBeLessThan(700);
  });
});

describe('a comparison', () => {
  let front: Chat;
  let target: Record<string, unknown>;
  beforeAll(async () => {
    front = await startChat({ token });
    target = { url: `ws://127.0.0.1:${front.port}/ws`, compareWith: { url } };
  });
  afterEach(() => front.setFaults({}));
  afterAll(() => front.stop());

  test.each<[string, ChatFaults, Record<string, unknown>]>([
    ['the header', { dropHeaders: ['Authorization'] }, { headers }],
    ['the subprotocols', { dropHeaders: ['Sec-WebSocket-Protocol'] }, { subprotocols }],
    ['the choice of the subprotocol', { subprotocol: null }, { subprotocols }],
  ])('shows that something in front takes %s away, and keeps the facts of the way that failed', async (_, faults, login) => {
    await front.setFaults(faults);
    const leaks = await watchLeaks();
    const result = await probeOne(websocket, { ...target, ...login });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'headers_stripped',
      domain: 'gateway',
      owner: 'infrastructure',
      phase: 'upgrade',
      message: expect.stringContaining('the service lets the same handshake in'),
    });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'upgrade']);
    expect(result.observed['websocket.subprotocol'] ?? null).toBeNull();
    await leaks.assertNothingLeft();
  });

  test('leaves a refusal as it is where the service refuses, too, can not be reached, or is silent', async () => {
    await front.setFaults({ dropHeaders: ['Authorization'] });
    const refused = { reason: 'credentials_rejected', code: '401', phase: 'upgrade' };
    const wrong = { ...target, headers: { Authorization: 'Bearer other-token' } };
    expect(await probeOne(websocket, wrong)).toMatchObject(refused);
    const nobody = await refusingPort();
    expect(await probeOne(websocket, { ...target, headers, compareWith: { url: `ws://127.0.0.1:${nobody.port}/` } })).toMatchObject(
      refused,
    );
    await nobody.close();
    await chat.setFaults({ silent: 'upgrade' });
    const late = await probeOne(websocket, { ...target, headers, timeout: '400ms' });
    expect(late).toMatchObject(refused);
    expect(late.durationMs).toBeLessThan(500);
  });

  test('may take headers of its own', async () => {
    const given = { ...target, headers: { Authorization: 'Bearer other-token' }, compareWith: { url, headers } };
    expect(await probeOne(websocket, given)).toMatchObject({ reason: 'headers_stripped' });
  });

  test('is not made for a gateway that fails or a service that is overloaded', async () => {
    await front.setFaults({ rejectWith: { status: 502 } });
    expect(await probeOne(websocket, { ...target, headers })).toMatchObject({ reason: 'bad_gateway' });
    await front.setFaults({ rejectWith: { status: 429 } });
    expect(await probeOne(websocket, { ...target, headers })).toMatchObject({ reason: 'overloaded' });
  });
});
