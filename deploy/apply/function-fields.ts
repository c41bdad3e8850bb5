/** A function's settings in one spelling, whether planned or found (Cloud Functions v2 REST reference, "Function"). */
import type { FunctionPlan, VpcAccess } from '../plan/plan';
import type { Found } from './compare';
import { fingerprintLabel, readFingerprint } from './fingerprint';
import { documentsOf, objectOf, textOf, type Document } from './google';

/** The label with the digits that stand for bundle and configuration: the API does not tell what a source holds. */
export const sourceLabel = 'synthetics-source';

/** @returns what is compared of a planned function. */
export function plannedFields(planned: FunctionPlan, source: string): Document {
  return {
    runtime: planned.runtime,
    entryPoint: planned.entryPoint,
    account: planned.account,
    memoryMiB: planned.memoryMiB,
    cpu: planned.cpu,
    concurrency: planned.concurrency,
    minInstances: planned.minInstances,
    maxInstances: planned.maxInstances,
    timeoutSeconds: planned.timeoutSeconds,
    ingress: planned.ingress,
    vpc: vpcFields(planned.vpc),
    environment: planned.environment,
    labels: planned.labels,
    source,
  };
}

function vpcFields(vpc: VpcAccess | undefined): Document {
  if (!vpc) return {};
  if ('connector' in vpc) return { connector: lastPart(vpc.connector), egress: vpc.egress };
  return { network: lastPart(vpc.network), subnet: lastPart(vpc.subnet ?? vpc.network), egress: vpc.egress };
}

/** @returns what is compared of a function as the API shows it. */
export function foundFields(found: Document, planned: FunctionPlan): Found {
  const build = objectOf(found['buildConfig']);
  const service = objectOf(found['serviceConfig']);
  const labels = objectOf(found['labels']);
  // gcloud adds this one by itself.
  const { LOG_EXECUTION_ID: _added, ...environment } = objectOf(service['environmentVariables']);
  return {
    fields: {
      runtime: textOf(build['runtime']),
      entryPoint: textOf(build['entryPoint']),
      account: textOf(service['serviceAccountEmail']),
      memoryMiB: mebibytes(textOf(service['availableMemory'])),
      cpu: cpus(textOf(service['availableCpu'])),
      concurrency: Number(service['maxInstanceRequestConcurrency'] ?? 1),
      minInstances: Number(service['minInstanceCount'] ?? 0),
      maxInstances: Number(service['maxInstanceCount'] ?? 0),
      timeoutSeconds: Number(service['timeoutSeconds'] ?? 0),
      ingress: textOf(service['ingressSettings']).replace('ALLOW_', '').toLowerCase().replaceAll('_', '-'),
      vpc: foundVpc(service),
      environment,
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => key in planned.labels)),
      source: textOf(labels[sourceLabel]),
    },
    fingerprint: readFingerprint(textOf(labels[fingerprintLabel])),
  };
}

function foundVpc(service: Document): Document {
  const connector = textOf(service['vpcConnector']);
  if (connector) return { connector: lastPart(connector), egress: egressOf(service['vpcConnectorEgressSettings']) };
  const [direct] = documentsOf(service['directVpcNetworkInterface']);
  if (!direct) return {};
  const network = lastPart(textOf(direct['network']));
  return { network, subnet: lastPart(textOf(direct['subnetwork'])) || network, egress: egressOf(service['directVpcEgress']) };
}

function egressOf(value: unknown): string {
  return textOf(value).endsWith('ALL_TRAFFIC') ? 'all' : 'private-ranges-only';
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const factors: Readonly<Record<string, number>> = { M: 1, G: 1024 };

/** @returns the MiB of a quantity such as `512Mi`, `512M` or `1Gi`; the API means powers of two by all of them. */
export function mebibytes(quantity: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([MG])i?B?$/.exec(quantity) ?? [];
  return Number(amount) * (factors[unit] ?? Number.NaN);
}

/** @returns the CPUs of a quantity such as `1`, `0.5` or `500m`. */
export function cpus(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
