/** `functions deploy`: the function from the flags, and the fields that an update names. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { objectOf, textOf } from '../rest';
import type { Document } from '../rest';
import { defined, itemsOf, pairsOf } from './command';
import type { Given } from './command';
import { GcloudError } from './session';

/** A function, and the fields of it that the flags named. */
export interface Wanted {
  readonly function: Document;
  readonly mask: readonly string[];
}

const numbers: Readonly<Record<string, readonly [field: string, mask: string]>> = {
  'max-instances': ['maxInstanceCount', 'max_instance_count'],
  'min-instances': ['minInstanceCount', 'min_instance_count'],
  concurrency: ['maxInstanceRequestConcurrency', 'max_instance_request_concurrency'],
};
const texts: Readonly<Record<string, readonly [field: string, mask: string]>> = {
  memory: ['availableMemory', 'available_memory'],
  cpu: ['availableCpu', 'available_cpu'],
  'service-account': ['serviceAccountEmail', 'service_account_email'],
};
const ingresses: Readonly<Record<string, string>> = {
  all: 'ALLOW_ALL',
  'internal-only': 'ALLOW_INTERNAL_ONLY',
  'internal-and-gclb': 'ALLOW_INTERNAL_AND_GCLB',
};

/** @param present the function as it is, if there is one. */
export function wantedFunction({ flags }: Given, name: string, source: Document, present: Document | undefined): Wanted {
  if (flags.has('cpu') && !flags.has('memory')) throw new GcloudError('Invalid value for [--cpu]: can only be set with --memory.');
  const mask = new Set(['build_config.source', 'event_trigger']);
  const service: Record<string, unknown> = {};
  const set = (field: string, path: string, value: unknown): void => {
    mask.add(`service_config.${path}`);
    if (value !== undefined) service[field] = value;
  };
  for (const [flag, [field, path]] of Object.entries(numbers)) if (flags.has(flag)) set(field, path, Number(flags.get(flag)));
  for (const [flag, [field, path]] of Object.entries(texts)) if (flags.has(flag)) set(field, path, flags.get(flag));
  if (flags.has('timeout')) set('timeoutSeconds', 'timeout_seconds', Number(flags.get('timeout')?.replace(/s$/, '')));
  if (flags.has('ingress-settings')) set('ingressSettings', 'ingress_settings', ingresses[flags.get('ingress-settings') ?? '']);
  setVpc(flags, name, set);
  const environment = environmentOf(flags, objectOf(objectOf(present?.['serviceConfig'])['environmentVariables']));
  if (environment.isNamed) mask.add('service_config.environment_variables');
  if (flags.has('runtime')) mask.add('build_config.runtime');
  if (flags.has('entry-point')) mask.add('build_config.entry_point');
  if (flags.has('build-service-account')) mask.add('build_config.service_account');
  const labels = labelsOf(flags, present);
  if (labels) mask.add('labels');
  return {
    mask: [...mask].toSorted(),
    function: {
      name,
      buildConfig: defined({
        entryPoint: flags.get('entry-point'),
        environmentVariables: {},
        runtime: flags.get('runtime'),
        serviceAccount: flags.get('build-service-account'),
        source: { storageSource: source },
      }),
      ...(labels && { labels }),
      serviceConfig: { ...service, environmentVariables: environment.values },
    },
  };
}

function setVpc(flags: Given['flags'], name: string, set: (field: string, path: string, value: unknown) => void): void {
  const connector = flags.get('vpc-connector');
  const egress = flags.get('egress-settings');
  const parent = name.replace(/\/functions\/.*$/, '');
  if (connector !== undefined)
    set('vpcConnector', 'vpc_connector', connector.includes('/') ? connector : `${parent}/connectors/${connector}`);
  if (egress !== undefined)
    set('vpcConnectorEgressSettings', 'vpc_connector_egress_settings', egress === 'all' ? 'ALL_TRAFFIC' : 'PRIVATE_RANGES_ONLY');
  if (!flags.has('clear-vpc-connector')) return;
  set('vpcConnector', 'vpc_connector', undefined);
  set('vpcConnectorEgressSettings', 'vpc_connector_egress_settings', undefined);
}

function environmentOf(flags: Given['flags'], present: Document): { readonly values: Document; readonly isNamed: boolean } {
  const file = flags.get('env-vars-file');
  if (file !== undefined) {
    const read = objectOf(parse(readFileSync(file, 'utf8')));
    return { values: Object.fromEntries(Object.entries(read).map(([key, value]) => [key, String(value)])), isNamed: true };
  }
  const replaced = flags.get('set-env-vars');
  if (replaced !== undefined) return { values: pairsOf(replaced), isNamed: true };
  const isNamed = ['update-env-vars', 'remove-env-vars', 'clear-env-vars'].some((flag) => flags.has(flag));
  if (flags.has('clear-env-vars')) return { values: {}, isNamed };
  const removed = itemsOf(flags.get('remove-env-vars') ?? '');
  const kept = Object.entries(present).filter(([key]) => !removed.includes(key));
  return { values: { ...Object.fromEntries(kept), ...pairsOf(flags.get('update-env-vars') ?? '') }, isNamed };
}

function labelsOf(flags: Given['flags'], present: Document | undefined): Document | undefined {
  const updates = flags.get('update-labels');
  if (present && updates === undefined && !flags.has('remove-labels') && !flags.has('clear-labels')) return undefined;
  const removed = itemsOf(flags.get('remove-labels') ?? '');
  const kept = flags.has('clear-labels') ? [] : Object.entries(objectOf(present?.['labels'])).filter(([key]) => !removed.includes(key));
  return { ...Object.fromEntries(kept), ...pairsOf(updates ?? ''), 'deployment-tool': 'cli-gcloud' };
}

/** @throws GcloudError where the region does not offer the runtime */
export function checkRuntime(runtime: string | undefined, offered: readonly unknown[]): void {
  if (runtime === undefined) throw new GcloudError('Missing required argument [runtime]: Flag `--runtime` is required for new functions.');
  const names = offered.map(objectOf).filter(({ environment }) => environment === 'GEN_2');
  if (names.some(({ name }) => textOf(name) === runtime)) return;
  const hint = 'Use `gcloud functions runtimes list` to get a list of available runtimes';
  throw new GcloudError(`Invalid value for [--runtime]: ${runtime} is not a supported runtime on GCF 2nd gen. ${hint}`);
}
