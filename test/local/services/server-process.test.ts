/** Child processes that start, fail to start, hang, and refuse to end. */
import { startServerProcess } from '../../../local/services/server-process';
import { isRunning } from '../../support/running';

const shell = (script: string): ReturnType<typeof startServerProcess> =>
  startServerProcess({ command: '/bin/sh', args: ['-c', script], cwd: '/' });
const never = (): Promise<void> => Promise.reject(new Error('not yet'));

test('a command that does not exist is an error', async () => {
  await expect(startServerProcess({ command: '/no/such/program', args: [], cwd: '/' })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('one that ends before it is ready is quoted', async () => {
  const server = await shell('echo first; echo the reason >&2; exit 3');
  await expect(server.ready(never, 10_000)).rejects.toThrow(/^sh ended with exit code 3 before it was ready:\n[^]*the reason/);
});

test('one that is never ready is ended, and quoted', async () => {
  const server = await shell('echo waiting; exec sleep 60');
  await expect(server.ready(never, 300)).rejects.toThrow('sh was not ready within 300 ms:\nwaiting');
  expect(isRunning(server.pid)).toBe(false);
  expect(await server.ended).toBe('sh ended by SIGTERM');
});

test('one that becomes ready hands over what the check found', async () => {
  const server = await shell('exec sleep 60');
  let checks = 0;
  const found = await server.ready(async () => {
    checks += 1;
    if (checks < 3) throw new Error('not yet');
    return checks;
  }, 10_000);
  expect(found).toBe(3);
  await server.end('SIGTERM', 5000);
  expect(server.hasEnded()).toBe(true);
});

test('one that ignores the signal is killed', async () => {
  const server = await shell('trap "" TERM; echo deaf; while :; do sleep 0.1; done');
  await server.ready(async () => {
    if (server.lastWords() !== 'deaf') throw new Error('not yet');
  }, 10_000);
  await server.end('SIGTERM', 200);
  await server.end('SIGTERM', 200);
  expect(await server.ended).toBe('sh ended by SIGKILL');
});
