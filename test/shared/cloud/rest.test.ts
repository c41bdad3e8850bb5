/** Google's REST APIs: a token that is there before the first call. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRest } from '../../../shared/cloud/rest';
import { startPlatformStandIn } from '../../../local/emulators/platform';

/** What google-auth-library asks for: a metadata server with a token. */
async function metadataServer(): Promise<{ port: number; tokens: () => number; close: () => Promise<void> }> {
  let tokens = 0;
  const server = createServer((request, response) => {
    response.setHeader('metadata-flavor', 'Google');
    if (request.url?.includes('/token') === true) {
      tokens += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: `token-${tokens}`, expires_in: 3599, token_type: 'Bearer' }));
    } else response.end('test-project');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    tokens: () => tokens,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const run = promisify(execFile);

// In a process of its own: the client loads modules in ways that Jest's sandbox does not know.
const program = `
  const { createRest } = require('./build/shared/cloud/rest');
  const rest = createRest(undefined);
  const print = (text) => process.stdout.write(text + '\\n');
  rest.ready().then(async () => {
    print('ready');
    print(await rest.accessToken('https://www.googleapis.com/auth/cloud-platform', AbortSignal.timeout(5000)));
  });
`;

test('being ready means to have a token, which is asked for once', async () => {
  const server = await metadataServer();
  const env = {
    ...process.env,
    GCE_METADATA_HOST: `127.0.0.1:${server.port}`,
    METADATA_SERVER_DETECTION: 'assume-present',
    GOOGLE_APPLICATION_CREDENTIALS: '',
    CLOUDSDK_CONFIG: '/nonexistent',
  };
  try {
    const { stdout } = await run(process.execPath, ['-e', program], { cwd: join(__dirname, '../../../..'), env });
    expect(stdout).toBe('ready\ntoken-1\n');
    expect(server.tokens()).toBe(1);
  } finally {
    await server.close();
  }
});

test('a stand-in needs no token', async () => {
  const standIn = await startPlatformStandIn();
  const rest = createRest(standIn.address);
  await rest.ready();
  standIn.put('/run/v2/x', { name: 'x' });
  expect(await rest.get('run', '/v2/x', AbortSignal.timeout(5000))).toEqual({ name: 'x' });
  expect(standIn.requests()).toHaveLength(1);
  await standIn.close();
});

test('a refusal becomes a fault with the status as its code', async () => {
  const standIn = await startPlatformStandIn();
  const rest = createRest(standIn.address);
  for (const [code, reason] of [
    [400, 'config_invalid'],
    [401, 'api_denied'],
    [403, 'api_denied'],
    [404, 'resource_missing'],
    [409, 'api_unavailable'],
  ] as const) {
    standIn.heal();
    standIn.fault({ code, message: 'as told' });
    const call = rest.post('redis', '/v1/x', {}, AbortSignal.timeout(5000));
    await expect(call).rejects.toMatchObject({ reason, message: 'redis: as told', code: String(code) });
  }
  await standIn.close();
});
