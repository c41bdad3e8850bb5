/** Cloud SQL: an instance and how it may be reached (Admin API v1, `instances`). */
import * as z from 'zod';
import { Fault } from '../../shared/fault';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask } from './ask';
import type { cloudSql } from './fields';
import { compare, compareResource, stateFinding, where } from './findings';
import { ofInstance } from './names';

const answer = z.object({
  state: z.string().optional(),
  databaseVersion: z.string().optional(),
  databaseInstalledVersion: z.string().optional(),
  settings: z
    .object({
      activationPolicy: z.string().optional(),
      ipConfiguration: z
        .object({ privateNetwork: z.string().optional(), requireSsl: z.boolean().optional(), sslMode: z.string().optional() })
        .optional(),
    })
    .optional(),
});
type Answer = z.output<typeof answer>;

/** The modes that refuse connections without TLS; where there is a mode, it counts and not `requireSsl`. */
const encrypting: ReadonlySet<string> = new Set(['ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED']);

export async function checkCloudSql(wanted: z.output<typeof cloudSql>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = ofInstance(wanted.instance, context.run);
  const actual = await find(name, context);
  const { privateNetwork } = actual.settings?.ipConfiguration ?? {};
  context.observe({ 'cloudSql.version': actual.databaseInstalledVersion ?? actual.databaseVersion ?? null });
  return [
    state(actual),
    ...where(wanted.privateNetwork, (network) =>
      typeof network === 'string'
        ? compareResource('privateNetwork', privateNetwork, network)
        : compare('privateNetwork', privateNetwork, network ? 'a network' : 'none', { isMet: Boolean(privateNetwork) === network }),
    ),
    ...where(wanted.requireSsl, (expected) => requireSsl(actual, expected)),
    ...where(wanted.version, (version) => versionFinding(actual, version)),
  ];
}

async function find(name: string, context: ProbeContext): Promise<Answer> {
  try {
    return await ask({ api: 'sqladmin', version: 'v1', what: 'Cloud SQL instance', name, answer }, context);
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== 'api_denied') throw error;
    throw new Fault(error.reason, `${error.message} (Cloud SQL may say so of an instance that does not exist, too)`, { code: error.code });
  }
}

/** An instance that was stopped still calls itself RUNNABLE: its activation policy tells. */
function state({ state: said, settings }: Answer): Finding {
  const isStopped = said === 'RUNNABLE' && settings?.activationPolicy === 'NEVER';
  return isStopped ? stateFinding('STOPPED', 'RUNNABLE', 'its activationPolicy is NEVER') : stateFinding(said, 'RUNNABLE');
}

function requireSsl({ settings }: Answer, expected: boolean): Finding {
  const { sslMode, requireSsl: flag = false } = settings?.ipConfiguration ?? {};
  const isTold = sslMode !== undefined && sslMode !== 'SSL_MODE_UNSPECIFIED';
  const actual = isTold ? encrypting.has(sslMode) : flag;
  return compare('requireSsl', actual, expected, { note: isTold ? `sslMode ${sslMode}` : undefined });
}

function versionFinding({ databaseVersion, databaseInstalledVersion }: Answer, expected: string): Finding {
  const isMet = [databaseVersion, databaseInstalledVersion].some((version) => version?.toUpperCase() === expected.toUpperCase());
  const note = databaseInstalledVersion === databaseVersion ? undefined : databaseInstalledVersion;
  return compare('version', databaseVersion, expected, { isMet, note });
}
