/** What is read of whatever was thrown: its words and its code, for the message and the reason of a result. */
import { createPrivateKey } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe as read, Fault, isError } from '../../shared/fault';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
const withCode = (message: string, code: unknown): Error => Object.assign(new Error(message), { code });

test.each<[string, unknown, { message: string; code?: string }]>([
  ['an error', new Error('broken'), { message: 'broken' }],
  ['its code', withCode('no', 'ECONNRESET'), { message: 'no', code: 'ECONNRESET' }],
  ['a code that is a number', withCode('no', 14), { message: 'no', code: '14' }],
  ['a code that is neither', withCode('no', { a: 1 }), { message: 'no' }],
  ['an error without words by its name', new TypeError(''), { message: 'TypeError' }],
  ['a text', 'broken', { message: 'broken' }],
  ['nothing', undefined, { message: 'undefined' }],
  ['what only looks like an error', { message: 'broken', code: 'E' }, { message: '[object Object]' }],
  [
    'the first of the failures of several addresses, which Node joins without words',
    new AggregateError([withCode('refused', 'ECONNREFUSED'), withCode('late', 'ETIMEDOUT')], ''),
    { message: 'refused', code: 'ECONNREFUSED' },
  ],
  ['joined failures that have words of their own', new AggregateError([withCode('refused', 'E')], 'both'), { message: 'both' }],
  ['joined failures without any', new AggregateError([], ''), { message: 'AggregateError' }],
  ['what is no list of failures', Object.assign(new Error('x'), { message: '', errors: 'none' }), { message: 'Error' }],
])('%s', (_, thrown, expected) => expect(read(thrown)).toEqual({ code: undefined, ...expected }));

test('an error of another realm is one, too', () => {
  const foreign: unknown = runInNewContext("Object.assign(new Error('far'), { code: 'E1' })");
  expect(foreign instanceof Error).toBe(false);
  expect(isError(foreign)).toBe(true);
  expect(read(foreign)).toEqual({ message: 'far', code: 'E1' });
  expect([isError('text'), isError({ message: 'x' }), isError(null)]).toEqual([false, false, false]);
});

test("OpenSSL's words are told without its thread, file and line", () => {
  const error = thrownBy(() => createPrivateKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'));
  const { message, code } = read(error);
  expect((error as Error).message).toMatch(/^error:/);
  expect(message).toBe((error as { reason?: string }).reason);
  expect(code).toMatch(/^ERR_OSSL_/);
});

test.each([
  [{ library: 'ours', reason: 5 }, 'own words'],
  [{ reason: 'a reason of its own' }, 'own words'],
  [{ library: 'ours' }, 'own words'],
])('an error with %j is not OpenSSL’s', (more, words) => {
  expect(read(Object.assign(new Error('own words'), more)).message).toBe(words);
});

test('a fault holds its reason, its words, and what else is known', () => {
  const cause = new Error('cause');
  const fault = new Fault('timeout', 'late', { code: '57014', hint: 'look', cause });
  expect(fault).toMatchObject({ name: 'Fault', reason: 'timeout', message: 'late', code: '57014', hint: 'look', cause });
  expect(fault).toBeInstanceOf(Error);
  const bare = new Fault('timeout', 'late');
  expect([bare.code, bare.hint, 'cause' in bare]).toEqual([undefined, undefined, false]);
});
