/** A configuration can neither hang the loader, nor reach what every object shares, nor run anything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import type { Config } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-attack-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base = 'environment: staging\nproject: my-project\nregion: us-central1\n';

/** Loads a text; gives what is wrong with it, where something is. */
function loaded(text: string, file = 'config.yaml'): Config | string {
  const path = join(folder, file);
  writeFileSync(path, text);
  const begun = performance.now();
  try {
    return loadConfig(path, kinds, {});
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    return error.message;
  } finally {
    expect(performance.now() - begun).toBeLessThan(15_000);
  }
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

test.each<[string, string]>([
  [
    'aliases that multiply',
    `${base}x0: &x0 [a, a, a, a, a, a, a, a]\n${lines(40, (i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}, *x${i}, *x${i}]`)}`,
  ],
  [
    'merges that multiply',
    `${base}x0: &x0 {a: 1}\n${lines(30, (i) => `x${i + 1}: &x${i + 1} {<<: [*x${i}, *x${i}, *x${i}], b${i}: *x${i}}`)}`,
  ],
  ['many aliases of one', `${base}x: &x [1]\ndependencies: [${'*x, '.repeat(5_000)}]`],
  ['lists in lists', `${base}x: ${'['.repeat(5_000)}`],
  ['closed lists in lists', `${base}x: ${'['.repeat(2000)}${']'.repeat(2000)}`],
  ['mappings in mappings', `${base}${lines(1000, (i) => `${' '.repeat(i)}a:`)}`],
  ['keys of keys', `${base}${'? '.repeat(2000)}a`],
  ['many keys that are not known', `${base}${lines(2000, (i) => `unknown${i}: 1`)}`],
  ['many targets that are wrong', `${base}tcp:\n${lines(500, (i) => `  t${i}: {hots: x}`)}`],
  ['many mistakes of syntax', `${base}${lines(2000, () => '\t- "\\q" : : [')}`],
  ['many tags', `${base}x: [${'!t a, '.repeat(2000)}]`],
  ['many documents', '---\n'.repeat(5000)],
  ['a name without end', `${base}tcp: {${'a'.repeat(100_000)}: {host: h, port: 1}}`],
  ['a text without end', `${base}tcp: {a: {host: ${'h'.repeat(500_000)}, port: 1}}`],
  ['a number without end', `${base}concurrency: ${'9'.repeat(100_000)}`],
  ['a duration without end', `${base}tcp: {a: {host: h, port: 1, timeout: ${'1'.repeat(100_000)}s}}`],
  ['a template without end', `${base}http: {a: {url: "http://h/${'${secret:a}'.repeat(5_000)}x${'${'.repeat(5000)}"}}`],
  ['a schedule without end', `${base}tcp: {a: {host: h, port: 1, schedule: "${'1,'.repeat(5_000)}1 * * * *"}}`],
  [
    'hosts without end',
    `${base}forbiddenHosts: [${'"*.a.example.com", '.repeat(500)}]\ntcp:\n${lines(500, (i) => `  t${i}: {host: h${i}.example.com, port: 1}`)}`,
  ],
  [
    'a circle of thousands',
    `${base}tcp:\n${lines(500, (i) => `  t${i}: {host: h, port: 1}`)}\ndependencies:\n${lines(500, (i) => `  t${i}: [t${(i + 1) % 500}]`)}`,
  ],
  [
    'dependencies of everybody on everybody',
    `${base}tcp:\n${lines(150, (i) => `  t${i}: {host: h, port: 1}`)}\ndependencies:\n${lines(150, (i) => `  t${i}: [${lines(i, (j) => `t${j}`).replaceAll('\n', ', ')}]`)}`,
  ],
])('is read in time: %s', (_, text) => {
  const result = loaded(text);
  expect(typeof result === 'string' ? result.length : 0).toBeLessThan(20_000_000);
});

test.each([
  '!!js/function "function(){}"',
  '!!python/object/apply:os.system [id]',
  '!ruby/object:Gem x',
  '!!binary aGk=',
  '!!set {a}',
  '!include /etc/passwd',
  '!<tag:yaml.org,2002:js/undefined> x',
])('a tag makes nothing: %s', (tag) => {
  const result = loaded(`${base}tcp: {a: {host: ${tag}, port: 1}}`);
  expect(typeof result === 'string' ? result : '').toMatch(/a: |tag|host/);
});

const sharedNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
const poison = '{polluted: yes, host: h, then: x}';
/** Every map of the configuration in which keys are the user's own. */
const maps: Readonly<Record<string, (key: string) => string>> = {
  'the file': (key) => `${key}: ${poison}`,
  'a section': (key) => `tcp: {${key}: {host: h, port: 1}}`,
  'a target': (key) => `tcp: {a: {host: h, port: 1, ${key}: ${poison}}}`,
  tls: (key) => `tcp: {a: {host: h, port: 1, tls: {${key}: ${poison}}}}`,
  defaults: (key) => `defaults: {${key}: ${poison}}`,
  'headers of http': (key) => `http: {a: {url: "http://h/", headers: {${key}: x}}}`,
  'headers of websocket': (key) => `websocket: {a: {url: "ws://h/", headers: {${key}: x}}}`,
  'conditions on headers': (key) => `http: {a: {url: "http://h/", expect: {headers: {${key}: x}}}}`,
  conditions: (key) => `http: {a: {url: "http://h/", expect: {${key}: ${poison}}}}`,
  'a body': (key) => `http: {a: {url: "http://h/", json: {${key}: ${poison}, b: [{${key}: ${poison}}]}}}`,
  'what a step captures': (key) => `journey: {a: {steps: [{name: s, http: {url: "http://h/"}, capture: {${key}: a}}]}}`,
  'what a message captures': (key) => `websocket: {a: {url: "ws://h/", steps: [{expect: "a == 'b'", capture: {${key}: a}}]}}`,
  'what a line captures': (key) => `tcp: {a: {host: h, port: 1, steps: [{expect: x, capture: ${key}}]}}`,
  'names of steps': (key) => `journey: {a: {steps: [{name: ${key}, http: {url: "http://h/"}}]}}`,
  dependencies: (key) => `tcp: {a: {host: h, port: 1}}\ndependencies: {${key}: [a]}`,
  'dependencies on': (key) => `tcp: {a: {host: h, port: 1}}\ndependencies: {a: [${key}]}`,
  categories: (key) => `tcp: {a: {host: h, port: 1}}\nverify: {categories: {${key}: {targets: [a]}}}`,
  'a reference to a secret': (key) => `tcp: {a: {host: {secret: s, ${key}: ${poison}}, port: 1}}`,
  'the name of a secret': (key) => `secrets: {a: {require: [{secret: ${key}}]}}`,
  'a filter': (key) => `tcp: {a: {host: "\${secret:x|${key}}", port: 1}}`,
  'a variable': (key) => `journey: {a: {steps: [{name: s, http: {url: "http://h/\${${key}}"}}]}}`,
};

/** What every object would have if anything had been written where it must not. */
function expectClean(): void {
  const plain: Record<string, unknown> = {};
  for (const name of ['polluted', 'host', 'then', 'secret', 'url']) expect(plain[name]).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(typeof plain['toString']).toBe('function');
}

describe.each(Object.keys(maps))('in %s', (place) => {
  test.each(sharedNames)('%s is a key like any other, or none', (name) => {
    const text = maps[place]?.(name) ?? '';
    for (const written of [
      `${base}${text}\n`,
      `${base}${text.replace(name, JSON.stringify(name))}\n`,
      `${base}x: &x {${name}: ${poison}}\n${text}\n`,
    ]) {
      const result = loaded(written);
      expectClean();
      expect(typeof result === 'string' || Object.isFrozen(result)).toBe(true);
      for (const { spec } of typeof result === 'string' ? [] : result.targets) expect(spec).not.toHaveProperty('polluted');
    }
  });
});

test('keys of compiled JSON do as little', () => {
  const whole = {
    environment: 'staging',
    project: 'my-project',
    region: 'us-central1',
    http: { a: { url: 'http://h/', json: {}, headers: {} } },
  };
  for (const name of sharedNames) {
    const json = JSON.stringify(whole);
    for (const text of [
      json.replace('{', `{"${name}":{"polluted":1},`),
      json.replace('"json":{', `"json":{"${name}":{"polluted":1}`),
      json.replace('"headers":{', `"headers":{"${name}":"x"`),
    ]) {
      loaded(text, 'config.json');
      expectClean();
    }
  }
});

test('variables of the environment are not read by a configuration', () => {
  process.env['ATTACK_VALUE'] = 'from-the-environment';
  const result = loaded(`${base}http: {a: {url: "http://h/$ATTACK_VALUE/%ATTACK_VALUE%/$(ATTACK_VALUE)/\`id\`/~"}}`);
  expect(JSON.stringify(result)).not.toContain('from-the-environment');
  expect(loaded(`${base}http: {a: {url: "http://h/\${ATTACK_VALUE}"}}`)).toMatch(/ATTACK_VALUE/);
  expect(loaded(`${base}http: {a: {url: "http://h/\${env:ATTACK_VALUE}"}}`)).toMatch(/neither a variable nor a secret/);
  delete process.env['ATTACK_VALUE'];
});
