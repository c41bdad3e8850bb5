/** What is deployed stands for what was written: same configuration, same hash. */
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { compile } from '../../shared/config/compile';
import { loadConfig } from '../../shared/config/load';
import { head, ownFolder, targetNamed } from './written';

const folder = ownFolder();
const full = join(__dirname, '..', '..', '..', 'test', 'config', 'full.yaml');

const hash = (body: string): string => loadConfig(folder.write('h.yaml', head + body), kinds).hash;

test('a compiled configuration loads to the same as its YAML', () => {
  const compiled = folder.write('full.json', compile(full, kinds));
  expect(loadConfig(compiled, kinds)).toEqual(loadConfig(full, kinds));
  expect(compile(compiled, kinds)).toBe(compile(full, kinds));
});

test('the hash does not depend on comments, layout or the order of keys, but on every value', () => {
  const first = hash('redis: { a: { host: h, port: 1 }, b: { host: i } }\nconcurrency: 5\n');
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(hash('# said\nconcurrency: 5\nredis:\n  b:\n    host: "i"\n  a: { port: 1, host: h }\n')).toBe(first);
  expect(hash('redis: { a: { host: h, port: 2 }, b: { host: i } }\nconcurrency: 5\n')).not.toBe(first);
  const order = (steps: string): string => hash(`websocket: { w: { url: "ws://h", steps: [${steps}] } }\n`);
  expect(order('{ send: a }, { send: b }')).not.toBe(order('{ send: b }, { send: a }'));
});

test('files are inlined as text, so that the JSON needs none; the hash follows their content', () => {
  const pem = '-----BEGIN CERTIFICATE-----\n${not a template}\n-----END CERTIFICATE-----\n';
  folder.write('certs/ca.pem', pem);
  const body =
    'redis: { a: { host: h, tls: { ca: { file: certs/ca.pem } } } }\nwebsocket: { w: { url: "ws://h", steps: [{ send: { tls: { ca: { file: x } } } }] } }\n';
  const yaml = folder.write('files.yaml', head + body);
  const config = loadConfig(yaml, kinds);
  expect(targetNamed(config, 'a').spec['tls']).toMatchObject({ ca: pem.replace('${', () => '$${') });
  expect(targetNamed(config, 'w').spec['steps']).toEqual([{ send: { tls: { ca: { file: 'x' } } } }]);
  const compiled = folder.write('elsewhere/files.json', compile(yaml, kinds));
  expect(loadConfig(compiled, kinds)).toEqual(config);
  folder.write('certs/ca.pem', pem.replace('CERTIFICATE', 'OTHER'));
  expect(loadConfig(yaml, kinds).hash).not.toBe(config.hash);
});

test('compiling refuses what check refuses', () => {
  expect(() => compile(folder.write('bad.yaml', 'environment: staging\n'), kinds)).toThrow(/project: is missing/);
});
