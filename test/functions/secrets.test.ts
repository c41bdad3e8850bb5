/** The `secrets` probe: what is there, enabled, intact and fresh. */
import { dayMs, startSecretChecks, type SecretChecks } from '../support/secret-checks';
import { watchLeaks } from '../support/leaks';

let checks: SecretChecks;
beforeAll(async () => {
  checks = await startSecretChecks();
});
beforeEach(() => checks.clear());
afterAll(() => checks.close());

const failed = { outcome: 'failure', domain: 'secret', owner: 'operator', phase: 'api', code: null };

test('a good secret is a success, with its version and age', async () => {
  checks.secrets.put('app-key', { versions: [{ value: 'old-value' }, { value: 'good-value', createTime: Date.now() - 36.5 * dayMs }] });
  const result = await checks.run([{ secret: 'app-key', minLength: 5, maxLength: 20, matches: '^good-', maxAge: '90d' }]);
  expect(result).toMatchObject({
    outcome: 'success',
    reason: null,
    phase: null,
    message: 'ok',
    observed: { 'secret.versions': { 'app-key': '2' }, 'secret.ageDays': { 'app-key': expect.closeTo(36.5, 2) } },
    findings: [{ subject: 'app-key', outcome: 'success', reason: null, message: 'ok', durationMs: expect.any(Number) }],
    warnings: [],
  });
  expect(Object.keys(result.phases)).toEqual(['api']);
});

test('rules by its bare and by its full name are about one secret: one finding, asked for once', async () => {
  checks.secrets.put('app-key', { value: 'good-value' });
  checks.secrets.put('other-key', { value: 'good-value' });
  const result = await checks.run([
    { secret: 'projects/test-project/secrets/app-key', minLength: 5 },
    { secret: 'other-key' },
    { secret: 'app-key', minLength: 50 },
  ]);
  expect(result.findings).toMatchObject([
    {
      subject: 'projects/test-project/secrets/app-key',
      outcome: 'failure',
      message: 'secret projects/test-project/secrets/app-key: the value is shorter than minLength, 50',
    },
    { subject: 'other-key', outcome: 'success' },
  ]);
  expect(checks.secrets.calls()).toMatchObject({ GetSecret: 2, AccessSecretVersion: 2 });
});

test('nothing is left open', async () => {
  await checks.value('good-value');
  const watch = await watchLeaks();
  await checks.value('good-value');
  await expect(watch.assertNothingLeft()).resolves.toBeUndefined();
});

describe('a missing secret', () => {
  test('is secret_missing', async () => {
    const result = await checks.run([{ secret: 'none', readableBy: ['user:a@example.com'] }]);
    expect(result).toMatchObject({ ...failed, reason: 'secret_missing', message: 'secret none: there is no secret of this name' });
    expect(result.hint).toMatch(/Create the secret/);
    expect(result.observed).toEqual({});
    expect(checks.secrets.calls()['AccessSecretVersion']).toBeUndefined();
  });

  test('is told apart from one without versions, and from a missing version', async () => {
    checks.secrets.put('bare', {});
    checks.secrets.put('app-key', { value: 'good-value' });
    const result = await checks.run([{ secret: 'bare' }, { secret: 'app-key', version: 7 }, { secret: 'app-key', version: 'stable' }]);
    expect(result.findings).toMatchObject([
      { subject: 'bare', reason: 'secret_missing', message: 'secret bare: the secret has no versions' },
      { subject: 'app-key', message: 'secret app-key: the secret has no version 7; also: the secret has no version stable' },
    ]);
    expect(result).toMatchObject({ ...failed, message: 'secret bare: the secret has no versions (and 1 more)' });
  });
});

describe('a version', () => {
  test.each([
    ['DISABLED', 'secret_disabled'],
    ['DESTROYED', 'secret_destroyed'],
  ] as const)('that is %s is %s, with the newest enabled one named', async (state, reason) => {
    checks.secrets.put('app-key', {
      versions: [{ value: 'one' }, { value: 'two' }, { value: 'three', state: 'DISABLED' }, { value: 'x', state }],
    });
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({
      ...failed,
      reason,
      message: `secret app-key: version 4 is ${state}, and latest is the newest version whatever its state; the newest enabled one is 2`,
      observed: { 'secret.versions': { 'app-key': '4' } },
    });
    expect(checks.secrets.calls()).toEqual({ GetSecret: 1, GetSecretVersion: 1, ListSecretVersions: 1 });
  });

  test('that is disabled, with none enabled', async () => {
    checks.secrets.put('app-key', {
      versions: [
        { value: 'one', state: 'DESTROYED' },
        { value: 'two', state: 'DISABLED' },
      ],
    });
    const { message } = await checks.run([{ secret: 'app-key', version: 1 }]);
    expect(message).toBe('secret app-key: version 1 is DESTROYED; no version is enabled');
  });

  test('is found by number and by alias', async () => {
    checks.secrets.put('app-key', { versions: [{ value: 'first-value' }, { value: 'second', state: 'DISABLED' }], aliases: { stable: 1 } });
    for (const version of [1, '1', 'stable'])
      expect(await checks.run([{ secret: 'app-key', version, matches: '^first' }])).toMatchObject({
        outcome: 'success',
        observed: { 'secret.versions': { 'app-key': '1' } },
      });
  });

  test('whose checksum does not match is secret_corrupt, and no rule looks at it', async () => {
    checks.secrets.put('app-key', { value: 'null' });
    checks.secrets.corrupt('app-key');
    expect(await checks.run([{ secret: 'app-key', minLength: 10 }])).toMatchObject({
      ...failed,
      reason: 'secret_corrupt',
      message: 'secret app-key: the value of version 1 does not match its checksum',
    });
  });
});

test('full and regional names are subjects as they are configured', async () => {
  const names = [
    'projects/test-project/secrets/app-key',
    'projects/other/secrets/far',
    'projects/test-project/locations/europe-west1/secrets/near',
  ];
  for (const name of names) checks.secrets.put(name, { value: 'good-value' });
  const result = await checks.run(names.map((secret) => ({ secret })));
  expect(result.outcome).toBe('success');
  expect(result.findings.map(({ subject }) => subject)).toEqual(names);
  expect(result.observed['secret.versions']).toEqual(Object.fromEntries(names.map((name) => [name, '1'])));
});

describe('several rules', () => {
  test('on one secret make one finding, in which the worst counts, the others are told', async () => {
    checks.secrets.put('app-key', {
      versions: [
        { value: 'short', createTime: Date.now() - 100 * dayMs },
        { value: 'second-value', state: 'DISABLED' },
      ],
    });
    const result = await checks.run([
      { secret: 'app-key', version: 1, maxAge: '90d' },
      { secret: 'app-key', version: 1, minLength: 6 },
      { secret: 'app-key', version: 2 },
    ]);
    expect(result.findings).toHaveLength(1);
    expect(result).toMatchObject({
      ...failed,
      reason: 'secret_disabled',
      message: [
        'secret app-key: version 2 is DISABLED; the newest enabled one is 1',
        'also: the value is shorter than minLength, 6',
        'also: version 1 is 100 d old, at most 90d allowed',
      ].join('; '),
      observed: { 'secret.versions': { 'app-key': '1' }, 'secret.ageDays': { 'app-key': expect.closeTo(100, 2) } },
    });
    expect(checks.secrets.calls()).toMatchObject({ GetSecret: 1, GetSecretVersion: 2, AccessSecretVersion: 1 });
  });

  test('the result takes the reason of the first finding that failed', async () => {
    checks.secrets.put('good', { value: 'good-value' });
    checks.secrets.put('blank', { value: '' });
    const result = await checks.run([{ secret: 'good' }, { secret: 'blank' }, { secret: 'none' }]);
    expect(result).toMatchObject({ ...failed, reason: 'secret_empty' });
    expect(result.findings.map(({ reason }) => reason)).toEqual([null, 'secret_empty', 'secret_missing']);
  });

  test('on many secrets are all told, in the order of the rules', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `secret-${index}`);
    for (const name of names) checks.secrets.put(name, { value: 'good-value' });
    const result = await checks.run(names.map((secret) => ({ secret })));
    expect(result.outcome).toBe('success');
    expect(result.findings.map(({ subject }) => subject)).toEqual(names);
  });
});

test('access: false reads no value', async () => {
  checks.secrets.put('app-key', { value: '' });
  checks.secrets.put('off', { versions: [{ value: 'x', state: 'DISABLED' }] });
  const result = await checks.run([{ secret: 'app-key', maxAge: '1d' }, { secret: 'off' }], { access: false });
  expect(result.findings.map(({ reason }) => reason)).toEqual([null, 'secret_disabled']);
  expect(checks.secrets.calls()['AccessSecretVersion']).toBeUndefined();
  for (const rule of [{ minLength: 3 }, { format: 'url' }, { notMatches: 'x' }, { allowWhitespace: true }])
    await expect(checks.run([{ secret: 'app-key', ...rule }], { access: false })).rejects.toThrow('which access: false forbids to read');
});

describe('time', () => {
  const at = (days: number): number => Date.now() + days * dayMs;
  const put = (seed: object): void => checks.secrets.put('app-key', { value: 'good-value', ...seed });

  test('maxAge is judged by the version, not by the secret', async () => {
    put({ value: undefined, createTime: at(-400), versions: [{ value: 'good-value', createTime: at(-10) }] });
    expect((await checks.run([{ secret: 'app-key', maxAge: '11d' }])).outcome).toBe('success');
    expect(await checks.run([{ secret: 'app-key', maxAge: '9d' }])).toMatchObject({
      ...failed,
      reason: 'secret_stale',
      message: 'secret app-key: version 1 is 10 d old, at most 9d allowed',
    });
  });

  test.each([
    ['a secret', { expireTime: at(5) }, 'Secret Manager deletes the secret'],
    [
      'a version',
      { value: undefined, versions: [{ value: 'good-value', scheduledDestroyTime: at(5) }] },
      'Secret Manager destroys version 1',
    ],
  ])('%s that ends within 7 d, or within minValidity, is secret_expiring', async (_, seed, what) => {
    put(seed);
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({
      ...failed,
      reason: 'secret_expiring',
      message: `secret app-key: ${what} in 5 d, at least 7d ahead asked for`,
      observed: { 'secret.daysUntilExpiry': { 'app-key': 5 } },
    });
    expect((await checks.run([{ secret: 'app-key', minValidity: '4d' }])).outcome).toBe('success');
    expect((await checks.run([{ secret: 'app-key', minValidity: '6d' }])).reason).toBe('secret_expiring');
  });

  test('an end far ahead is none yet', async () => {
    put({ expireTime: at(8) });
    expect((await checks.run([{ secret: 'app-key' }])).outcome).toBe('success');
    expect((await checks.run([{ secret: 'app-key', minValidity: '30d' }])).reason).toBe('secret_expiring');
  });

  test('a rotation overdue is a warning, and none once there is a newer version', async () => {
    const rotation = { nextRotationTime: at(-3) };
    put({ value: undefined, rotation, versions: [{ value: 'good-value', createTime: at(-30) }] });
    const warning = {
      subject: 'app-key',
      outcome: 'degraded',
      reason: 'secret_stale',
      message: 'secret app-key: its rotation was due 3 d ago',
    };
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({
      outcome: 'degraded',
      reason: 'secret_stale',
      message: warning.message,
      warnings: [warning],
      findings: [warning],
    });
    put({ value: undefined, rotation, versions: [{ value: 'good-value', createTime: at(-1) }] });
    expect((await checks.run([{ secret: 'app-key' }])).outcome).toBe('success');
  });
});
