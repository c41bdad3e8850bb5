import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type StackProgram, startProgram } from '../support/stack-program';

jest.setTimeout(60_000);

const programs: StackProgram[] = [];
function start(...args: Parameters<typeof startProgram>): StackProgram {
  const program = startProgram(...args);
  programs.push(program);
  return program;
}
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.clear()));
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends everything, and the program with 0', async (signal) => {
  const program = start(['--port', '0']);
  await program.printed(/http:\/\/localhost:/);
  expect(await program.leftBehind(0)).not.toEqual([]);
  program.child.kill(signal);
  expect(await program.ended).toBe(0);
  expect(await program.leftBehind(5000)).toEqual([]);
});

test('frozen and stopped servers are ended, too', async () => {
  const program = start(['--port', '0', '--break', 'postgres-frozen', '--break', 'redis-down']);
  await program.printed(/http:\/\/localhost:/);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  expect(await program.leftBehind(5000)).toEqual([]);
});

test('a signal during the start ends everything', async () => {
  const program = start(['--port', '0']);
  await program.printed(/Starting/);
  await delay(700);
  program.child.kill('SIGINT');
  expect(await program.ended).toBe(0);
  expect(await program.leftBehind(5000)).toEqual([]);
});

test('nothing outlives a program that was killed during its start', async () => {
  const program = start(['--port', '0']);
  await program.printed(/Starting/);
  await delay(700);
  program.child.kill('SIGKILL');
  await program.ended;
  expect(await program.leftBehind(15_000)).toEqual([]);
});

test('nothing outlives a program that was killed', async () => {
  const program = start(['--port', '0']);
  await program.printed(/http:\/\/localhost:/);
  program.child.kill('SIGKILL');
  await program.ended;
  expect(await program.leftBehind(15_000)).toEqual([]);
});

test('a function that does not start is told with its last words, and everything else is ended', async () => {
  const bundles = mkdtempSync(join(tmpdir(), 'vpc-synthetics-bundles-'));
  try {
    mkdirSync(join(bundles, 'broken'));
    writeFileSync(join(bundles, 'broken/index.js'), "throw new Error('cannot load');");
    const script = `
      const { kinds } = require('./build/functions/kinds');
      const { startStack } = require('./build/local/stack/stack');
      startStack({ kinds, bundles: process.argv[1], say: () => undefined }).catch(({ message }) => console.log(message));
    `;
    const program = start([bundles], ['-e', script]);
    expect(await program.ended).toBe(0);
    expect(program.stdout()).toMatch(/^broken ended with exit code 1 before it listened:[^]*cannot load/);
    expect(await program.leftBehind(5000)).toEqual([]);
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
});

test('a function that dies is started again', async () => {
  const program = start(['--port', '0']);
  const [base] = await program.printed(/http:\/\/localhost:\d+/);
  const redis = (await program.leftBehind(0)).find((line) => line.includes('--target=redis'));
  process.kill(Number.parseInt(redis ?? '', 10), 'SIGKILL');
  await program.printed(/redis was ended by SIGKILL; starting it again/);
  await program.printed(/redis runs again/);
  const response = await fetch(`${base}/functions/redis?format=text`);
  expect(await response.text()).toContain('Overall Status: HEALTHY');
});
