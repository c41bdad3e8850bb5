/** The Google APIs that the engine and probes use: one interface, so that each client stays in one file. */

/** What Secret Manager says of a secret. */
export interface SecretMetadata {
  readonly name: string;
  /** Milliseconds since 1970 at which Secret Manager deletes the secret. */
  readonly expiresAt?: number;
  /** Milliseconds since 1970 of the next planned rotation. */
  readonly nextRotationAt?: number;
}

/** What Secret Manager says of a version. */
export interface VersionMetadata {
  /** The number, also where an alias or `latest` was asked for. */
  readonly version: string;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED' | 'STATE_UNSPECIFIED';
  /** Milliseconds since 1970. */
  readonly createdAt?: number;
  readonly scheduledDestroyAt?: number;
}

/** A value as it was fetched. */
export interface SecretPayload {
  readonly version: string;
  readonly data: Uint8Array;
  /** False when the checksum that came along does not match. */
  readonly intact: boolean;
}

/** One binding of an IAM policy. */
export interface IamBinding {
  readonly role: string;
  readonly members: readonly string[];
  /** True when the binding holds only under a condition (IAM Conditions). */
  readonly conditional: boolean;
}

/**
 * Secret Manager. A secret is named `name`, `projects/P/secrets/S` or `projects/P/locations/L/secrets/S`.
 * Every call takes the caller's signal, retries what is transient within it, and throws a Fault:
 * `secret_missing`, `secret_disabled`, `secret_destroyed`, `api_denied` or `api_unavailable`.
 */
export interface SecretManager {
  /** Loads and connects what the first call would, so that no probe's time goes into it; its failure is told by the calls. */
  ready(): Promise<void>;
  /** The full name of a secret: what has the same is the same. */
  resourceOf(name: string): string;
  secret(name: string, signal: AbortSignal): Promise<SecretMetadata>;
  version(name: string, version: string, signal: AbortSignal): Promise<VersionMetadata>;
  /** The newest enabled version, or undefined where there is none. */
  newestEnabled(name: string, signal: AbortSignal): Promise<VersionMetadata | undefined>;
  access(name: string, version: string, signal: AbortSignal): Promise<SecretPayload>;
  policy(name: string, signal: AbortSignal): Promise<readonly IamBinding[]>;
}

/** The Google APIs that are asked over REST, by the first label of their host. */
export type RestApi =
  | 'cloudidentity'
  | 'cloudresourcemanager'
  | 'cloudscheduler'
  | 'compute'
  | 'logging'
  | 'monitoring'
  | 'redis'
  | 'run'
  | 'sqladmin'
  | 'vpcaccess';

/**
 * Google's REST APIs. A path begins with the version, e.g. `/v1/projects/p/locations/l/connectors/c`. Every call takes the caller's
 * signal, retries what is transient within it, gives the JSON of the answer, and throws a Fault: `resource_missing` (404),
 * `api_denied` (401, 403), `config_invalid` (400: what was asked for can't be) or `api_unavailable`.
 */
export interface RestApis {
  /** Fetches what the first call would, so that no probe's time goes into it; its failure is told by the calls. */
  ready(): Promise<void>;
  get(api: RestApi, path: string, signal: AbortSignal): Promise<unknown>;
  post(api: RestApi, path: string, body: object, signal: AbortSignal): Promise<unknown>;
}

/** The Google APIs; clients are made at first use and live as long as the instance. */
export interface Cloud {
  /** Closes every client that was made. */
  close(): Promise<void>;
  secretManager(): SecretManager;
  rest(): RestApis;
  /** The IAM policy of a project, by default the configured one, by Resource Manager. Throws a Fault `api_denied` or `api_unavailable`. */
  projectPolicy(signal: AbortSignal, project?: string): Promise<readonly IamBinding[]>;
  /** An OAuth access token of the function's own identity for the scope. Throws a Fault `api_denied` or `api_unavailable`. */
  accessToken(scope: string, signal: AbortSignal): Promise<string>;
}
