import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { kinds } from '../../functions/kinds';
import { healthDocuments } from '../../local/services/chat-health';
import { chatEvents } from '../../local/services/chat';
import { jsonSchema } from '../../shared/config/json-schema';
import { loadConfig } from '../../shared/config/load';
import { isTrue } from '../../shared/expression';
import { keysOf, missingKeys, type SchemaNode } from './shown-keys';

const root = resolve(__dirname, '../../..');
const folder = join(root, 'examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const valueOf = (file: string): Readonly<Record<string, unknown>> => parse(textOf(file)) as Readonly<Record<string, unknown>>;

const schema = jsonSchema(kinds) as SchemaNode;
const names = kinds.map(({ name }) => name);

function sectionSchema(kind: string): SchemaNode {
  const section = schema.properties?.[kind];
  if (!section) throw new Error(`the schema has no section ${kind}`);
  return section;
}

describe('each example', () => {
  test.each(files)('%s is valid', (file) => {
    expect(loadConfig(join(folder, file), kinds).targets.length).toBeGreaterThan(0);
  });

  test.each(files)('%s begins by saying what it shows', (file) => {
    expect(textOf(file)).toMatch(/^# [A-Z].*\.\n/);
  });

  test('has a link in the README', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const linked = [...readme.matchAll(/\]\(examples\/([\w-]+\.yaml)\)/g)].map(([, file = '']) => file);
    expect(new Set(linked)).toEqual(new Set(files));
  });
});

test('there is an example of each kind, a whole environment, and the smallest file', () => {
  expect(new Set(files)).toEqual(new Set([...names.map((name) => `${name}.yaml`), 'minimal.yaml', 'staging.yaml']));
});

describe('the example of a kind', () => {
  test.each(names)('%s shows every field and every condition', (name) => {
    expect(missingKeys(sectionSchema(name), valueOf(`${name}.yaml`)[name])).toEqual([]);
  });

  test.each(names)('%s explains every field and every condition', (name) => {
    const lines = textOf(`${name}.yaml`).split('\n');
    const isExplained = (key: string): boolean => lines.some((line) => new RegExp(`(^|[\\s{-])${key}:.* # .`).test(line));
    expect(keysOf(sectionSchema(name)).filter((key) => !isExplained(key))).toEqual([]);
  });
});

test('together the examples show every setting that goes for all targets', () => {
  const general = Object.entries(schema.properties ?? {}).filter(([key]) => !names.includes(key));
  const values = files.map((file) => valueOf(file));
  const missing = general.flatMap(([key, node]) => {
    const shown = values.filter((value) => Object.hasOwn(value, key)).map((value) => value[key]);
    if (shown.length === 0) return [key];
    // As items of a list, so that what one file leaves out another may show.
    return missingKeys({ items: node }, shown).map((path) => `${key}${path}`);
  });
  expect(missing).toEqual([]);
});

test('the smallest example has nothing that it could do without', () => {
  expect(Object.keys(valueOf('minimal.yaml'))).toEqual(['environment', 'project', 'region', 'http']);
});

describe('the whole environment', () => {
  const config = loadConfig(join(folder, 'staging.yaml'), kinds);
  const spec = (name: string): Readonly<Record<string, unknown>> => {
    const found = config.targets.find((target) => target.name === name);
    if (!found) throw new Error(`there is no target ${name}`);
    return found.spec;
  };

  test('has a target of every kind', () => {
    expect(new Set(config.targets.map(({ kind }) => kind))).toEqual(new Set(names));
  });

  test('expects of health endpoints what a healthy application says there', () => {
    const documents = healthDocuments('1.0.0');
    const asked = config.targets.filter(({ kind }) => kind === 'http');
    const paths = asked.map(({ spec: { url } }) => new URL(String(url)).pathname);
    expect([...documents.keys()].filter((path) => path.startsWith('/health') && !paths.includes(path))).toEqual([]);
    for (const [index, { expect: expected, warn }] of asked.entries())
      for (const expression of [...expressionsOf(expected), ...expressionsOf(warn)])
        expect([expression, isTrue(expression, documents.get(paths[index] ?? ''))]).toEqual([expression, true]);
  });

  test.each([
    ['a component without its status', { infrastructure_components: { database: { component: 'database', critical: true } } }],
    ['a degraded component', { degraded_components: ['redis'] }],
    ['no list of degraded components', { degraded_components: undefined }],
    ['a broken way into the VPC', { vpc_connectivity: { overall: false, degraded_count: 0 } }],
    ['no action for the connector', { infrastructure_team_actions: {} }],
    ['an environment that is no text', { environment: 1 }],
  ])('does not accept %s', (_, change) => {
    const document = { ...healthDocuments('1.0.0').get('/health/infrastructure'), ...change };
    const target = config.targets.find(({ name }) => name === 'backend-infrastructure');
    const unmet = expressionsOf(target?.expect).filter((expression) => !isTrue(expression, document));
    expect(unmet).toHaveLength(1);
  });

  test('warns of a start-up phase that is slow, or that does not tell its time', () => {
    const target = config.targets.find(({ name }) => name === 'backend-startup');
    const [expression = ''] = expressionsOf(target?.warn);
    expect(isTrue(expression, { phases: [{ name: 'database', duration_seconds: 12 }] })).toBe(true);
    expect(isTrue(expression, { phases: [{ name: 'database', duration_seconds: 46 }] })).toBe(false);
    expect(isTrue(expression, { phases: [{ name: 'database' }] })).toBe(false);
  });

  test('waits for the five events of an answer in their order', () => {
    const steps = spec('golden-path')['steps'] as readonly {
      readonly websocket?: { readonly steps: readonly { readonly name?: string }[] };
    }[];
    const events = steps.flatMap(({ websocket }) => websocket?.steps.flatMap(({ name }) => name ?? []) ?? []);
    expect(events).toEqual([...chatEvents]);
  });

  test('asks for all ten secrets', () => {
    const { require } = spec('app-secrets') as { readonly require: readonly { readonly secret: string }[] };
    expect(new Set(require.map(({ secret }) => secret)).size).toBe(10);
  });
});

function expressionsOf(conditions: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return (conditions?.['json'] ?? []) as readonly string[];
}
