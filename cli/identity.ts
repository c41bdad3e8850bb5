/** Identity tokens of whoever calls the command line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createIdentityTokens, type IdentityTokens } from '../shared/cloud/identity';
import { describe, Fault } from '../shared/fault';

/**
 * @returns tokens of the service account of the Application Default Credentials; else those that gcloud gives the person who is logged
 * in. The latter are for no audience of one's choice, and Cloud Run takes them all the same (Cloud Run, "Authenticate developers").
 */
export function callersIdentity(): IdentityTokens {
  const tokens = createIdentityTokens();
  let persons: Promise<string> | undefined;
  return async (audience, signal) => {
    try {
      return await tokens(audience, signal);
    } catch (error) {
      try {
        return await (persons ??= byGcloud(signal));
      } catch (second) {
        persons = undefined;
        throw new Fault('api_denied', `${describe(error).message}; gcloud auth print-identity-token: ${describe(second).message}`);
      }
    }
  };
}

async function byGcloud(signal: AbortSignal): Promise<string> {
  const { stdout } = await promisify(execFile)('gcloud', ['auth', 'print-identity-token'], { signal, timeout: 20_000 });
  const token = stdout.trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Error('no token was printed');
  return token;
}
