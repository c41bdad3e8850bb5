/** Every check of the project, one after the other, whatever the others say; and the line that sums them up. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProblem } from './build.mjs';
import { nodeProgram } from './dependencies.mjs';
import { capture, handOver, root, say } from './run.mjs';

const jest = 'node_modules/jest/bin/jest.js';
const lingeringLimitMs = 20_000;

/** Runs Jest alone. @returns its exit code */
export async function runJest(args, limits) {
  return handOver(nodeProgram, [jest, ...args], limits);
}

async function outputOf(command, args) {
  const { code, output } = await capture(command, args);
  return code === 0 ? undefined : output;
}

async function shellScripts() {
  const left = new Set(['.git', '.stryker-tmp', 'build', 'coverage', 'dist', 'node_modules', 'reports']);
  const within = async (folder) => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    const found = entries
      .filter(({ name }) => !left.has(name))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return within(path);
        return path.endsWith('.sh') ? [path] : [];
      });
    return (await Promise.all(found)).flat();
  };
  return [...(await within('')), ...(existsSync(join(root, '.ci/run')) ? ['.ci/run'] : [])];
}

// Each resolves to undefined where all is well, and else to what is wrong.
const checks = {
  'types and bundles': buildProblem,
  oxlint: () => outputOf(nodeProgram, ['node_modules/oxlint/bin/oxlint']),
  prettier: () => outputOf(nodeProgram, ['node_modules/prettier/bin/prettier.cjs', '--check', '.']),
  shellcheck: async () => outputOf('shellcheck', await shellScripts()),
};

/**
 * Runs every check, then every test, and prints `N passed, N failed` as the last line: one for each check and each test.
 * @returns 0 where nothing failed, else 1
 */
export async function runChecks() {
  const count = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(checks)) {
    const problem = await check();
    count[problem === undefined ? 'passed' : 'failed'] += 1;
    process.stdout.write(problem === undefined ? `✓ ${name}\n` : `${problem.trimEnd()}\n✗ ${name}\n`);
  }
  const tests = await countTests();
  const failed = count.failed + tests.failed;
  process.stdout.write(`${count.passed + tests.passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function countTests() {
  const folder = await mkdtemp(join(tmpdir(), 'vpc-synthetics-jest-'));
  try {
    const file = join(folder, 'results.json');
    const lingering = longAfter(file);
    const code = await runJest(['--json', `--outputFile=${file}`], { killAfter: lingering.passed });
    lingering.cancel();
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return countOf(JSON.parse(text), code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With its results written Jest has nothing left to do; a test that left something open would keep it for ever. */
function longAfter(file) {
  let interval;
  let timer;
  const passed = new Promise((fulfil) => {
    const giveUp = () => {
      say('Jest does not end by itself: a test left something open.');
      fulfil();
    };
    interval = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(interval);
      timer = setTimeout(giveUp, lingeringLimitMs);
    }, 500);
  });
  return {
    passed,
    cancel() {
      clearInterval(interval);
      clearTimeout(timer);
    },
  };
}

/** A test file that does not even load, a test left out, and Jest's own failure count as failed, too: none may pass unnoticed. */
export function countOf(results, exitCode) {
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0, numPendingTests = 0, numTodoTests = 0 } = results;
  const failed = numFailedTests + numRuntimeErrorTestSuites + numPendingTests + numTodoTests;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
