/** What a baseline shows to have changed. */
import { baselineSchema, changesSince, type Baseline } from '../../../shared/verify/changes';
import type { TargetTold, Verification } from '../../../shared/verify/verification';

const told = (target: string, more: Partial<TargetTold> = {}): TargetTold => ({
  kind: 'redis',
  target,
  severity: 'critical',
  outcomes: ['success', 'success'],
  latencyMs: { min: 100, median: 110, max: 120 },
  blockedBy: null,
  ...more,
});

const answer = (targets: readonly TargetTold[], more: Partial<Verification> = {}): Verification => ({
  verdict: 'signed_off',
  overallStatus: 'HEALTHY',
  criticalFailures: 0,
  rounds: 2,
  passRate: 1,
  categories: [],
  causes: [],
  targets,
  changes: [],
  nextActions: [],
  runIds: [],
  version: '1.0.0',
  configHash: 'aaaa',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  ...more,
});

const asBaseline = (document: unknown): Baseline => baselineSchema.parse(JSON.parse(JSON.stringify(document)));
const changes = (before: Verification, now: Verification, isPart = false): readonly string[] =>
  changesSince(asBaseline(before), now, isPart);

test('nothing changed', () => {
  expect(changes(answer([told('cache')]), answer([told('cache')]))).toEqual([]);
});

test.each<[string, Partial<TargetTold>, Partial<TargetTold>, readonly string[]]>([
  ['an outcome', { outcomes: ['failure', 'failure'] }, {}, ['cache: failure → success']],
  ['flapping', {}, { outcomes: ['success', 'failure', 'success'] }, ['cache: success → success, failure']],
  ['flapping that fails first', { outcomes: ['success', 'failure'] }, { outcomes: ['failure', 'success', 'success'] }, []],
  ['flapping that ceases', { outcomes: ['failure', 'success', 'unknown'] }, {}, ['cache: success, failure, unknown → success']],
  ['what was never looked at', { outcomes: [] }, {}, ['cache: not verified → success']],
  ['a latency that is clearly higher', {}, { latencyMs: { min: 240, median: 260, max: 300 } }, ['cache: median 110 ms → 260 ms']],
  ['a latency whose spread still meets', {}, { latencyMs: { min: 115, median: 260, max: 300 } }, []],
  [
    'a latency that is twice as high, of a few milliseconds',
    { latencyMs: { min: 1, median: 2, max: 3 } },
    { latencyMs: { min: 4, median: 5, max: 6 } },
    [],
  ],
  [
    'the latency of a failure',
    { outcomes: ['failure'] },
    { latencyMs: { min: 2400, median: 2600, max: 3000 } },
    ['cache: failure → success'],
  ],
  ['a latency that is missing', { latencyMs: null }, {}, []],
  ['a version of a secret', { secretVersions: { url: '6' } }, { secretVersions: { url: '7' } }, ['secret url: version 6 → 7 (cache)']],
  ['a secret that is new', {}, { secretVersions: { url: '7' } }, []],
  ['a version of a function', { functionVersion: '0.9.0' }, {}, ['version of redis: 0.9.0 → 1.0.0']],
])('%s', (_, before, now, expected) => {
  expect(changes(answer([told('cache', before)]), answer([told('cache', now)]))).toEqual(expected);
});

test('verdict, version, configuration, targets that are new or gone', () => {
  const before = answer([told('cache'), told('old')], { verdict: 'inconclusive', version: '0.9.0', configHash: 'bbbb' });
  const now = answer([told('cache'), told('new')]);
  const expected = ['verdict: inconclusive → signed off', 'version of redis: 0.9.0 → 1.0.0', 'configuration: bbbb → aaaa', 'new: new'];
  expect(changes(before, now)).toEqual([...expected, 'gone: old']);
  expect(changes(before, now, true)).toEqual(expected);
});

test('functions that changed their version alike are told in one sentence', () => {
  const all = [told('cache'), told('mail', { kind: 'tcp' }), told('web', { kind: 'http', functionVersion: '1.1.0' })];
  const before = answer(
    all.map((each) => ({ ...each, functionVersion: undefined })),
    { version: '0.9.0' },
  );
  expect(changes(before, answer(all))).toEqual(['version of redis, tcp: 0.9.0 → 1.0.0', 'version of http: 0.9.0 → 1.1.0']);
});

test('one secret of several targets is told once', () => {
  const using = (version: string): TargetTold[] => ['a', 'b'].map((name) => told(name, { secretVersions: { url: version } }));
  expect(changes(answer(using('1')), answer(using('2')))).toEqual(['secret url: version 1 → 2 (a, b)']);
});

test('what a baseline says is cut and put on one line', () => {
  const [verdict] = changesSince(asBaseline({ ...answer([]), verdict: `x\n${'y'.repeat(500)}` }), answer([]), false);
  expect(verdict?.length).toBeLessThan(100);
  expect(verdict).not.toContain('\n');
});

test.each([[{}], [[]], [{ ...answer([]), targets: [{ target: 'cache' }] }], [{ ...answer([]), targets: 'all' }]])(
  '%j is no baseline',
  (document) => {
    expect(baselineSchema.safeParse(document).success).toBe(false);
  },
);
