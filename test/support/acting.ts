/** The function `status` with Google's control plane, the keys by which callers are known, groups, and the functions that it calls. */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { handlerOf as statusHandler } from '../../functions/status';
import * as tcp from '../../functions/tcp';
import { handlerOf as verifyHandler } from '../../functions/verify';
import { startPlatformStandIn, type PlatformStandIn } from '../../local/emulators/platform';
import { RestError } from '../../local/emulators/platform/rest-error';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { temporaryFolder } from '../../local/services/temporary-folder';
import type { Environment } from '../../shared/environment';
import { serve } from '../../shared/serve/serve';
import type { SessionAnswer } from '../../shared/status/actions';
import { host, type Hosted } from './framework';
import { ecSigner, rsaSigner, type Signer } from './signing';

const project = 'test-project';
const region = 'us-central1';
const services = `projects/${project}/locations/${region}/services`;
/** The service that `status` runs as. */
export const ownService = 'synthetics-test-status';
const ownPath = `/run/v2/${services}/${ownService}`;
/** What IAP names as the audience. */
export const audience = `/projects/123456789/locations/${region}/services/${ownService}`;
/** Where the service is, as Cloud Run says. */
export const ownUrl = 'https://synthetics-test-status-abc-uc.a.run.app';

/** @returns what IAP says of somebody, now. */
export function assertionOf(email: string, more: object = {}): object {
  const iat = Math.floor(Date.now() / 1000);
  return { iss: 'https://cloud.google.com/iap', aud: audience, iat, exp: iat + 600, sub: 'accounts.google.com:1', email, ...more };
}

/** @returns what Google says of somebody, now. */
export function identityOf(email: string, more: object = {}): object {
  const iat = Math.floor(Date.now() / 1000);
  return { iss: 'https://accounts.google.com', aud: ownUrl, iat, exp: iat + 3600, sub: '1', email, email_verified: true, ...more };
}

/** Everything around the function. */
export interface Acting {
  readonly platform: PlatformStandIn;
  readonly iap: Signer;
  readonly google: Signer;
  /** Lines of the logs so far. */
  readonly logged: Record<string, unknown>[];
  readonly status: Hosted;
  /** The function that signs off. */
  readonly verify: Hosted;
  /** Lets time go by for `status`. */
  pass(milliseconds: number): void;
  /** Says what Cloud Run tells of the service, and its policy. */
  describe(service?: object, members?: readonly string[]): void;
  /** Members of groups, by the group's address; those of `nested` by way of another group. */
  readonly groups: Map<string, { readonly direct: readonly string[]; readonly nested: readonly string[] }>;
  /** Whether the edition has `checkTransitiveMembership`. */
  edition: 'premium' | 'free';
  session(headers?: Readonly<Record<string, string>>): Promise<SessionAnswer>;
  close(): Promise<void>;
}

function addGroups(platform: PlatformStandIn, acting: () => Pick<Acting, 'groups' | 'edition'>): void {
  const named = (id: string): [string, { readonly direct: readonly string[]; readonly nested: readonly string[] }] => {
    const found = [...acting().groups].find(([address], index) => address === id || `${index}` === id);
    if (!found) throw new RestError(403, "Error(2028): Permission denied for resource, or it doesn't exist.");
    return found;
  };
  platform.route({
    method: 'GET',
    path: /^\/cloudidentity\/v1\/(?<what>groups:lookup)$/,
    handle({ query }) {
      const [address] = named(query['groupKey.id'] ?? '');
      return { name: `groups/${[...acting().groups.keys()].indexOf(address)}` };
    },
  });
  platform.route({
    method: 'GET',
    path: /^\/cloudidentity\/v1\/groups\/(?<group>[^/]+)\/memberships:checkTransitiveMembership$/,
    handle({ parameters, query }) {
      if (acting().edition === 'free') throw new RestError(403, 'The caller does not have permission');
      const [, { direct, nested }] = named(parameters['group'] ?? '');
      const quoted = /^member_key_id == '((?:[^'\\]|\\.)*)'$/.exec(query['query'] ?? '')?.[1];
      if (quoted === undefined) throw new RestError(400, 'Invalid query');
      return [...direct, ...nested].includes(quoted.replaceAll(/\\(.)/g, '$1')) ? { hasMembership: true } : {};
    },
  });
  platform.route({
    method: 'GET',
    path: /^\/cloudidentity\/v1\/groups\/(?<group>[^/]+)\/memberships:lookup$/,
    handle({ parameters, query }) {
      const [, { direct }] = named(parameters['group'] ?? '');
      if (!direct.includes(query['memberKey.id'] ?? '')) throw new RestError(404, 'Error(4003): Membership not found');
      return { name: `groups/${parameters['group'] ?? ''}/memberships/1` };
    },
  });
}

let started = 0;

/**
 * Starts everything.
 * @param sections of the configuration; targets of `tcp` are really run.
 * @param more of the environment of `status`
 */
export async function startActing(sections: Readonly<Record<string, unknown>>, more: Partial<Environment> = {}): Promise<Acting> {
  const [platform, secretManager, folder] = await Promise.all([
    startPlatformStandIn(),
    startSecretManagerEmulator(),
    temporaryFolder('vpc-synthetics-acting-'),
  ]);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ environment: 'test', project, region, ...sections }));
  const [iap, google] = [ecSigner('iap-1'), rsaSigner('google-1')];
  const logged: Record<string, unknown>[] = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const environmentOf = (kind: string): Environment => ({
    logLevel: 'info',
    platformEmulator: platform.address,
    secretManagerEmulator: secretManager.address,
    service: `synthetics-test-${kind}`,
  });
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  started += 1;
  const status = await host(
    `status${started}`,
    statusHandler(kinds, folder, { environment: { ...environmentOf('status'), ...more }, write, now }),
  );
  const verify = await host(`verify${started}`, verifyHandler(kinds, folder, { environment: environmentOf('verify'), write }));
  const probe = await host(`tcp${started}`, serve(tcp, kinds, folder, { environment: environmentOf('tcp'), write }));
  platform.put('/gstatic/iap/verify/public_key', { [iap.keyId]: iap.publicKey });
  platform.put('/www/oauth2/v1/certs', { [google.keyId]: google.publicKey });
  platform.put(`/cloudresourcemanager/v3/projects/${project}`, { name: 'projects/123456789', projectId: project });
  platform.put(`/run/v2/${services}/synthetics-test-verify`, { uri: verify.url });
  platform.put(`/run/v2/${services}/synthetics-test-tcp`, { uri: probe.url });
  const acting: Acting = {
    platform,
    iap,
    google,
    logged,
    status,
    verify,
    groups: new Map(),
    edition: 'premium',
    pass: (milliseconds) => void (ahead += milliseconds),
    describe(service = {}, members = ['user:invoker@example.com']) {
      platform.put(ownPath, { uri: ownUrl, ...service });
      platform.put(`${ownPath}:getIamPolicy`, { bindings: [{ role: 'roles/run.invoker', members }] });
    },
    async session(headers = {}) {
      const response = await fetch(new URL('api/session', status.url), { headers });
      if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
      return (await response.json()) as SessionAnswer;
    },
    async close() {
      await Promise.all([status.close(), verify.close(), probe.close()]);
      await Promise.all([platform.close(), secretManager.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  addGroups(platform, () => acting);
  acting.describe();
  return acting;
}
