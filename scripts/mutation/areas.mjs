/**
 * What is mutated, and by which tests: those that are quick, the quickest first, since the first that fails ends a mutant. Left out are
 * campaigns over random input and whatever waits for whole seconds.
 */

const testsIn = (folder, ...names) => names.map((name) => `test/${folder}/${name}.test.js`);

const runTests = [
  ...testsIn('shared/run', 'run-end', 'classify', 'findings', 'attempt', 'secrets', 'parts', 'warm-up'),
  ...testsIn('shared/serve', 'serve', 'serve-log'),
];

/** By name; the files are those in build/. */
export const areas = {
  reasons: {
    mutate: [
      'shared/reasons.js',
      'shared/system-errors.js',
      'shared/fault.js',
      'shared/conditions.js',
      'shared/http/status.js',
      'functions/postgres/explain.js',
      'functions/redis/replies.js',
      'functions/secrets/access.js',
      'functions/secrets/judge.js',
      'functions/secrets/value.js',
      'functions/platform/findings.js',
    ],
    tests: [
      ...testsIn('shared', 'reasons', 'system-errors', 'fault', 'conditions', 'http/status'),
      ...testsIn('functions', 'postgres-explain', 'redis-explain', 'secrets-judge', 'secrets-values', 'secrets', 'secrets-pem'),
      ...testsIn('functions', 'platform-cloud-run', 'platform-cloud-sql', 'platform-vpc-connector', 'platform-memorystore'),
    ],
  },
  dial: {
    mutate: ['shared/dial/*.js', 'shared/websocket/refusal.js'],
    tests: [
      ...testsIn('shared/dial', 'watch', 'words', 'connect', 'dial'),
      ...testsIn('functions', 'tcp', 'websocket-refusal', 'tcp-start-tls', 'tcp-tls'),
    ],
  },
  run: { mutate: ['shared/run/*.js'], tests: [...runTests, ...testsIn('shared/dial', 'dial')] },
  telemetry: {
    mutate: ['shared/telemetry/*.js'],
    tests: [...testsIn('shared/telemetry', 'points', 'log', 'result-log', 'diagnosis-points', 'filter', 'gathering')],
  },
  diagnose: {
    mutate: ['shared/diagnose/**/*.js'],
    tests: testsIn(
      'shared/diagnose',
      'rules',
      'details',
      'behind-balancer',
      'by-reason',
      'picture',
      'words-network',
      'words-secrets',
      'words-targets',
      'graph',
      ...['bare', 'cache', 'cloud-run', 'data', 'front', 'internet', 'logins', 'monitor', 'network', 'rotation', 'secrets', 'services'].map(
        (name) => `scenarios-${name}`,
      ),
      'told',
    ),
  },
};
