import { compilePattern } from '../../shared/pattern';

// Engines that try one way after the other need 2^40 steps for these and more.
test.each([
  ['(a+)+$', `${'a'.repeat(50_000)}!`],
  ['(a|aa)+$', `${'a'.repeat(50_000)}!`],
  ['(.*a){20}$', `${'a'.repeat(5_000)}!`],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(50_000)],
])('%s takes a time that is linear in the text', (source, text) => {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(pattern);
  const half = text.slice(text.length / 2);
  const timeOf = (of: string): number => {
    const began = process.cpuUsage();
    expect(pattern.test(of)).toBe(false);
    const { user } = process.cpuUsage(began);
    return user / 1000;
  };
  timeOf(half);
  // Twice the text in some twice the time; a square would be four times, and what is worse would never end.
  expect(timeOf(text)).toBeLessThan(4 * timeOf(half) + 1000);
});

test.each(['(?=a)', '(?<!a)b', '(a)\\1'])('%s, which can not be told in linear time, is no pattern', (source) => {
  expect(typeof compilePattern(source)).toBe('string');
});
