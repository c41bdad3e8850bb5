/** Memorystore for Redis: an instance, and whether a redis target leads to it as it is set up (REST v1, `projects.locations.instances`). */
import { isIP } from 'node:net';
import * as z from 'zod';
import { canonicalHost, decodePart, parseUrl } from '../../shared/hosts';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask } from './ask';
import type { memorystore } from './fields';
import { compare, met, stateFinding, unmet, untold } from './findings';
import { inLocation } from './names';

const answer = z.object({
  state: z.string().optional(),
  statusMessage: z.string().optional(),
  host: z.string().optional(),
  port: z.number().optional(),
  readEndpoint: z.string().optional(),
  readEndpointPort: z.number().optional(),
  authEnabled: z.boolean().optional(),
  transitEncryptionMode: z.string().optional(),
});
type Answer = z.output<typeof answer>;

/** Where a target of redis leads, and how. */
interface Client {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  readonly hasPassword: boolean;
}

export async function checkMemorystore(wanted: z.output<typeof memorystore>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inLocation(wanted.instance, 'instances', context.run);
  const actual = await ask({ api: 'redis', version: 'v1', what: 'Memorystore instance', name, answer }, context);
  const state = stateFinding(actual.state, 'READY', actual.statusMessage);
  return wanted.matches === undefined ? [state] : [state, ...comparison(actual, wanted.matches, context.referenced(wanted.matches))];
}

const usualPort = 6379;

function clientOf(spec: Readonly<Record<string, unknown>>): Client | undefined {
  const { url, tls, host, port, password } = spec;
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined;
  const at = parsed ? parsed.host : host;
  if (typeof at !== 'string' || at === '') return undefined;
  const mode = typeof tls === 'object' && tls !== null && 'mode' in tls ? tls.mode : undefined;
  return {
    host: canonicalHost(decodePart(at)),
    port: (parsed ? parsed.port : typeof port === 'number' ? port : undefined) ?? usualPort,
    isEncrypted: mode === undefined ? parsed?.scheme === 'rediss' : mode !== 'disable',
    hasPassword: parsed ? parsed.url.password !== '' || parsed.url.searchParams.has('password') : password !== undefined,
  };
}

function comparison(actual: Answer, target: string, spec: Readonly<Record<string, unknown>>): readonly Finding[] {
  const client = clientOf(spec);
  const refused = (message: string): readonly Finding[] => [untold('matches', { reason: 'config_invalid', message })];
  if (!client) return refused(`the redis target ${target} names no host that could be compared`);
  if (actual.host === undefined) return [untold('host', { reason: 'api_unavailable', message: 'the API does not tell the host' })];
  if (isIP(actual.host) !== 0 && isIP(client.host) === 0)
    return refused(`the redis target ${target} leads to the name ${client.host}, which can't be compared with the address ${actual.host}`);
  const { transitEncryptionMode: mode, authEnabled = false } = actual;
  const encrypts = mode === 'SERVER_AUTHENTICATION';
  const whose = (told: string): string => `, but the redis target ${target} ${told}`;
  return [
    ...address(actual, client, target),
    encrypts === client.isEncrypted
      ? met('transitEncryptionMode', `transitEncryptionMode is ${mode ?? 'not set'}`)
      : unmet(
          'transitEncryptionMode',
          `transitEncryptionMode is ${mode ?? 'not set'}${whose(client.isEncrypted ? 'uses TLS' : 'uses no TLS')}`,
        ),
    authEnabled === client.hasPassword
      ? met('authEnabled', `authEnabled is ${authEnabled}`)
      : unmet('authEnabled', `authEnabled is ${authEnabled}${whose(client.hasPassword ? 'sends a password' : 'sends no password')}`),
  ];
}

/** A target may lead to the primary, or to the replicas by their own address. */
function address({ host = '', port, readEndpoint, readEndpointPort }: Answer, client: Client, target: string): readonly Finding[] {
  const reads = readEndpoint !== undefined && canonicalHost(readEndpoint) === client.host;
  const [atHost, atPort] = reads ? [readEndpoint, readEndpointPort] : [host, port];
  const note = `the redis target ${target} leads to ${client.host}:${client.port}`;
  return [
    compare('host', atHost, client.host, { isMet: canonicalHost(atHost) === client.host, note }),
    compare('port', atPort, client.port, { note }),
  ];
}
