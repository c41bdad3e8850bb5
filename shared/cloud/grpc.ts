/** Unary calls of Google's gRPC services over one channel each: with the function's own identity, or to a plaintext emulator without. */
import { Client, credentials, Metadata, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { GoogleAuth } from 'google-auth-library';
import { Root, type INamespace, type Type } from 'protobufjs/light';
import { wallClock } from '../clock';
import { initialized } from './call';

/** Where a service is, and what it is called. */
export interface Service {
  /** The host of the real one. */
  readonly host: string;
  /** Its full name in the protocol, `google.monitoring.v3.MetricService`. */
  readonly name: string;
  /** The messages as protobufjs describes them in JSON; of each only the fields that are used. */
  readonly messages: INamespace;
}

/** A method with the names of its messages. */
export interface Method {
  readonly name: string;
  readonly request: string;
  readonly answer: string;
}

/** A service that can be called. */
export interface Channel {
  /**
   * Calls a method.
   * @param routing the request's field that names the resource, which Google's front end routes by (https://google.aip.dev/4222).
   * @throws ServiceError with gRPC's code
   */
  call<A>(method: Method, request: object, routing: readonly [field: string, value: string], timeoutMs: number): Promise<A>;
  /** Finds the credentials and connects; resolves, after 3 s at the latest, whether or not that went well. */
  readonly ready: () => Promise<void>;
  readonly close: () => void;
}

const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
/** Pages of points are larger than the 4 MB that gRPC allows by itself. */
const channelOptions = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
const connectMs = 1000;

/** gRPC knows no `Headers` object yet, which is what an identity gives. */
function identityCredentials(auth: GoogleAuth): ChannelCredentials {
  const identity = { getRequestHeaders: async (url?: string) => Object.fromEntries(await auth.getRequestHeaders(url)) };
  return credentials.combineChannelCredentials(credentials.createSsl(), credentials.createFromGoogleCredential(identity));
}

/** @param emulator `host:port` of a plaintext emulator, or undefined for the real service. */
export function openChannel({ host, name, messages }: Service, emulator: string | undefined): Channel {
  const auth = emulator === undefined ? new GoogleAuth({ scopes }) : undefined;
  const client = new Client(emulator ?? `${host}:443`, auth ? identityCredentials(auth) : credentials.createInsecure(), channelOptions);
  const root = Root.fromJSON(messages);
  const types = new Map<string, Type>();
  const typeOf = (message: string): Type => {
    const type = types.get(message) ?? root.lookupType(message);
    types.set(message, type);
    return type;
  };
  let hasConnected = false;
  const connect = (): Promise<void> =>
    new Promise((resolve) => {
      client.waitForReady(wallClock() + connectMs, () => resolve());
    });
  return {
    call<A>(method: Method, request: object, [field, value]: readonly [string, string], timeoutMs: number): Promise<A> {
      const [asked, answered] = [typeOf(method.request), typeOf(method.answer)];
      const metadata = new Metadata();
      metadata.set('x-goog-request-params', `${field}=${encodeURIComponent(value)}`);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          `/${name}/${method.name}`,
          (message: object) => asked.encode(message).finish() as Buffer,
          (bytes: Buffer) => answered.decode(bytes),
          request,
          metadata,
          { deadline: wallClock() + timeoutMs },
          (error: ServiceError | null, answer?: object) => (error ? reject(error) : resolve(answer as A)),
        );
      });
    },
    async ready() {
      if (hasConnected) return;
      // Once: an API that can't be reached is told by its calls, and must not hold up every run.
      hasConnected = true;
      await initialized({ initialize: async () => auth?.getClient() });
      await connect();
    },
    close: () => client.close(),
  };
}

/** @returns a field of a message, as protobufjs describes it in JSON. */
export const field = (type: string, id: number, rule?: 'repeated') => ({ type, id, ...(rule ? { rule } : {}) });
/** @returns a map from texts to texts. */
export const textMap = (id: number) => ({ keyType: 'string', type: 'string', id });
/** `google.protobuf.Timestamp`. */
export const stamp = { fields: { seconds: field('int64', 1), nanos: field('int32', 2) } };
