/** Runs the `secrets` probe against the emulators of Secret Manager and of the REST APIs. */
import { kind, probe } from '../../functions/secrets';
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { Result } from '../../shared/result';
import { probeOne } from './probing';

export const dayMs = 86_400_000;

/** The emulators, and how to check secrets in them. */
export interface SecretChecks {
  readonly secrets: SecretManagerEmulator;
  readonly platform: PlatformStandIn;
  /** Runs one target; `more` are its other fields, `sections` the file's. */
  run(require: readonly object[], more?: object, sections?: Readonly<Record<string, unknown>>): Promise<Result>;
  /** Puts a value as the secret `app-key` and runs a target with one rule for it. */
  value(value: string | Uint8Array, rule?: object, sections?: Readonly<Record<string, unknown>>): Promise<Result>;
  /** Forgets secrets, policies, counts, faults and denials. */
  clear(): void;
  close(): Promise<void>;
}

/** Starts both emulators. */
export async function startSecretChecks(): Promise<SecretChecks> {
  const secrets = await startSecretManagerEmulator();
  const platform = await startPlatformStandIn();
  const run: SecretChecks['run'] = (require, more = {}, sections = {}) =>
    probeOne({ kind, probe }, { require, ...more }, { secretManager: secrets.address, platform: platform.address, config: sections });
  return {
    secrets,
    platform,
    run,
    value(value, rule = {}, sections) {
      secrets.put('app-key', { value });
      return run([{ secret: 'app-key', ...rule }], {}, sections);
    },
    clear() {
      secrets.clear();
      secrets.heal();
      secrets.caller({ roles: ['roles/secretmanager.admin'] });
      platform.clear();
      platform.heal();
    },
    async close() {
      await secrets.close();
      await platform.close();
    },
  };
}
