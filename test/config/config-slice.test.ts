/** Each function's part of the configuration: enough for it, nothing of others, and the same however the file was written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSlice, sliceHashes } from '../../shared/config/config-slice';
import type { Plan } from '../../deploy/plan/plan';
import { kinds } from '../../functions/kinds';
import type { Target } from '../../shared/config/config';
import { loadWhole, type Loaded } from '../../shared/config/load';
import type { Kind } from '../../shared/probe';
import { functionOf, loadedOf, loadedText, planOf } from '../support/planning';

const examples = join(__dirname, '..', '..', '..', 'examples');
const files = ['staging.yaml', 'minimal.yaml', ...kinds.map(({ name }) => `${name}.yaml`)];

function withTargets({ config }: Loaded): readonly Kind[] {
  return kinds.filter(({ name }) => config.targets.some(({ kind }) => kind === name));
}

const own = (targets: readonly Target[], { name }: Kind): readonly Target[] => targets.filter(({ kind }) => kind === name);
/** What a run reads of a target. */
const read = ({ runbook: _runbook, costPerRun: _cost, ...rest }: Target): object => rest;

describe.each(files)('the slices of %s', (file) => {
  const whole = loadWhole(join(examples, file), kinds);

  test.each(withTargets(whole).map((kind) => [kind.name, kind] as const))(
    'give the function %s its targets as the whole file does, what they name included',
    (_, kind) => {
      const { config } = loadedText(configSlice(whole, kind, kinds, false), 'config.json');
      expect(own(config.targets, kind).map(read)).toEqual(own(whole.config.targets, kind).map(read));
      expect({ ...config, targets: [], hash: '' }).toMatchObject({
        environment: whole.config.environment,
        project: whole.config.project,
        region: whole.config.region,
        concurrency: whole.config.concurrency,
        forbiddenHosts: whole.config.forbiddenHosts,
        allowLinkLocal: whole.config.allowLinkLocal,
        dependencies: {},
        syntheticMonitors: [],
      });
    },
  );

  test('are the same, byte for byte, from YAML and from what it compiles to', () => {
    const compiled = loadedText(whole.compiled, 'config.json');
    for (const kind of withTargets(whole)) expect(configSlice(compiled, kind, kinds, false)).toBe(configSlice(whole, kind, kinds, false));
  });

  test('have the hashes that the functions work out, whether they wait for a network or not', () => {
    const hashes = sliceHashes(whole, kinds);
    expect([...hashes.keys()]).toEqual(withTargets(whole).map(({ name }) => name));
    for (const kind of withTargets(whole)) {
      const hash = loadedText(configSlice(whole, kind, kinds, false), 'config.json').config.hash;
      expect(hashes.get(kind.name)).toContain(hash);
      expect(hash).not.toBe(whole.config.hash);
    }
  });

  test('hold nothing of other functions but the targets that are named', () => {
    for (const kind of withTargets(whole)) {
      const slice = JSON.parse(configSlice(whole, kind, kinds, false)) as Record<string, Record<string, unknown>>;
      const named = new Set(own(whole.config.targets, kind).flatMap(({ referenced = {} }) => Object.keys(referenced)));
      const others = kinds.filter(({ name }) => name !== kind.name).flatMap(({ name }) => Object.keys(slice[name] ?? {}));
      expect(others.filter((name) => !named.has(name))).toEqual([]);
    }
  });
});

describe('a change', () => {
  const text = readFileSync(join(examples, 'staging.yaml'), 'utf8');
  const slicesOf = (yaml: string): ReadonlyMap<string, string> => {
    const whole = loadedText(yaml);
    return new Map(withTargets(whole).map((kind) => [kind.name, configSlice(whole, kind, kinds, false)]));
  };
  const before = slicesOf(text);
  const changedBy = (from: string, to: string): readonly string[] => {
    expect(text).toContain(from);
    return [...slicesOf(text.replace(from, to))].filter(([kind, slice]) => slice !== before.get(kind)).map(([kind]) => kind);
  };

  test('of a redis target changes the function redis alone', () => {
    expect(changedBy('warn: { memoryUtilizationBelow: 0.9,', 'warn: { memoryUtilizationBelow: 0.8,')).toEqual(['redis']);
    expect(changedBy('timeout: 3s', 'timeout: 4s')).toEqual(['redis']);
  });

  test('of what another target names changes the function of that, too', () => {
    expect(changedBy('url: { secret: redis-url }', 'url: { secret: redis-url, version: 7 }')).toEqual(['redis', 'platform']);
  });

  test('of alerts, routes, dependencies, the sign-off and operators changes no function', () => {
    expect(changedBy('consecutive: 2', 'consecutive: 3')).toEqual([]);
    expect(changedBy('notificationChannels/1001', 'notificationChannels/9001')).toEqual([]);
    expect(changedBy('cache: [memorystore, vpc-connector]', 'cache: [memorystore]')).toEqual([]);
    expect(changedBy('rounds: 3', 'rounds: 4')).toEqual([]);
    expect(changedBy('group:staging-operators', 'group:others')).toEqual([]);
  });

  test('of a default changes the functions that use it', () => {
    expect(changedBy('defaults: { schedule:', 'defaults: { confirm: { interval: 2s }, schedule:')).not.toContain('postgres');
  });

  test('of what a run costs elsewhere, or of a runbook, changes no function', () => {
    expect(changedBy('costPerRun: 0.02', 'costPerRun: 0.03')).toEqual([]);
  });
});

describe('the network', () => {
  const sections = { redis: { cache: { host: 'redis.internal' } }, http: { site: { url: 'https://example.com/', public: true } } };
  const networkIn = (plan: Plan, kind: string): unknown =>
    (JSON.parse(functionOf(plan, kind).config) as Record<string, unknown>)['network'];

  test('is told to a function behind Direct VPC egress, which waits for it, and to no other', () => {
    const direct = { network: 'vpc', subnet: 'probes', warmUp: '30s' };
    const plan = planOf({ ...sections, network: direct });
    expect(networkIn(plan, 'redis')).toEqual(direct);
    expect(networkIn(plan, 'http')).toBeUndefined();
    expect(loadedText(functionOf(plan, 'redis').config, 'config.json').config.network.warmUpMs).toBe(30_000);
    expect(networkIn(planOf({ ...sections, network: { connector: 'a' } }), 'redis')).toBeUndefined();
  });

  test.each([{ network: 'vpc', subnet: 'probes' }, { connector: 'a' }, undefined])(
    '%j: each planned function has a hash that is known',
    (network) => {
      const wanted = { ...sections, ...(network && { network }) };
      const hashes = sliceHashes(loadedOf(wanted), kinds);
      for (const { kind, config } of planOf(wanted).functions)
        expect(hashes.get(kind)).toContain(loadedText(config, 'config.json').config.hash);
    },
  );
});
