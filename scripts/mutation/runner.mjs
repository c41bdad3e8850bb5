/**
 * Stryker's way to our tests: the compiled test files under Jest's own `describe`, `test` and `expect`, but in one process and without
 * Jest's module registry, which takes seconds a mutant. Only the files that cover a mutant are loaded, and the first failure ends it.
 */
import { createRequire, enableCompileCache } from 'node:module';
import { join, sep } from 'node:path';
import { jestExpect } from '@jest/expect';
import * as circus from 'jest-circus';

/** Far beyond what a test needs; a mutant that makes one hang is told after it. */
const testTimeoutMs = 10_000;

/** Where the instrumented code looks which mutant is active, and notes what was reached. */
const context = {};

/** Stryker's numbers for how a test ended (its `TestStatus`). */
const statuses = { success: 0, failed: 1 };
Object.assign(globalThis, { ['__stryker__']: context });
const require = createRequire(import.meta.url);

function provideGlobals() {
  const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
  // Neither may a test be tried again nor wait for longer: what is measured is whether it notices.
  const jest = { setTimeout: () => jest, retryTimes: () => jest };
  Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect: jestExpect, it, jest, test });
}

const titleOf = (test) => {
  const titles = [];
  for (let at = test; at.parent; at = at.parent) titles.unshift(at.name);
  return titles.join(' ');
};

/** Makes the next `require` load the product and the tests afresh, so that also what is done once on loading is done by the mutant. */
function forgetModules(folder) {
  for (const path of Object.keys(require.cache)) if (path.startsWith(folder + sep)) delete require.cache[path];
}

class InProcessRunner {
  static inject = ['options'];

  constructor({ inProcess }) {
    this.root = join(process.cwd(), 'build');
    this.files = inProcess.tests;
    this.failed = false;
    this.results = [];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    enableCompileCache(join(process.cwd(), 'compile-cache'));
    provideGlobals();
    // What a mutant throws where nobody waits for it fails the test that runs.
    const blame = (error) => circus.getState().currentlyRunningTest?.errors.push(error);
    process.on('uncaughtException', blame);
    process.on('unhandledRejection', blame);
    circus.addEventHandler(({ name, test }) => this.#hear(name, test));
  }

  async dryRun({ coverageAnalysis }) {
    delete context.activeMutant;
    context.hitCount = context.hitLimit = undefined;
    context.mutantCoverage = coverageAnalysis === 'off' ? undefined : { static: {}, perTest: {} };
    const tests = await this.#run(this.files, () => true, false);
    return { status: 'complete', tests, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ testFilter, activeMutant, hitLimit, disableBail, sandboxFileName }) {
    context.activeMutant = activeMutant.id;
    context.mutantCoverage = undefined;
    Object.assign(context, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    const wanted = testFilter && new Set(testFilter);
    const files = wanted ? this.files.filter((file) => testFilter.some((id) => id.startsWith(`${file}: `))) : this.files;
    const results = await this.#run(files, (id) => !wanted || wanted.has(id), !disableBail, sandboxFileName);
    delete context.activeMutant;
    const nrOfTests = results.length;
    if (hitLimit !== undefined && context.hitCount > hitLimit) return { status: 'timeout', reason: `reached more than ${hitLimit} times` };
    const failed = results.filter(({ status }) => status === statuses.failed);
    if (!failed[0]) return { status: 'survived', nrOfTests };
    return { status: 'killed', killedBy: failed.map(({ id }) => id), failureMessage: failed[0].failureMessage, nrOfTests };
  }

  #hear(name, test) {
    if (name === 'test_start') {
      this.current = `${this.file}: ${titleOf(test)}`;
      context.currentTestId = this.current;
    }
    if (name !== 'test_done') return;
    context.currentTestId = undefined;
    const [error] = test.errors.flat();
    const status = error === undefined ? statuses.success : statuses.failed;
    if (error !== undefined) this.failed = true;
    this.results.push({
      id: this.current,
      name: this.current,
      fileName: join(this.root, this.file),
      timeSpentMs: test.duration ?? 0,
      status,
      failureMessage: error === undefined ? undefined : String(error?.message ?? error),
    });
  }

  /** @param mutated a file without which the tests of a file need not run. */
  async #run(files, isWanted, bail, mutated) {
    this.results = [];
    this.failed = false;
    forgetModules(this.root);
    for (const file of files) {
      if (bail && this.failed) break;
      this.file = file;
      circus.resetState();
      const state = circus.getState();
      state.testTimeout = testTimeoutMs;
      state.testNamePattern = { test: (title) => !(bail && this.failed) && isWanted(`${file}: ${title}`) };
      try {
        require(join(this.root, file));
        if (mutated !== undefined && !require.cache[mutated]) continue;
        const { unhandledErrors } = await circus.run();
        if (unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'));
      } catch (error) {
        this.failed = true;
        const id = `${file}: loading`;
        this.results.push({ id, name: id, timeSpentMs: 0, status: statuses.failed, failureMessage: String(error?.stack ?? error) });
      }
    }
    return this.results;
  }
}

/** What the compiler adds by itself is not ours to test. */
class GeneratedCode {
  shouldIgnore(path) {
    const { node } = path;
    const call = path.isExpressionStatement() ? node.expression : node;
    const marksModule = call.arguments?.[1]?.value === '__esModule';
    const isHelper = path.isVariableDeclaration() && node.declarations[0]?.id.name?.startsWith('__') === true;
    return marksModule || isHelper ? 'the compiler wrote it' : undefined;
  }
}

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner },
  { kind: 'Ignore', name: 'generated-code', injectableClass: GeneratedCode },
];
