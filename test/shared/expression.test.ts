import { evaluate, isTrue } from '../../shared/expression';

const many = Array.from({ length: 200_000 }, (_, index) => index % 100);
const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as unknown;

describe('what the specification says, where the library differs', () => {
  test.each<[expression: string, json: unknown, value: unknown]>([
    ['contains(@, `[1]`)', [[1]], true],
    ['contains(@, `{"a": 1}`)', [{ a: 1 }], true],
    ['contains(@, `{"a": 2}`)', [{ a: 1 }], false],
    ['to_number(@)', '', null],
    ['to_number(@)', ' 1', null],
    ['to_number(@)', '0x10', null],
    ['to_number(@)', '-1.5e3', -1500],
    ['type(a < b)', { a: 'x', b: 'y' }, 'null'],
    ["not_null(a < b, 'z')", { a: 'x', b: 'y' }, 'z'],
    ['length(@)', '😀', 1],
    ['reverse(@)', 'a😀', '😀a'],
    ['sort(@)', ['\uFFFD', '😀', 'a'], ['a', '\uFFFD', '😀']],
    ['map(&a, @)', [{ a: 0 }, { a: false }, {}], [0, false, null]],
    ['max(@)', many, 99],
    ['min(@)', many, 0],
  ])('%s', (expression, json, value) => {
    expect(evaluate(expression, json)).toEqual(value);
  });
});

test('texts and numbers together are not sorted', () => {
  expect(() => evaluate('sort(@)', ['a', 1])).toThrow('sort()');
});

test('a function that breaks inside is no success, whatever is made of what it yields', () => {
  for (const expression of ["to_string(@) == 'x'", "!(to_string(@) == 'x')", "to_string(@) != 'x'"]) {
    expect(isTrue(expression, deep)).toBe(false);
    expect(() => evaluate(expression, deep)).toThrow('call stack');
  }
});

test('what is evaluated next knows nothing of it', () => {
  expect(isTrue('length(@) == `1`', [0])).toBe(true);
});
