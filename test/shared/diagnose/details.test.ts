/** What decides where the signs alone do not: circles, ties, the same thing told twice, and observations that say little. */
import { kinds } from '../../../functions/kinds';
import { diagnose } from '../../../shared/diagnose/diagnose';
import type { Diagnosis, Observation } from '../../../shared/diagnose/diagnosis';
import { graphOf } from '../../../shared/diagnose/graph';
import { loaded, ownFolder } from '../../config/written';
import { observationsOf, type Scenario } from './outage';

const folder = ownFolder();

function diagnosisOf(file: string, seen: Scenario['seen'], dependencies?: Readonly<Record<string, readonly string[]>>): Diagnosis {
  const config = loaded(folder, file);
  return diagnose(graphOf(dependencies ? { ...config, dependencies } : config, kinds), observationsOf(config, { seen }));
}
const named = ({ causes }: Diagnosis): readonly string[] => causes.map(({ cause, blocks }) => [cause, ...blocks].join(' '));

describe('of two that need each other and fail', () => {
  // A file may hold no circle of what it declares; with what it shows besides it may yet come to one.
  const file = `
secrets: { s-secrets: { require: [{ secret: a }] } }
platform: { p-platform: { cloudRun: { service: x } } }
tcp: { t-tcp: { host: a.example.com, port: 1 } }
postgres: { d-postgres: { host: b.example.com, database: x, user: x, password: x } }
redis: { r-redis: { host: c.example.com } }
http: { h-http: { url: https://d.example.com/ } }
websocket: { w-websocket: { url: wss://e.example.com/ } }
journey: { a-journey: { steps: [{ name: s, http: { url: https://f.example.com/ } }] } }
`;

  test.each([
    ['p-platform', 't-tcp'],
    ['t-tcp', 'd-postgres'],
    ['d-postgres', 'r-redis'],
    ['r-redis', 'h-http'],
    ['h-http', 'w-websocket'],
    ['w-websocket', 'a-journey'],
    ['t-tcp', 'a-journey'],
  ])('%s is the cause, and not %s', (cause, other) => {
    const reason = 'overloaded';
    const begun = cause === 'p-platform' ? 'resource_not_ready' : reason;
    const answer = diagnosisOf(file, { [cause]: begun, [other]: reason }, { [cause]: [other], [other]: [cause] });
    expect(named(answer)).toEqual([`target/${cause} ${other}`]);
  });
});

describe('what is degraded works', () => {
  const file = `
http:
  shop: { url: https://shop.example.com/, public: true }
  cart: { url: https://shop.example.com/cart, public: true }
  list: { url: https://shop.example.com/list, public: true }
`;

  test('so an endpoint where it does is not out of order', () => {
    const failing = { shop: 'timeout', cart: 'timeout' } as const;
    expect(named(diagnosisOf(file, { ...failing, list: 'timeout' }))).toEqual(['endpoint/shop.example.com:443']);
    expect(named(diagnosisOf(file, { ...failing, list: { reason: 'too_slow', outcome: 'degraded' } }))).toEqual([
      'target/cart',
      'target/shop',
    ]);
  });

  test('and is no cause of its own', () => {
    expect(named(diagnosisOf(file, { list: { reason: 'too_slow', outcome: 'degraded' } }))).toEqual([]);
  });
});

describe('an observation', () => {
  const file = `
http: { shop: { url: https://shop.example.com/, severity: error } }
tcp: { port: { host: a.example.com, port: 1, severity: warning } }
`;
  const observed = (more: Partial<Observation>): Observation => ({
    kind: 'http',
    target: 'shop',
    severity: 'error',
    outcome: 'failure',
    reason: null,
    domain: null,
    owner: null,
    ...more,
  });
  const only = (...all: readonly Observation[]): Diagnosis => diagnose(graphOf(loaded(folder, file), kinds), all);

  test('that tells no reason is an answer that was not what it should be', () => {
    const [cause] = only(observed({})).causes;
    expect(cause).toMatchObject({ cause: 'target/shop', reason: 'assertion_failed', owner: 'application', severity: 'error' });
  });

  test('that could not be told, and tells no reason, is ours', () => {
    const [cause] = only(observed({ outcome: 'unknown' })).causes;
    expect(cause).toMatchObject({ cause: 'prober/internal', reason: 'internal', owner: 'monitor' });
  });

  test('counts with the worst of what is said of its target, whatever the order', () => {
    const said = (['success', 'degraded', 'unknown', 'failure'] as const).map((outcome) => observed({ outcome }));
    expect(only(...said).causes).toEqual(only(...said.toReversed()).causes);
    expect(only(...said).causes.map(({ cause }) => cause)).toEqual(['target/shop']);
    expect(only(...said.slice(0, 3)).causes.map(({ cause }) => cause)).toEqual(['prober/internal']);
    expect(only(...said.slice(0, 2)).causes).toEqual([]);
    const reasons = (['timeout', 'unexpected_status'] as const).map((reason) => observed({ reason }));
    expect(only(...reasons).causes).toEqual(only(...reasons.toReversed()).causes);
  });

  test('of a target that the configuration no longer has stands alone', () => {
    const answer = only(observed({ target: 'gone', reason: 'connect_timeout', severity: 'warning' }), observed({ reason: 'timeout' }));
    expect(answer.causes).toMatchObject([
      { cause: 'target/shop', severity: 'error' },
      {
        cause: 'target/gone',
        severity: 'warning',
        confidence: 'high',
        targets: ['gone'],
        blocks: [],
        evidence: ['gone (http) fails with connect_timeout'],
      },
    ]);
  });

  test('whose message is long is told to 200 characters', () => {
    const told = (length: number): string => only(observed({ message: 'x'.repeat(length), phase: 'request' })).causes[0]?.evidence[0] ?? '';
    const begin = 'shop (http) fails in request with assertion_failed: ';
    expect(told(200)).toBe(`${begin}${'x'.repeat(200)}`);
    expect(told(201)).toBe(`${begin}${'x'.repeat(199)}…`);
  });
});

describe('a target that many causes block', () => {
  const count = 6;
  const names = Array.from({ length: count }, (_, index) => `t${index}`);
  const file = `
tcp:
${names.map((name, index) => `  ${name}: { host: h${index}.example.com, port: 1, public: true }`).join('\n')}
http: { shop: { url: https://shop.example.com/, public: true } }
dependencies: { shop: [${names.join(', ')}] }
`;

  test('is told to be blocked by three of them, and accounted for by the first', () => {
    const answer = diagnosisOf(file, { ...Object.fromEntries(names.map((name) => [name, 'overloaded'])), shop: 'unexpected_status' });
    expect(answer.causes.filter(({ blocks }) => blocks.includes('shop')).map(({ cause }) => cause)).toEqual([
      'target/t0',
      'target/t1',
      'target/t2',
    ]);
    expect([...answer.blockedBy]).toEqual([['shop', 'target/t0']]);
  });
});

test('causes come the worst first: by severity, by how much they concern, by name', () => {
  const file = `
tcp:
  e: { host: e.example.com, port: 1, severity: warning }
  d: { host: d.example.com, port: 1, severity: error }
  c: { host: c.example.com, port: 1 }
  b: { host: b.example.com, port: 1 }
  a: { host: a.example.com, port: 1 }
http:
  of-c: { url: https://x.example.com/, severity: warning }
  of-e: { url: https://y.example.com/ }
dependencies: { of-c: [c], of-e: [e] }
`;
  const seen = {
    ...Object.fromEntries('abcde'.split('').map((name) => [name, 'overloaded' as const])),
    'of-c': 'timeout',
    'of-e': 'timeout',
  } as const;
  expect(named(diagnosisOf(file, seen))).toEqual(['target/c of-c', 'target/e of-e', 'target/a', 'target/b', 'target/d']);
});

test('the reason of many is the one that most have, of as many the first by name; and the evidence counts them so', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const file = `
http:
${names.map((name) => `  ${name}: { url: https://shop.example.com/${name}, public: true }`).join('\n')}
`;
  const all = (...reasons: readonly ('timeout' | 'bad_gateway' | 'overloaded')[]): Diagnosis =>
    diagnosisOf(file, Object.fromEntries(names.map((name, index) => [name, reasons[index] ?? 'timeout'])));
  expect(all('bad_gateway', 'timeout', 'timeout', 'overloaded', 'timeout').causes[0]?.reason).toBe('timeout');
  expect(all('timeout', 'overloaded', 'timeout', 'overloaded', 'bad_gateway').causes[0]?.reason).toBe('overloaded');
  expect(all('overloaded', 'timeout', 'bad_gateway', 'bad_gateway', 'timeout').causes[0]?.reason).toBe('bad_gateway');
});
