/** Expressions of the configuration can neither hang a run nor lie, whatever a server answers. */
import { compilePattern } from '../../shared/pattern';
import { evaluate, expressionProblem, isTrue } from '../../shared/expression';
import * as http from '../../functions/http';
import * as journey from '../../functions/journey';
import { httpServer } from '../support/exchanging';
import { probeOne } from '../support/probing';

jest.setTimeout(120_000);

/** The longest that anything may take here, on a machine that is busy with something else, too. */
const limitMs = 30_000;

function timed<T>(work: () => T): T {
  const begun = performance.now();
  try {
    return work();
  } finally {
    expect(performance.now() - begun).toBeLessThan(limitMs);
  }
}

const repeated = (text: string, times: number): string => Array.from({ length: times }, () => text).join('|');

test('functions leave what they are given as it is, and what the expression itself holds', () => {
  const json = { list: [3, 1, 2], words: ['b', 'A', 'a'] };
  for (let round = 0; round < 3; round += 1) {
    expect(isTrue('reverse(`[1, 2]`) == `[2, 1]`', null)).toBe(true);
    expect(isTrue('sort(`[3, 1, 2]`)[0] == `1`', null)).toBe(true);
    expect(evaluate('sort(list)', json)).toEqual([1, 2, 3]);
    expect(evaluate('reverse(list)', json)).toEqual([2, 1, 3]);
    expect(evaluate('sort(words)', json)).toEqual(['A', 'a', 'b']);
  }
  expect(json).toEqual({ list: [3, 1, 2], words: ['b', 'A', 'a'] });
  expect(() => evaluate('sort(`[1, "a"]`)', null)).toThrow(/type/);
  expect(() => evaluate('reverse(`1`)', null)).toThrow(/type/);
  expect(() => evaluate('sort(@, @)', [])).toThrow(/argument/);
  expect(evaluate("join('-', @)", ['a', 'b'])).toBe('a-b');
});

test.each(['constructor', 'toString', '__proto__.constructor', 'a.valueOf', 'hasOwnProperty', 'list.length', 'list.map'])(
  'a name that only the prototype knows yields nothing: %s',
  (expression) => expect(evaluate(expression, { a: {}, list: [] }) ?? null).toBeNull(),
);

describe('what grows without end is given up', () => {
  test.each([
    ['lists', repeated('[*].[@,@][]', 60)],
    ['a text of what repeats itself', `${repeated('[@,@]', 40)}|to_string(@)`],
    ['comparisons', `(${repeated('[@,@]', 40)}) == (${repeated('[@, @]', 40)})`],
  ])('%s', (_, expression) => {
    expect(() => timed(() => evaluate(expression, [1]))).toThrow(/took longer/);
  });

  test('texts', () => {
    const before = process.memoryUsage().rss;
    expect(() => timed(() => evaluate(repeated("join('', [@,@])", 40), 'abc'))).toThrow(/type/);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  test('also where the configuration is checked', () => {
    expect(timed(() => expressionProblem(`\`[1]\`|${repeated('[*].[@,@][]', 60)}`))).toMatch(/too long/);
    for (const deep of [
      '('.repeat(20_000),
      '!'.repeat(20_000),
      '[*]'.repeat(20_000),
      '[?'.repeat(20_000),
      'a.'.repeat(100_000),
      '`'.repeat(9999),
    ])
      expect(typeof (timed(() => expressionProblem(`${deep}a`)) ?? '')).toBe('string');
  });
});

test('the largest bodies are judged in time', () => {
  expect.hasAssertions();
  const bodies: readonly unknown[] = [
    Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 60_000),
    Array.from({ length: 30_000 }, (_, index) => `é${(index * 7919) % 30_000}`),
    JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)),
    JSON.parse('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)),
    { a: 'a'.repeat(600_000), b: `b${'a'.repeat(300_000)}` },
    { a: 'a'.repeat(600_000), b: `${'a'.repeat(299_999)}b${'a'.repeat(99)}` },
  ];
  const expressions = [
    'sort(@)',
    'contains(a, b)',
    '@ == @',
    '[*][]|length(@)',
    'to_string(@)',
    'max(@)',
    'sort_by(@, &@)',
    '[?@ == `1`]',
    'a.a.a',
    '*.*',
    'reverse(@)',
    'starts_with(a, b)',
  ];
  for (const body of bodies)
    for (const expression of expressions)
      timed(() => {
        try {
          evaluate(expression, body);
        } catch {
          // What can't be evaluated is no truth: that it ends is what counts here.
        }
      });
});

test('regular expressions that take others for ever', () => {
  expect.hasAssertions();
  const texts = ['a'.repeat(1_000_000), `${'a'.repeat(500_000)}!`, ' '.repeat(500_000), 'x'.repeat(300_000) + '\n'.repeat(10_000)];
  for (const source of [
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    '(.*)*x',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(\\s*)*!',
    '(?:a?){30}a{30}$',
    '(x+x+)+y',
  ]) {
    const pattern = compilePattern(source);
    if (typeof pattern === 'string') throw new Error(pattern);
    for (const text of texts) timed(() => pattern.test(text.slice(0, 50_000)));
  }
  for (const source of [
    '(',
    '(?=a)',
    '\\1',
    'a{1000000}',
    '(a{1000}){1000}',
    '('.repeat(5000),
    `${'(?:'.repeat(2000)}a${')'.repeat(2000)}`,
    '[[:x:]]',
    'x'.repeat(1_000_000),
  ])
    timed(() => compilePattern(source));
});

describe('a run', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  test('that can not judge in time says that it does not know', async () => {
    const server = await httpServer((_, response) => response.end('[1]'));
    const wanted = { json: [`length(${repeated('[*].[@,@][]', 60)}) > \`1\``] };
    const result = await probeOne(http, { url: `http://127.0.0.1:${server.port}/`, timeout: '20s', expect: wanted });
    await server.close();
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'prober_exhausted', owner: 'monitor' });
  });

  test('whose answer is nested without end fails, and is not our own fault', async () => {
    const server = await httpServer((_, response) => response.end(deep));
    const url = `http://127.0.0.1:${server.port}/`;
    const judged = await probeOne(http, { url, expect: { json: ["[0] == 'a'"] } });
    const steps = [{ name: 'a', http: { url }, capture: { it: '[0]' } }];
    const captured = await probeOne(journey, { steps });
    await server.close();
    expect(judged).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
    expect(captured).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
  });
});
