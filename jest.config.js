// Tests run on the compiled files, so that what is tested is what ships.
module.exports = {
  rootDir: 'build',
  testMatch: ['<rootDir>/test/**/*.test.js'],
  transform: {},
  testTimeout: 30_000,
  watchman: false,
  // Most tests wait for servers, and one for real minutes to pass: two at a time besides that one, also on two cores.
  maxWorkers: 3,
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.js'],
  haste: { enableSymlinks: false },
};
