// Tests run on the compiled files, so that what is tested is what ships.
module.exports = {
  rootDir: 'build',
  testMatch: ['<rootDir>/test/**/*.test.js'],
  transform: {},
  testTimeout: 30_000,
  watchman: false,
  // Most tests wait for servers: two at a time, also on two cores.
  maxWorkers: 2,
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.js'],
  haste: { enableSymlinks: false },
};
