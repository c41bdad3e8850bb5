/** The files of a function's source folder: two of code, `.js`, each with what V8 compiled of it, `.cache`. */

/** The function itself. */
export const code = 'function';
/** Google's client libraries. */
export const clients = 'clients';

/** What the function takes from there. */
export const clientModules = [
  '@google-cloud/monitoring/build/src/v3/metric_service_client',
  '@google-cloud/secret-manager/build/src/v1/secret_manager_service_client',
  'google-auth-library',
  'google-gax',
] as const;
