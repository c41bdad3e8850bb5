/** The `secrets` probe tells nothing of a value, whatever is wrong with it. */
import { generateKeyPairSync } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Result } from '../../shared/result';
import { resultRow } from '../../shared/report/text';
import { pointsOf } from '../../shared/telemetry/points';
import { entryOf } from '../../shared/telemetry/result-log';
import { dayMs, startSecretChecks, type SecretChecks } from '../support/secret-checks';

let checks: SecretChecks;
beforeAll(async () => {
  checks = await startSecretChecks();
});
beforeEach(() => checks.clear());
afterAll(() => checks.close());

const key = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));

/** Each value with the pieces of it that would give it away. */
const values: readonly (readonly [string, string, readonly string[]])[] = [
  ['a password', 'Zq9!vLp#27-rT', ['Zq9', 'rT']],
  ['one with a line break', 'Zq9!vLp#27-rT\n', ['Zq9', 'rT']],
  ['a short one', 'qZ7', ['qZ7']],
  ['one with quotes and backslashes', '"qZ7\\u0041\'x9Q"', ['qZ7', 'x9Q']],
  ['a URL', 'postgresql://zuser:zp%40ss@zhost.internal:6543/zbase?zkey=1', ['zuser', 'zp%40', 'zp@', 'zhost', 'zbase', '6543', 'zkey']],
  ['a malformed URL', 'zscheme://zuser:z#p@ss@zhost.internal/z', ['zscheme', 'zuser', 'zhost', 'z#p']],
  ['JSON', '{"zname": "zvalue", "n": 98765}', ['zname', 'zvalue', '98765']],
  ['broken JSON', '{"zname": zvalue', ['zname', 'zvalue']],
  ['a number', '987654321', ['98765']],
  ['a key', key, [key.slice(40, 60)]],
  ['half a key', key.slice(0, 80), [key.slice(40, 60)]],
  ['one with a forbidden host', 'Zq9 db.staging.example.com Tr8', ['Zq9', 'Tr8', 'db.staging']],
];

const rules: readonly object[] = [
  {},
  { format: 'url', schemes: ['mysql'] },
  { format: 'json' },
  { format: 'integer' },
  { format: 'pem-certificate' },
  { format: 'pem-private-key' },
  { minLength: 5000 },
  { maxLength: 1 },
  { matches: '^never$' },
  { notMatches: '(?s).' },
  { maxAge: '1ms' },
  { readableBy: ['user:nobody@example.com'] },
];

/** All that leaves the process of a result. */
const told = (result: Result): string =>
  JSON.stringify([
    result,
    entryOf(result, { service: 'secrets', version: '1' }, 'run'),
    resultRow(result),
    pointsOf(result, { region: 'r', environment: 'e' }, 0),
  ]);

function expectSilence(result: Result, value: string, pieces: readonly string[]): void {
  // Times are numbers of their own, and stamps hold digits of their own.
  const text = told({
    ...result,
    startedAt: '',
    durationMs: 0,
    phases: {},
    findings: result.findings.map((finding) => ({ ...finding, durationMs: 0 })),
  });
  for (const piece of [value, ...pieces]) {
    for (const form of [piece, encodeURIComponent(piece), Buffer.from(piece).toString('base64'), JSON.stringify(piece).slice(1, -1)])
      expect(text).not.toContain(form);
  }
}

describe.each(values)('%s', (_, value, pieces) => {
  test.each(rules)('is not told by %j', async (rule) => {
    checks.platform.iamPolicy('test-project', {});
    const result = await checks.value(value, rule, { forbiddenHosts: ['*.staging.example.com'] });
    expectSilence(result, value, pieces);
  });

  test('is not told where it is corrupt, disabled, expiring or refused', async () => {
    const states: readonly (() => void)[] = [
      () => checks.secrets.corrupt('app-key'),
      () => checks.secrets.setState('app-key', 1, 'DISABLED'),
      () => checks.secrets.put('app-key', { value, expireTime: Date.now() + dayMs, rotation: { nextRotationTime: 1 } }),
      () => void checks.secrets.deny('app-key', 'secretmanager.versions.access'),
    ];
    for (const change of states) {
      checks.secrets.put('app-key', { value });
      change();
      expectSilence(await checks.run([{ secret: 'app-key' }]), value, pieces);
    }
  });
});

test.each(values.filter(([, value]) => value.length >= 6))('%s is taken out of what a server says', async (_, value) => {
  checks.secrets.put('app-key', { value });
  checks.secrets.put('other', { value: 'x' });
  const said = [value, encodeURIComponent(value), Buffer.from(value).toString('base64'), JSON.stringify(value).slice(1, -1)];
  checks.secrets.fault({
    methods: ['AccessSecretVersion'],
    resource: 'other',
    code: status.INVALID_ARGUMENT,
    message: `odd: ${said.join(' ')}`,
  });
  const result = await checks.run([{ secret: 'app-key' }, { secret: 'other' }]);
  expect(result.findings[1]?.message).toContain('odd: [redacted]');
  expectSilence(result, value, []);
});
