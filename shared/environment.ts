/** The one reader of `process.env`: what the deployment and the platform tell a function, typed. */

/** What the environment says; every field is absent where its variable is unset or empty. */
export interface Environment {
  /** Path of the configuration (`SYNTHETICS_CONFIG`). */
  readonly configPath?: string;
  /** Overrides the configuration's `project` (`GOOGLE_CLOUD_PROJECT`). */
  readonly project?: string;
  /** `host:port` of plaintext emulators, used without credentials. */
  readonly monitoringEmulator?: string;
  readonly secretManagerEmulator?: string;
  readonly platformEmulator?: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** What Cloud Run says of the instance: `K_SERVICE`, `K_REVISION`, `K_CONFIGURATION`. */
  readonly service?: string;
  readonly revision?: string;
  readonly configuration?: string;
  /** Threads of libuv's pool, on which names are looked up (`UV_THREADPOOL_SIZE`). */
  readonly threadPoolSize?: number;
  /** Seconds after which the platform gives up on a request (`CLOUD_RUN_TIMEOUT_SECONDS`). */
  readonly requestTimeoutSeconds?: number;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

/**
 * Unless somebody says that this is no production, the framework's own answers to what it can't read (Express, `finalhandler`) are a
 * status, not a stack with the paths of our files. It asks once, after the function was loaded.
 */
export function keepStacksInside(env: NodeJS.ProcessEnv = process.env): void {
  env['NODE_ENV'] ??= 'production';
}

/** Reads the environment afresh; unknown values of `LOG_LEVEL` count as `info`. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const text = (name: string): string | undefined => env[name] || undefined;
  const seconds = Number(env['CLOUD_RUN_TIMEOUT_SECONDS']);
  const threads = Number(env['UV_THREADPOOL_SIZE']);
  return {
    configPath: text('SYNTHETICS_CONFIG'),
    project: text('GOOGLE_CLOUD_PROJECT'),
    monitoringEmulator: text('MONITORING_EMULATOR_HOST'),
    secretManagerEmulator: text('SECRET_MANAGER_EMULATOR_HOST'),
    platformEmulator: text('PLATFORM_EMULATOR_HOST'),
    logLevel: levels.find((level) => level === env['LOG_LEVEL']?.toLowerCase()) ?? 'info',
    service: text('K_SERVICE'),
    revision: text('K_REVISION'),
    configuration: text('K_CONFIGURATION'),
    // libuv takes no more.
    threadPoolSize: threads >= 1 ? Math.min(1024, Math.floor(threads)) : undefined,
    requestTimeoutSeconds: seconds > 0 ? seconds : undefined,
  };
}
