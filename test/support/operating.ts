/** An operator at work: the function `status`, a target that answers once the test lets it, and one that nobody answers. */
import { assertionOf, startActing, type Acting } from './acting';
import { serveRaw, type RawServer } from './raw-server';

/** The one who acts, unless a test says otherwise. */
export const ann = 'ann@example.com';

/** Everything around the operator. */
export interface Operating extends Acting {
  /** Where the target `mail` leads. */
  readonly server: RawServer;
  /** Lets the server answer those who wait, and all who come. */
  release(): void;
  /** The headers by which somebody is known. */
  as(address: string): Record<string, string>;
  act(action: 'run' | 'verify', body: object, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response>;
  /** What the logs say so far. */
  messages(): string[];
}

/** Starts everything. */
export async function startOperating(): Promise<Operating> {
  let isOpen = false;
  const waiting = new Set<() => void>();
  const server = await serveRaw((socket) => {
    const answer = (): void => void socket.write('ready\r\n');
    if (isOpen) answer();
    else waiting.add(answer);
  });
  const confirm = { attempts: 1 };
  const steps = [{ expect: 'ready', within: '20s' }];
  const acting = await startActing({
    tcp: {
      mail: { host: server.host, port: server.port, confirm, steps, timeout: '20s' },
      nobody: { host: '127.0.0.1', port: 1, severity: 'warning', confirm },
    },
    http: { lost: { url: 'http://127.0.0.1:1/' } },
    verify: { rounds: 2, interval: '0s' },
    status: { operators: [`user:${ann}`, 'user:ben@example.com'] },
  });
  const as = (address: string): Record<string, string> => ({ 'x-goog-iap-jwt-assertion': acting.iap.sign(assertionOf(address)) });
  return {
    ...acting,
    server,
    release() {
      isOpen = true;
      for (const answer of waiting) answer();
    },
    as,
    act: (action, body, headers = {}, signal) =>
      fetch(new URL(`api/${action}`, acting.status.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-synthetics-action': action, ...as(ann), ...headers },
        body: JSON.stringify(body),
        signal: signal ?? null,
      }),
    messages: () => acting.logged.map(({ message }) => String(message)),
    async close() {
      await acting.close();
      await server.close();
    },
  };
}
