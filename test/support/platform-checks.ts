/** Runs the `platform` probe against the stand-in of the REST APIs. */
import { kind, probe } from '../../functions/platform';
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { project, type StoredResource } from '../../local/emulators/platform/resources';
import type { Result } from '../../shared/result';
import { probeOne } from './probing';

/** The probe as the engine takes it. */
export const runnable = { kind, probe };

/** The stand-in, and how to check what is in it. */
export interface PlatformChecks {
  readonly platform: PlatformStandIn;
  /** Puts resources where they are found. */
  put(...resources: readonly StoredResource[]): void;
  /** Runs one target. */
  run(target: object): Promise<Result>;
  clear(): void;
  close(): Promise<void>;
}

/** Starts the stand-in. */
export async function startPlatformChecks(): Promise<PlatformChecks> {
  const platform = await startPlatformStandIn();
  return {
    platform,
    put(...resources) {
      for (const { path, body } of resources) platform.put(path, body);
    },
    run: (target) => probeOne(runnable, { ...target }, { platform: platform.address, config: { project } }),
    clear() {
      platform.clear();
      platform.heal();
    },
    close: () => platform.close(),
  };
}

/** @returns a stand-in for the tests of a file: it starts before the first, is empty before each, and ends after the last. */
export function platformChecks(): PlatformChecks {
  let started: PlatformChecks;
  beforeAll(async () => {
    started = await startPlatformChecks();
  });
  beforeEach(() => started.clear());
  afterAll(() => started.close());
  return {
    get platform() {
      return started.platform;
    },
    put: (...resources) => started.put(...resources),
    run: (target) => started.run(target),
    clear: () => started.clear(),
    close: () => started.close(),
  };
}

/** @returns subject, outcome, reason and message of each finding. */
export function told({ findings }: Result): (string | null)[][] {
  return findings.map(({ subject, outcome, reason, message }) => [subject, outcome, reason, message]);
}

export const fine = { outcome: 'success', reason: null, message: 'ok' };
const failure = { outcome: 'failure', domain: 'platform', owner: 'infrastructure', phase: 'api' };
export const missing = { ...failure, reason: 'resource_missing', code: '404' };
export const notReady = { ...failure, reason: 'resource_not_ready' };
export const misconfigured = { ...failure, reason: 'resource_misconfigured' };
const unknown = { outcome: 'unknown', domain: 'monitor', owner: 'monitor', phase: 'api' };
export const denied = { ...unknown, reason: 'api_denied' };
export const unavailable = { ...unknown, reason: 'api_unavailable' };
export const invalid = { ...unknown, reason: 'config_invalid' };
