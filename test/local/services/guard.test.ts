/** Nothing outlives a program that starts servers, however that program ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRunning } from '../../support/running';
import { until } from '../../support/until';

jest.setTimeout(120_000);

const services = join(__dirname, '../../../local/services');
const program = `
  const { startPostgres } = require(${JSON.stringify(join(services, 'postgres'))});
  const { startRedis } = require(${JSON.stringify(join(services, 'redis'))});
  const { startChatProcess } = require(${JSON.stringify(join(services, 'chat-process'))});
  void (async () => {
    const servers = await Promise.all([startPostgres({ password: 'pw' }), startRedis(), startChatProcess({ token: 't' })]);
    if (process.argv[1] === 'frozen') for (const server of servers) await server.freeze();
    process.stdout.write(JSON.stringify({ pids: servers.map((server) => server.pid), folder: servers[0].socketDirectory }) + '\\n');
    process.stdin.once('data', (what) => {
      if (String(what) === 'throw') throw new Error('on purpose');
      if (String(what) === 'exit') process.exit(3);
      process.stdin.destroy();
    });
  })();
`;

test.each([
  ['running', 'throw'],
  ['running', 'exit'],
  ['running', 'forget to stop'],
  ['running', 'SIGKILL'],
  ['frozen', 'SIGKILL'],
])('servers that are %s end when their program ends by: %s', async (state, end) => {
  const child = spawn(process.execPath, ['-e', program, state], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface(child.stdout), 'line');
  const { pids, folder }: { pids: number[]; folder: string } = JSON.parse(String(line));
  expect(pids.filter(isRunning)).toHaveLength(3);
  if (end === 'SIGKILL') child.kill('SIGKILL');
  else child.stdin.end(end);
  await exited;
  await until(() => !pids.some(isRunning) && !existsSync(dirname(folder)), 30_000);
  expect(pids.filter(isRunning)).toEqual([]);
});
