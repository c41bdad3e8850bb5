#!/usr/bin/env node
/** Starts the command line as it was built, and says so where it was not. */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'build', 'cli', 'main.js');
if (existsSync(main)) {
  try {
    require(main);
  } catch (error) {
    // Node itself would end with 1, which means unhealthy.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 3;
  }
} else {
  process.stderr.write(`synthetics: is not built yet (${main} is missing): npm run build\n`);
  process.exitCode = 2;
}
