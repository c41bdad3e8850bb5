import type { Cause } from '../../../shared/diagnose/diagnosis';
import { toldOf, type Told } from '../../../shared/diagnose/told';
import { latestOf } from '../../../shared/latest/latest';
import type { RunSeen } from '../../../shared/latest/runs';
import type { Outcome } from '../../../shared/result';
import { configOf } from '../../support/probing';

const at = (host: string, severity: string): object => ({ host, severity });
const { targets } = configOf({ redis: { a: at('a', 'critical'), b: at('b', 'error'), c: at('c', 'warning') } });

/** The runs of each target, the newest first: F failed, U unknown, S succeeded. */
function told(causes: readonly Partial<Cause>[], runs: Readonly<Record<string, string>>): Told {
  const outcomes: Readonly<Record<string, Outcome>> = { F: 'failure', U: 'unknown', S: 'success' };
  const latest = new Map(
    targets.map((target) => {
      const seen = (runs[target.name] ?? 'S').split('').map((letter, index): RunSeen => ({
        at: 1000 - index,
        outcome: outcomes[letter] ?? 'unknown',
        reason: null,
        domain: null,
        owner: null,
      }));
      return [target.name, latestOf(target, seen, 1000, 100)];
    }),
  );
  const whole = causes.map((cause) => ({
    cause: 'dns',
    title: '',
    owner: 'infrastructure' as const,
    reason: 'dns_unavailable' as const,
    severity: 'critical' as const,
    confidence: 'high' as const,
    evidence: [],
    targets: [],
    blocks: [],
    ...cause,
  }));
  return toldOf({ causes: whole, blockedBy: new Map() }, latest, { consecutive: 2, unknownRuns: 3 });
}

const active = ({ active: causes }: Told): string[] => causes.map(({ cause }) => cause);
const shared = { cause: 'dns', targets: ['a'], blocks: ['b', 'c'] };

test.each([
  ['the first failure', { a: 'FS' }, false],
  ['as many failures in a row as it takes', { a: 'FFS' }, true],
  ['as many of one that it blocks', { a: 'FS', c: 'FFS' }, true],
  ['failures that a run which could not tell parts', { a: 'FUFS' }, true],
  ['a failure and then runs that could not tell', { a: 'UUFS' }, false],
  ['three that could not tell', { a: 'UUUS' }, true],
  ['failures that a success parts', { a: 'FSFS' }, false],
])('after %s (%j) a cause is active: %s', (_, runs, expected) => {
  const answer = told([shared], runs);
  expect(active(answer)).toEqual(expected ? ['dns'] : []);
  // To keep still is in time only when it is said at once.
  expect([...answer.blocked]).toEqual([
    ['a', ['dns']],
    ['b', ['dns']],
    ['c', ['dns']],
  ]);
});

test('what several causes block is told of each of them: each is worth what it blocks', () => {
  const { blocked } = told(
    [
      { cause: 'secret/x', targets: ['b'] },
      { cause: 'secret/y', targets: ['b'], blocks: ['a'] },
    ],
    {},
  );
  expect([...blocked]).toEqual([
    ['b', ['secret/x', 'secret/y']],
    ['a', ['secret/y']],
  ]);
});

test.each([
  ['a', ['b', 'c'], ['b', 'c']],
  ['b', ['a', 'c'], ['c']],
  ['c', ['a', 'b'], []],
])('a target that is its own cause, %s, pages itself, and for what it blocks unless that is worth more', (name, blocks, expected) => {
  const { blocked } = told([{ cause: `target/${name}`, targets: [name], blocks }], {});
  expect([...blocked.keys()]).toEqual(expected);
});

test('what several causes block keeps still for those of them that page in its stead', () => {
  const { blocked } = told(
    [
      { cause: 'target/c', targets: ['c'], blocks: ['a'] },
      { cause: 'dns', blocks: ['a'] },
    ],
    {},
  );
  expect([...blocked]).toEqual([['a', ['dns']]]);
});

test.each([
  ['fails in every run, too', { a: 'FFFFF', b: 'FFFFF' }, ['b']],
  ['fails for the first time', { a: 'FS', b: 'FS' }, ['b']],
  ['fails now and then, and nothing else would page', { a: 'FSFSF', b: 'FFFFF' }, []],
])('what a target blocks keeps still when that %s: %j', (_, runs, expected) => {
  const { blocked } = told([{ cause: 'target/a', targets: ['a'], blocks: ['b'] }], runs);
  expect([...blocked.keys()]).toEqual(expected);
});
