/** What the websocket kind makes of an upgrade that is answered with another status. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { probedRaw } from '../support/conversing';
import type { RawServer } from '../support/raw-server';
import { answeringServer } from '../support/upgrading-server';

const answering = (text: string): Promise<RawServer> => answeringServer((socket) => socket.end(text));

describe('an upgrade that is refused', () => {
  test.each([
    [200, '', 'upgrade_rejected', 'application'],
    [204, '', 'upgrade_rejected', 'application'],
    [302, 'Location: https://login.example.com/\r\n', 'upgrade_rejected', 'application'],
    [400, '', 'upgrade_rejected', 'application'],
    [401, '', 'credentials_rejected', 'operator'],
    [403, '', 'permission_denied', 'operator'],
    [404, '', 'upgrade_rejected', 'application'],
    [429, '', 'overloaded', 'infrastructure'],
    [500, '', 'upgrade_rejected', 'application'],
    [502, '', 'bad_gateway', 'infrastructure'],
    [503, '', 'upgrade_rejected', 'application'],
    [503, 'Retry-After: 5\r\n', 'overloaded', 'infrastructure'],
    [503, 'Server: Google Frontend\r\n', 'overloaded', 'infrastructure'],
    [504, '', 'bad_gateway', 'infrastructure'],
  ])('with %i %s', async (status, header, reason, owner) => {
    const result = await probedRaw(answering(`HTTP/1.1 ${status} Said So\r\n${header}Content-Length: 0\r\n\r\n`));
    expect(result).toMatchObject({ outcome: 'failure', reason, owner, phase: 'upgrade', code: String(status) });
    expect(result.message).toMatch(new RegExp(`^the upgrade was answered with ${status} Said So`));
  });

  test('quotes the beginning of a text, on one line', async () => {
    const result = await probedRaw(
      answering(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\nnot\n\n  for   you ${'x'.repeat(5000)}`),
    );
    expect(result.message).toMatch(/^the upgrade was answered with 403 Forbidden: not for you x+…$/);
    expect(result.message.length).toBeLessThan(250);
  });

  describe('repeats a secret', () => {
    // As a key has it that was stored with its line ends.
    const secret = 'begin-of-it  and-much-more\nuntil-the-end';
    let emulator: SecretManagerEmulator;
    beforeAll(async () => {
      emulator = await startSecretManagerEmulator();
      emulator.put('probe-key', { value: secret });
    });
    afterAll(() => emulator.close());

    test.each([
      ['with its blanks', `no: ${secret}`],
      ['where the excerpt ends', `${'x'.repeat(180)} ${secret}`],
      ['where what is considered ends', `${' '.repeat(4096 - 20)}${secret}`],
      ['where a chunk may end', `${' '.repeat(8192 - 20)}${secret}`],
    ])('%s, and shows nothing of it', async (_where, body) => {
      const server = answeringServer((socket) => {
        socket.write('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n');
        socket.write(body.slice(0, -15));
        setTimeout(() => socket.end(body.slice(-15)), 20);
      });
      const headers = { 'X-Key': '${secret:probe-key|base64url}' };
      const result = await probedRaw(server, { headers }, { secretManager: emulator.address });
      expect(result).toMatchObject({ reason: 'permission_denied' });
      for (const part of ['begin', 'much', 'until', 'end']) expect(result.message).not.toContain(part);
    });
  });

  test('does not quote what is no text, nor wait for a body that does not come', async () => {
    const picture = answeringServer((socket) =>
      socket.write('HTTP/1.1 404 Not Found\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nx'),
    );
    expect((await probedRaw(picture)).message).toBe('the upgrade was answered with 404 Not Found');
    const unfinished = answeringServer((socket) => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\nno'));
    expect(await probedRaw(unfinished)).toMatchObject({
      reason: 'credentials_rejected',
      message: 'the upgrade was answered with 401 Unauthorized: no',
    });
  });

  test('counts even when the connection is reset after it', async () => {
    const resetting = answeringServer((socket, _, below) => {
      socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\n');
      setTimeout(() => below.resetAndDestroy(), 20);
    });
    expect(await probedRaw(resetting)).toMatchObject({ reason: 'credentials_rejected', code: '401' });
  });
});
