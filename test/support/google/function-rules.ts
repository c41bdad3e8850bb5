/** What the Cloud Functions API refuses in a function (v2 REST reference, "Function"). */
import { ApiError, invalid, listOf, objectOf, refuseUnknown, textOf } from './rest';
import type { Document } from './rest';

const fields = [
  'name',
  'description',
  'buildConfig',
  'serviceConfig',
  'eventTrigger',
  'labels',
  'environment',
  'kmsKeyName',
  'state',
  'updateTime',
  'url',
  'createTime',
  'stateMessages',
  'satisfiesPzs',
  'upgradeInfo',
];
const buildFields = [
  'automaticUpdatePolicy',
  'onDeployUpdatePolicy',
  'build',
  'runtime',
  'entryPoint',
  'source',
  'sourceProvenance',
  'workerPool',
  'environmentVariables',
  'dockerRegistry',
  'dockerRepository',
  'serviceAccount',
  'sourceToken',
];
const serviceFields = [
  'service',
  'timeoutSeconds',
  'availableMemory',
  'availableCpu',
  'environmentVariables',
  'maxInstanceCount',
  'minInstanceCount',
  'vpcConnector',
  'vpcConnectorEgressSettings',
  'ingressSettings',
  'uri',
  'serviceAccountEmail',
  'allTrafficOnLatestRevision',
  'secretEnvironmentVariables',
  'secretVolumes',
  'revision',
  'maxInstanceRequestConcurrency',
  'securityLevel',
  'binaryAuthorizationPolicy',
  'directVpcNetworkInterface',
  'directVpcEgress',
];
const runtimes = ['nodejs22', 'nodejs24'];
const egresses = ['VPC_CONNECTOR_EGRESS_SETTINGS_UNSPECIFIED', 'PRIVATE_RANGES_ONLY', 'ALL_TRAFFIC'];
const ingresses = ['INGRESS_SETTINGS_UNSPECIFIED', 'ALLOW_ALL', 'ALLOW_INTERNAL_ONLY', 'ALLOW_INTERNAL_AND_GCLB'];
/** Names that the platform keeps for itself (Cloud Run, "Reserved environment variables"). */
const reserved = /^(X_GOOGLE_.*|PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|FUNCTION_TARGET|FUNCTION_SIGNATURE_TYPE|CLOUD_RUN_.*)$/;

/** Memory by CPU (Cloud Run, "CPU limits"): at least so many MiB for so many CPUs. */
const leastMemory: readonly (readonly [cpu: number, mebibytes: number])[] = [
  [8, 4096],
  [6, 4096],
  [4, 2048],
  [2, 512],
  [1, 128],
];

/** @throws ApiError where the API would refuse the function. */
export function checkFunction(fn: Document): void {
  refuseUnknown(fn, fields, 'function');
  const build = objectOf(fn['buildConfig']);
  const service = objectOf(fn['serviceConfig']);
  refuseUnknown(build, buildFields, 'function.build_config');
  refuseUnknown(service, serviceFields, 'function.service_config');
  if (!runtimes.includes(textOf(build['runtime']))) {
    throw invalid(`Could not create or update Cloud Run service: runtime ${textOf(build['runtime'])} is not supported on GCF Gen2.`);
  }
  if (!/^[\w.-]+$/.test(textOf(build['entryPoint']))) throw invalid('Validation failed for function: entry point is missing or malformed.');
  checkSize(service);
  checkVpc(service);
  for (const name of Object.keys(objectOf(service['environmentVariables']))) {
    if (reserved.test(name)) throw invalid(`environment_variables: the name ${name} is reserved.`);
  }
  for (const [key, value] of Object.entries(objectOf(fn['labels']))) checkLabel(key, textOf(value));
}

function checkSize(service: Document): void {
  const timeout = Number(service['timeoutSeconds'] ?? 60);
  if (!(timeout >= 1 && timeout <= 3600)) throw invalid('Timeout must be between 1 and 3600 seconds.');
  const memory = mebibytes(textOf(service['availableMemory']) || '256M');
  const cpu = cpus(textOf(service['availableCpu'])) ?? defaultCpu(memory);
  const concurrency = Number(service['maxInstanceRequestConcurrency'] ?? 1);
  if (!(concurrency >= 1 && concurrency <= 1000)) throw invalid('Concurrency must be between 1 and 1000.');
  if (concurrency > 1 && cpu < 1) throw invalid('Total cpu < 1 is not supported with concurrency > 1.');
  const [, least] = leastMemory.find(([count]) => cpu >= count) ?? [0, 128];
  if (memory < least) throw invalid(`For ${cpu} CPU, memory must be at least ${least}Mi.`);
  const [low, high] = [Number(service['minInstanceCount'] ?? 0), Number(service['maxInstanceCount'] ?? 100)];
  if (low > high) throw invalid('min_instance_count must not be above max_instance_count.');
}

/** @returns the CPUs that the platform gives where none are asked for (Cloud Run functions, "Configure memory"). */
export function defaultCpu(memory: number): number {
  const steps: readonly (readonly [number, number])[] = [
    [128, 0.083],
    [256, 0.1666],
    [512, 0.3333],
    [1024, 0.5833],
    [2048, 1],
    [8192, 2],
    [16384, 4],
  ];
  return steps.find(([most]) => memory <= most)?.[1] ?? 8;
}

/** @returns the MiB of a quantity such as `512Mi`, `512M` or `1Gi`. */
export function mebibytes(quantity: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(Ki?|Mi?|Gi?|)B?$/.exec(quantity) ?? [];
  if (amount === undefined) throw invalid(`Invalid memory: ${quantity}`);
  const factors: Readonly<Record<string, number>> = { '': 1 / 1048576, K: 1 / 1024, Ki: 1 / 1024, M: 1, Mi: 1, G: 1024, Gi: 1024 };
  return Number(amount) * (factors[unit ?? ''] ?? 1);
}

function cpus(quantity: string): number | undefined {
  if (quantity === '') return undefined;
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  if (amount === undefined) throw invalid(`Invalid cpu: ${quantity}`);
  return milli ? Number(amount) / 1000 : Number(amount);
}

function checkVpc(service: Document): void {
  const connector = textOf(service['vpcConnector']);
  const egress = textOf(service['vpcConnectorEgressSettings']);
  if (connector && !/^projects\/[^/]+\/locations\/[^/]+\/connectors\/[a-z][a-z0-9-]*$/.test(connector)) {
    throw invalid(`VPC connector ${connector} is malformed.`);
  }
  if (egress && !egresses.includes(egress)) throw invalid(`Unknown egress setting ${egress}.`);
  if (egress && !connector && egress !== egresses[0]) throw invalid('Egress settings need a VPC connector.');
  if (connector && listOf(service['directVpcNetworkInterface']).length > 0)
    throw invalid('A VPC connector and Direct VPC exclude each other.');
  const ingress = textOf(service['ingressSettings']);
  if (ingress && !ingresses.includes(ingress)) throw invalid(`Unknown ingress setting ${ingress}.`);
}

function checkLabel(key: string, value: string): void {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key)) throw invalid(`Label key ${key} is malformed.`);
  if (!/^[a-z0-9_-]{0,63}$/.test(value)) throw invalid(`Label value ${value} is malformed.`);
}

/** @throws 400 where no function can have this name. */
export function checkFunctionName(id: string): void {
  if (!/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(id)) {
    throw new ApiError(400, `Function name ${id} is invalid: it must match ^[a-z]([-a-z0-9]*[a-z0-9])?$ and have at most 63 characters.`);
  }
}
