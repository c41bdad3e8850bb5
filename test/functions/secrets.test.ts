/** The `secrets` probe against Secret Manager's emulator: what is there, enabled, intact and fresh. */
import { kind, probe } from '../../functions/secrets';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { Result } from '../../shared/result';
import { probeOne } from '../support/probing';

const day = 86_400_000;
let emulator: SecretManagerEmulator;

beforeAll(async () => {
  emulator = await startSecretManagerEmulator();
});
beforeEach(() => {
  emulator.clear();
  emulator.heal();
  emulator.caller({ roles: ['roles/secretmanager.admin'] });
});
afterAll(() => emulator.close());

const run = (require: readonly object[], more: object = {}): Promise<Result> =>
  probeOne({ kind, probe }, { require, ...more }, { secretManager: emulator.address });
const check = (rule: object): Promise<Result> => run([{ secret: 'app-key', ...rule }]);

test('a good secret is a success, with its version and age', async () => {
  emulator.put('app-key', { versions: [{ value: 'old-value' }, { value: 'good-value', createTime: Date.now() - 36.5 * day }] });
  const result = await check({ minLength: 5, maxLength: 20, matches: '^good-', maxAge: '90d' });
  expect(result).toMatchObject({
    outcome: 'success',
    reason: null,
    phase: null,
    message: 'ok',
    observed: { 'secret.versions': { 'app-key': '2' }, 'secret.ageDays': { 'app-key': 36.5 } },
    findings: [{ subject: 'app-key', outcome: 'success', reason: null, message: 'ok', durationMs: expect.any(Number) }],
    warnings: [],
  });
  expect(Object.keys(result.phases)).toEqual(['api']);
});
