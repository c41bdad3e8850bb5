/** No way to link-local addresses and metadata servers: by whatever name, spelling, redirect or answer of the resolver. */
import dns from 'node:dns/promises';
import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import * as http from '../../functions/http';
import * as journey from '../../functions/journey';
import * as postgres from '../../functions/postgres';
import * as redis from '../../functions/redis';
import * as tcp from '../../functions/tcp';
import * as websocket from '../../functions/websocket';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { Result } from '../../shared/result';
import type { Runnable } from '../../shared/run/attempt';
import { httpServer, redirect } from '../support/exchanging';
import { configOf, probeOne } from '../support/probing';
import { silentServer, type RawServer } from '../support/raw-server';

/** Every address that a socket of this process tried to reach. */
const dialled: string[] = [];
const listen = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  socket.on('connectionAttempt', (address) => dialled.push(address));
};
let secrets: SecretManagerEmulator;
let server: RawServer;
beforeAll(async () => {
  secrets = await startSecretManagerEmulator();
  server = await silentServer();
  channel('net.client.socket').subscribe(listen);
});
beforeEach(() => void (dialled.length = 0));
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  channel('net.client.socket').unsubscribe(listen);
  await secrets.close();
  await server.close();
});

/** As the URL standard, inet_aton(3) and people spell them; in brackets where they are IPv6. */
const spellings = [
  '169.254.169.254',
  '169.254.169.254.',
  '2852039166',
  '0xa9fea9fe',
  '0xA9.0xFE.0xa9.0xfe',
  '0251.0376.0251.0376',
  '0251.254.43518',
  '169.16689662',
  '169.254.1',
  '169。254。169。254',
  '１６９.２５４.169.254',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[::169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  '[::ffff:0:169.254.169.254]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '[fe80::1]',
  '[febf::1]',
  'metadata',
  'METADATA.google.internal',
  'metadata.google.internal.',
  'metadata.goog',
];

const login = { user: 'u', database: 'd', password: 'p', tls: { mode: 'disable' } };
const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
/** A target of each kind that leads to the host; `${}` is the value of the secret. */
const leading: Readonly<Record<string, readonly [Runnable, (host: string) => object]>> = {
  http: [http, (host) => ({ url: `http://${host}:${server.port}/` })],
  websocket: [websocket, (host) => ({ url: `ws://${host}:${server.port}/` })],
  tcp: [tcp, (host) => ({ host: bare(host), port: server.port })],
  redis: [redis, (host) => ({ host: bare(host), port: server.port })],
  postgres: [postgres, (host) => ({ host: bare(host), port: server.port, ...login })],
  journey: [journey, (host) => ({ steps: [{ name: 'a', tcp: { host: bare(host), port: server.port, steps: [{ expect: 'x' }] } }] })],
};
const kindsLeading = Object.keys(leading);

const local = (address: string): boolean => address === '127.0.0.1' || address === '::1';
const elsewhere = (): readonly string[] => dialled.filter((address) => !local(address));

describe.each(kindsLeading)('%s', (kind) => {
  const [runnable, targetOf] = leading[kind] ?? [];
  const run = (target: object, config = {}): Promise<Result> => {
    if (!runnable) throw new Error(kind);
    return probeOne(runnable, { timeout: '2s', ...target }, { secretManager: secrets.address, config });
  };

  test('is refused by the configuration, however the address is spelled', () => {
    for (const host of spellings)
      expect(() => configOf({ [kind]: { a: targetOf?.(host) } })).toThrow(/link-local|metadata|not a host|is not a URL/);
  });

  test('is refused where a secret names it, and where the resolver does; nothing is dialled', async () => {
    for (const host of spellings) {
      secrets.put('place', { value: bare(host) });
      // Inside a URL the colons of an address are percent-encoded: only names and IPv4 can be filled in there.
      if (['http', 'websocket'].includes(kind) && host.startsWith('[')) continue;
      const result = await run(targetOf?.('${secret:place}') ?? {});
      expect([host, result.outcome, result.reason]).toEqual([host, 'unknown', 'config_invalid']);
    }
    expect(elsewhere()).toEqual([]);
  });

  test('is refused where a harmless name leads there; of several addresses only the harmless ones are dialled', async () => {
    const answers = (...addresses: readonly string[]): unknown =>
      jest
        .spyOn(dns, 'lookup')
        .mockImplementation((async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) as never);
    for (const address of ['169.254.169.254', '::ffff:a9fe:a9fe', 'fe80::1%lo', 'fd00:ec2::254', '64:ff9b::a9fe:a9fe']) {
      answers(address);
      expect(await run(targetOf?.('harmless.example.com') ?? {})).toMatchObject({ outcome: 'unknown', reason: 'config_invalid' });
    }
    expect(dialled.filter((address) => !local(address))).toEqual([]);
    answers('169.254.169.254', '127.0.0.1', 'fe80::1');
    await run({ ...targetOf?.('harmless.example.com'), timeout: '300ms' });
    expect(dialled).toContain('127.0.0.1');
    expect(elsewhere()).toEqual([]);
  });

  test('a resolver that says something else when asked again is asked once', async () => {
    let asked = 0;
    jest.spyOn(dns, 'lookup').mockImplementation((async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    }) as never);
    await run({ ...targetOf?.('rebinding.example.com'), timeout: '300ms' });
    expect(asked).toBe(1);
    expect(elsewhere()).toEqual([]);
  });
});

describe('a redirect', () => {
  const to = async (location: string, config = {}): Promise<Result> => {
    const from = await httpServer((_request, response) => redirect(response, 302, location));
    try {
      const url = `http://127.0.0.1:${from.port}/`;
      return await probeOne(http, { url, timeout: '2s', headers: { Authorization: 'Bearer x' } }, { config });
    } finally {
      await from.close();
    }
  };

  test('to any spelling is refused, and so it is by user names, paths and other schemes', async () => {
    const tricks = [
      'http://a@169.254.169.254/',
      '//169.254.169.254/x',
      'http:\\\\169.254.169.254\\',
      'HTTP://0xa9fea9fe',
      '\thttp://169.254.169.254/',
      'http://169.254.169.254%2f@169.254.169.254/',
    ];
    const schemes = [
      'file:///etc/passwd',
      'gopher://169.254.169.254/',
      'ftp://169.254.169.254/',
      'data:text/plain,x',
      'javascript:1',
      'unix:/run/x.sock',
      'ws://169.254.169.254/',
      'https://[::ffff:169.254.169.254]/',
    ];
    for (const location of [
      ...spellings.filter((host) => /^[\x21-\x7e]+$/.test(host)).map((host) => `http://${host}/`),
      ...tricks,
      ...schemes,
    ]) {
      const { outcome, reason, message } = await to(location);
      expect([location, outcome, reason, message]).toEqual([
        location,
        'failure',
        'unexpected_status',
        expect.stringContaining('was refused'),
      ]);
    }
    expect(elsewhere()).toEqual([]);
  });

  test('to a name that leads there is refused', async () => {
    const { lookup } = dns;
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation((async (name: string) =>
        name === 'harmless.example.com' ? [{ address: '169.254.169.254', family: 4 }] : lookup(name, { all: true })) as never);
    expect(await to('http://harmless.example.com/')).toMatchObject({ outcome: 'failure', reason: 'unexpected_status' });
    expect(elsewhere()).toEqual([]);
  });
});

test('only what is listed is let through', () => {
  const config = { allowLinkLocal: ['169.254.7.7'] };
  expect(configOf({ ...config, tcp: { a: { host: '0xa9fe0707', port: 9 } } }).targets).toHaveLength(1);
  expect(() => configOf({ ...config, tcp: { a: { host: '169.254.7.8', port: 9 } } })).toThrow(/link-local/);
});
