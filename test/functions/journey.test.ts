/** The journey kind along the chat application's golden path: a login, then an answer in five events. */
import { chatEvents, startChat, type Chat } from '../../local/services/chat';
import { chat, login, said, travelled } from '../support/travelling';

// The limits are the product's own, timeout plus 100 ms: a machine that is busy with something else may miss them.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

const ada = { email: 'ada@example.com', password: 'correct horse' };
let app: Chat;

beforeAll(async () => {
  app = await startChat({ token: 'token-of-the-application', users: { [ada.email]: ada.password }, version: '2.0.0' });
});
afterEach(() => app.setFaults({}));
afterAll(() => app.stop());

const version = (name: string, capture: string): object => ({
  name,
  http: { url: `http://127.0.0.1:${app.port}/version`, expect: { json: ["service == 'chat'"] } },
  capture: { [capture]: 'version' },
});

describe('the golden path', () => {
  test('succeeds with one finding and one latency a step, and one latency an event', async () => {
    const result = await travelled({
      steps: [
        login(app, ada),
        chat(app),
        version('frontend', 'frontendVersion'),
        version('backend', 'backendVersion'),
        { name: 'versions', assert: 'frontendVersion == backendVersion' },
      ],
    });
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
  });
});
