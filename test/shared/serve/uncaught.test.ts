/** Errors that nobody catches, under the real framework in a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import domain from 'node:domain';
import { temporaryFolder } from '../../../local/services/temporary-folder';
import { startFunction, type FunctionProcess } from '../../../local/stack/function-process';
import { avoidDomains } from '../../../shared/serve/uncaught';
import { host } from '../../support/framework';

const source = `
const { createHandler } = require(${JSON.stringify(resolve(__dirname, '../../../shared/serve/handler.js'))});
const { EventEmitter } = require('node:events');
const wild = {
  timer: () => setTimeout(() => { throw new Error('thrown in a timer'); }, 5),
  event: () => setImmediate(() => new EventEmitter().emit('error', new Error('an event that nobody listens to'))),
  rejection: () => void Promise.reject(new Error('a rejection that nobody handles')),
  after: (response) => { response.send('done'); setTimeout(() => { throw new Error('thrown after the answer'); }, 5); },
  half: (response) => { response.write('half'); setTimeout(() => { throw new Error('thrown in the midst'); }, 5); },
  slow: (response) => setTimeout(() => response.send('slow, and whole'), 1000),
  healthy: (response) => response.send('healthy'),
};
exports.wild = createHandler(
  { name: 'wild', start: () => async (request, response) => void wild[request.query.do](response) }, [], __dirname);
`;

let folder: string;
let started: FunctionProcess;
const ask = (what: string): Promise<Response> => fetch(`${started.url()}?do=${what}`);

beforeAll(async () => {
  folder = await temporaryFolder('vpc-synthetics-uncaught-');
  writeFileSync(join(folder, 'index.js'), source);
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'config.json'), '{"environment":"test","project":"test-project","region":"us-central1"}');
  started = await startFunction({
    kind: 'wild',
    source: folder,
    environment: { PATH: process.env['PATH'] ?? '' },
    logFile: join(folder, 'log'),
    onChange: () => {},
  });
});

afterAll(async () => {
  await started.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(['timer', 'event', 'rejection'])('an error in a %s is answered 500, and nobody else is disturbed', async (what) => {
  const slow = ask('slow');
  const answer = await ask(what);
  expect([answer.status, await answer.json()]).toEqual([500, { error: expect.objectContaining({ code: 'internal' }) }]);
  expect(await (await slow).text()).toBe('slow, and whole');
  expect(await (await ask('healthy')).text()).toBe('healthy');
});

test('after the answer it changes nothing, and in the midst of one the answer is torn', async () => {
  expect(await (await ask('after')).text()).toBe('done');
  await expect(ask('half').then((response) => response.text())).rejects.toThrow('terminated');
  expect(await (await ask('healthy')).text()).toBe('healthy');
  expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('wild: internal error: thrown after the answer');
});

test('the framework runs a request in no domain, so that Node hooks no promise of it', async () => {
  avoidDomains();
  const seen: unknown[] = [];
  const hosted = await host('any', async (_, response) => {
    await Promise.resolve();
    seen.push((process as { domain?: unknown }).domain ?? null, domain.create() instanceof domain.Domain);
    response.send('ok');
  });
  try {
    expect(await (await fetch(hosted.url)).text()).toBe('ok');
    expect(seen).toEqual([null, false]);
  } finally {
    await hosted.close();
  }
});
