/** Runs a handler under the real functions-framework, in this process. */
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Handler } from '../../shared/serve/handler';

/** A handler behind a port. */
export interface Hosted {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the framework's server for the handler on a free port of 127.0.0.1. */
export async function host(name: string, handler: Handler): Promise<Hosted> {
  http(name, handler);
  const server = getTestServer(name);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
