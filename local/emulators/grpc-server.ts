/** Runs one Google service over plaintext gRPC from the protos that its client library ships. */
import { dirname, join } from 'node:path';
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { UntypedServiceImplementation, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { AnyDefinition, PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import type { Faults } from './faults';
import { StatusError } from './status-error';

/** The messages and services of one client library. */
export interface LoadedProtos {
  readonly definition: PackageDefinition;
  /** Encodes a message of the full name `type` (e.g. `google.rpc.Status`). */
  encode(type: string, message: object): Buffer;
}

/** The methods of a service by their proto names; each takes a decoded request and gives the answer or throws a `StatusError`. */
export type Methods = Readonly<Record<string, Method>>;

// Declared as a method, so that each implementation may name the request type that its decoder gives it.
type Method = { carryOut(request: object): object | Promise<object> }['carryOut'];

/** A server that listens. */
export interface GrpcServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Cuts every connection and stops listening. */
  readonly close: () => Promise<void>;
}

/** Loads `protoFile` (a path below the library's `build/protos`) with everything it imports. */
export function loadProtos(library: string, protoFile: string): LoadedProtos {
  const definition = loadSync(protoFile, {
    includeDirs: [protosOf(library), protosOf('google-gax')],
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  return {
    definition,
    encode(type, message) {
      const found = definition[type];
      if (!isMessage(found)) throw new Error(`${type} is not a message of ${protoFile}`);
      return found.serialize(message);
    },
  };
}

function protosOf(library: string): string {
  // Found by the main module in build/src: not every library lets its package.json be resolved.
  return join(dirname(require.resolve(library)), '..', 'protos');
}

function isMessage(found: AnyDefinition | undefined): found is AnyDefinition & { serialize(message: object): Buffer } {
  return found !== undefined && 'serialize' in found && typeof found.serialize === 'function';
}

function isService(found: AnyDefinition | undefined): found is ServiceDefinition {
  return found !== undefined && !('format' in found);
}

/** What a server is made of. */
export interface GrpcServerParts {
  readonly protos: LoadedProtos;
  /** Full name, e.g. `google.monitoring.v3.MetricService`. */
  readonly service: string;
  readonly methods: Methods;
  readonly faults: Faults;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Hears of every call as it arrives. */
  readonly onCall?: (method: string, request: object) => void;
}

/** Starts the server on loopback; a method that is not given answers UNIMPLEMENTED. */
export async function startGrpcServer(parts: GrpcServerParts): Promise<GrpcServer> {
  const server = new Server();
  const implementation: UntypedServiceImplementation = {};
  for (const name of Object.keys(parts.methods)) {
    implementation[name] = (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>): void => {
      void reply(parts, name, call, answer);
    };
  }
  const service = parts.protos.definition[parts.service];
  if (!isService(service)) throw new Error(`${parts.service} is not a service of the protos`);
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${parts.port ?? 0}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      parts.faults.close();
      server.forceShutdown();
      // Shutting down by force cuts the connections; only a graceful shutdown tells when the last of them is gone.
      await new Promise<void>((resolve) => {
        server.tryShutdown(() => resolve());
      });
    },
  };
}

async function reply(
  parts: GrpcServerParts,
  method: string,
  call: ServerUnaryCall<object, object>,
  answer: sendUnaryData<object>,
): Promise<void> {
  const outcome = await carryOut(parts, method, call);
  if (outcome instanceof StatusError) {
    answer({
      code: isStatus(outcome.code) ? outcome.code : status.UNKNOWN,
      details: outcome.message,
      metadata: statusMetadata(parts.protos, outcome),
    });
  } else if (outcome) {
    answer(null, outcome);
  }
}

function isStatus(code: number): code is status {
  return code in status;
}

/** Gives the answer, the error to answer with, or nothing where the call must stay unanswered. */
async function carryOut(
  parts: GrpcServerParts,
  method: string,
  stream: ServerUnaryCall<object, object>,
): Promise<object | StatusError | undefined> {
  const { request } = stream;
  parts.onCall?.(method, request);
  const call = { method, resource: resourceOf(request) };
  const before = await parts.faults.meet(call, 'before');
  // A caller that gave up during a delay must not find its call carried out later.
  if (before.kind === 'silence' || stream.cancelled) return undefined;
  if (before.kind === 'refuse') return new StatusError(before.code, before.message);
  const outcome = await attempt(parts.methods[method], request);
  const after = await parts.faults.meet(call, 'after');
  if (after.kind === 'silence') return undefined;
  return after.kind === 'refuse' ? new StatusError(after.code, after.message) : outcome;
}

async function attempt(method: Method | undefined, request: object): Promise<object | StatusError> {
  try {
    return method ? await method(request) : new StatusError(status.UNIMPLEMENTED, 'The emulator does not have this method.');
  } catch (error) {
    return error instanceof StatusError ? error : new StatusError(status.INTERNAL, `The emulator failed: ${String(error)}`);
  }
}

/** The resource that a request names: Google's requests keep it in one of these fields. */
function resourceOf(request: object): string {
  const fields = request as { name?: unknown; parent?: unknown; resource?: unknown };
  return [fields.name, fields.parent, fields.resource].find((field) => typeof field === 'string' && field !== '')?.toString() ?? '';
}

/** Google's servers carry details as an encoded `google.rpc.Status` in a binary trailer. */
function statusMetadata(protos: LoadedProtos, error: StatusError): Metadata {
  const metadata = new Metadata();
  if (error.details.length > 0) {
    // The codec's own definition of google.protobuf.Any keeps the proto's field name.
    const details = error.details.map(({ typeUrl, value }) => ({ type_url: typeUrl, value }));
    const message = { code: error.code, message: error.message, details };
    metadata.set('grpc-status-details-bin', protos.encode('google.rpc.Status', message));
  }
  return metadata;
}
