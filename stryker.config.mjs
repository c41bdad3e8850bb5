/** Mutation testing of the compiled code, one area at a time; `npm run mutation` runs it (docs/mutation.md). */
import { areas } from './scripts/mutation/areas.mjs';

const area = process.env.MUTATION_AREA;
if (!area || !Object.hasOwn(areas, area)) throw new Error(`MUTATION_AREA is one of ${Object.keys(areas).join(', ')}`);
const { mutate, tests } = areas[area];
const reports = 'reports/mutation';

// eslint-disable-next-line import/no-default-export -- Stryker reads it.
export default {
  plugins: ['./scripts/mutation/runner.mjs'],
  testRunner: 'in-process',
  inProcess: { tests },
  ignorers: ['generated-code'],
  mutate: mutate.map((path) => `build/${path}`),
  coverageAnalysis: 'perTest',
  // What the tests read. The compiled files are the tests' and the product's both.
  ignorePatterns: ['**', '!build/**', '!package.json', '!examples/**'],
  // TypeScript has nothing to do here: nothing is compiled any more.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  concurrency: 2,
  timeoutMS: 20_000,
  timeoutFactor: 4,
  // What a mutant leaves open goes with its process.
  maxTestRunnerReuse: 200,
  incremental: true,
  incrementalFile: `${reports}/${area}-incremental.json`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `${reports}/${area}.json` },
  thresholds: { high: 90, low: 80, break: 80 },
  warnings: { unknownOptions: false, slow: false },
  allowConsoleColors: false,
  tempDirName: '.stryker-tmp',
};
