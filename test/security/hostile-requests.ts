/** Requests that nobody should send, by chance. */
import { pick, type Chance } from '../shared/diagnose/random-graphs';
import { below, textOf } from './campaign';

/** A request for `fetch`. */
export interface HostileRequest {
  readonly path: string;
  readonly init: RequestInit & { readonly method: string };
}

const fields = [
  'targets',
  'target',
  'trigger',
  'strict',
  'shard',
  'attempts',
  'record',
  'format',
  'rounds',
  'interval',
  'issue',
  'baseline',
  'hours',
];
const foreign = [
  'url',
  'host',
  'port',
  'http',
  'config',
  'secrets',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
];
const odd = [
  '\0',
  '\u202E',
  '🔑',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '${secret:app}',
  '../../etc/passwd',
  "' OR 1=1",
  '%00',
  '%',
];

const paths: Readonly<Record<string, readonly string[]>> = {
  status: [
    '/',
    '/api/session',
    '/api/targets',
    '/api/target',
    '/api/history',
    '/api/dependencies',
    '/api/incidents',
    '/api/logs',
    '/api/errors',
    '/api/run',
    '/api/verify',
    '/health/infrastructure',
    '/health/ready',
    '/runbooks',
    '/faults',
    '/api/../config.json',
    '//x/api/targets',
    '/api/%2e%2e/',
  ],
};

/** Some JSON value, in which the address of the canary stands wherever one could stand. */
function value(port: number, mark: string, chance: Chance, depth = 0): unknown {
  const address = `http://127.0.0.1:${port}/${mark}`;
  const makers: readonly (() => unknown)[] = [
    () => address,
    () => ({ url: address, host: '127.0.0.1', port }),
    () => [address, 'a'],
    () => pick([0, -1, 1e308, -0, 1.5, 2 ** 53, 99_999], chance),
    () => pick([true, false, null], chance),
    () => `${mark}${pick(odd, chance)}`,
    () => mark.repeat(1 + below(2000, chance)),
    () => pick(['a', 'json', 'text', 'manual', '10s', 'schedule', '1'], chance),
    () => (depth > 3 ? [] : { [pick([...fields, ...foreign], chance)]: value(port, mark, chance, depth + 1) }),
    () => (depth > 3 ? {} : [value(port, mark, chance, depth + 1), value(port, mark, chance, depth + 1)]),
  ];
  return pick(makers, chance)();
}

/** A body: JSON of the wrong shape, what only looks like JSON, or none at all. */
function body(port: number, mark: string, chance: Chance): string | Uint8Array<ArrayBuffer> {
  const object = (): string => {
    const entries = Array.from({ length: 1 + below(4, chance) }, () => {
      const key = pick(chance() < 0.6 ? fields : foreign, chance);
      return `${JSON.stringify(key)}:${JSON.stringify(value(port, mark, chance))}`;
    });
    return `{${entries.join(',')}}`;
  };
  const deep = 1 + below(40_000, chance);
  const makers: readonly (() => string | Uint8Array<ArrayBuffer>)[] = [
    object,
    object,
    object,
    () => `{"targets":["a"],"targets":[${JSON.stringify(`http://127.0.0.1:${port}/`)}]}`,
    () => `${'['.repeat(deep)}${']'.repeat(deep)}`,
    () => `{"targets":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
    () => `{"shard":${'9'.repeat(1 + below(5000, chance))}}`,
    () => `{"__proto__":{"record":false,"url":"http://127.0.0.1:${port}/"},"constructor":{"prototype":{"x":1}}}`,
    () => object().slice(0, -1 - below(5, chance)),
    () => `{"targets":["${mark}\0"]}`,
    () => Uint8Array.from({ length: 64 }, () => below(256, chance)),
    () => Uint8Array.from(Buffer.concat([Buffer.from('{"targets":["'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('"]}')])),
    () => `{"issue":"${'x'.repeat(below(2_000_000, chance))}"}`,
    () => '',
    () => `\uFEFF${object()}`,
    () => `targets=a&url=http://127.0.0.1:${port}/`,
  ];
  return pick(makers, chance)();
}

const types = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/octet-stream',
  'text/html',
  'application/cloudevents+json',
  'x',
  'application/json; charset=nonsense',
];
const methods = ['GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND'];

/** @returns a request to a function in which `mark` stands wherever it might be echoed. */
export function hostileRequest(name: string, port: number, mark: string, chance: Chance): HostileRequest {
  const method = pick(methods, chance);
  const query = Array.from({ length: below(4, chance) }, () => {
    const key = pick([...fields, ...foreign, mark], chance);
    const text = pick(
      [`http://127.0.0.1:${port}/${mark}`, mark + pick(odd, chance), 'a', '1', '-1', textOf('abc<>"&%', 2000, chance)],
      chance,
    );
    return chance() < 0.1 ? `${encodeURIComponent(key)}=%ff%${mark}` : `${encodeURIComponent(key)}=${encodeURIComponent(text)}`;
  });
  const path = pick(paths[name] ?? ['/', '/', '/x', '/favicon.ico', '//x', `/${mark}%3Cscript%3E`, '/robots.txt'], chance);
  const headers: Record<string, string> = {};
  if (chance() < 0.8) headers['content-type'] = pick(types, chance);
  if (chance() < 0.2) headers['x-cloudscheduler'] = pick(['true', 'True', mark], chance);
  if (chance() < 0.1) headers['synthetic-execution-id'] = mark;
  if (chance() < 0.2) headers['accept'] = pick(['text/html', 'application/x-ndjson', '*/*', mark], chance);
  if (chance() < 0.2) headers['x-cloud-trace-context'] = pick([`${mark}/1;o=1`, '/'.repeat(500), '0'.repeat(32)], chance);
  if (chance() < 0.2) headers['traceparent'] = `00-${mark}-${'0'.repeat(16)}-01`;
  if (chance() < 0.1) headers['x-forwarded-host'] = `127.0.0.1:${port}`;
  if (chance() < 0.1) headers['content-encoding'] = pick(['gzip', 'br', mark], chance);
  if (chance() < 0.3) headers['x-synthetics-action'] = pick(['run', 'verify', mark], chance);
  if (chance() < 0.1) headers['authorization'] = pick([`Bearer ${mark}`, 'Basic YTpi', `Bearer ${mark}.${mark}.${mark}`], chance);
  const hasBody = !['GET', 'HEAD'].includes(method);
  return {
    path: `${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    init: { method, headers, ...(hasBody ? { body: body(port, mark, chance) } : {}) },
  };
}

const head = 'Host: 127.0.0.1\r\n';
const wellFormed = `GET /?target=none HTTP/1.1\r\n${head}\r\n`;

/** @returns bytes in parts, as a client sends them that is broken, slow, or wants to smuggle. */
export function hostileBytes(chance: Chance): readonly (string | Buffer)[] {
  const makers: readonly (() => readonly (string | Buffer)[])[] = [
    () => Array.from({ length: 20 }, () => wellFormed),
    () => Array.from(wellFormed.slice(0, 30)),
    () => [`POST / HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\n{"targets":`],
    () => [`POST / HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${wellFormed}`],
    () => [`POST / HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}${wellFormed}`],
    () => [`POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n{}`],
    () => [`POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n1\r\n{\r\nzz\r\n`],
    () => [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${head}\r\n`],
    () => [`GET / HTTP/1.1\r\n${head}${`X-A: ${'b'.repeat(500)}\r\n`.repeat(60)}\r\n`],
    () => [`GET / HTTP/1.1\r\n${head}X: a\0b\r\n\r\n`],
    () => ['GET / HTTP/1.1\r\n\r\n'],
    () => [`GET http://169.254.169.254/ HTTP/1.1\r\n${head}\r\n`],
    () => [`CONNECT 169.254.169.254:80 HTTP/1.1\r\n${head}\r\n`],
    () => [`GET / HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n`],
    () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    () => [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
    () => [Buffer.from(Array.from({ length: 300 }, () => below(256, chance)))],
    () => [`POST / HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: 10\r\n\r\n`],
    () => [`GET / HTTP/1.1\r\n${head}Range: bytes=0-,0-,0-\r\nIf-None-Match: "${'x'.repeat(3000)}"\r\n\r\n`],
    () => [
      `POST / HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00`,
    ],
  ];
  return pick(makers, chance)();
}
