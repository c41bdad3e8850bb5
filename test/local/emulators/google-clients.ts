/** The real Google clients, pointed at emulators on loopback. */
import { credentials } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { MetricServiceClient, protos } from '@google-cloud/monitoring';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';

/** Options of any Google client for `127.0.0.1:port`. */
export function emulated(address: string): NonNullable<ConstructorParameters<typeof MetricServiceClient>[0]> {
  const [apiEndpoint, port] = address.split(':');
  return {
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    universeDomain: 'googleapis.com',
    projectId: 'test-project',
  };
}

export function metricClient(address: string): MetricServiceClient {
  return new MetricServiceClient(emulated(address));
}

export function secretClient(address: string): SecretManagerServiceClient {
  return new SecretManagerServiceClient(emulated(address));
}

/** What a promise of a gRPC call rejects with. */
export async function errorOf(call: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isServiceError(error)) throw new Error(`expected a gRPC error, got ${String(error)}`);
  return error;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}

/** The summary that a partly refused write carries. */
export function summaryOf(error: ServiceError): protos.google.monitoring.v3.CreateTimeSeriesSummary {
  const [trailer] = error.metadata.get('grpc-status-details-bin');
  if (!(trailer instanceof Buffer)) throw new Error('The error carries no details.');
  const status = protos.google.rpc.Status.decode(trailer);
  const [detail] = status.details;
  const code: number = error.code;
  if (status.code !== code || detail?.type_url !== 'type.googleapis.com/google.monitoring.v3.CreateTimeSeriesSummary') {
    throw new Error(`The error carries other details: ${detail?.type_url}`);
  }
  if (!(detail.value instanceof Uint8Array)) throw new Error('The detail is empty.');
  return protos.google.monitoring.v3.CreateTimeSeriesSummary.decode(detail.value);
}
