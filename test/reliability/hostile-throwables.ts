/** What may be thrown besides a well-behaved error: all of it legal, and none of it what a catch expects. */
import { Fault } from '../../shared/fault';

const refuse = (): never => {
  throw new Error('this field throws');
};
const refusing = { get: refuse, configurable: true };

function errorThatThrows(): Error {
  // The stack comes first: it is written when it is first touched, from the others.
  const fields = { stack: refusing, message: refusing, code: refusing, name: refusing, cause: refusing, errors: refusing };
  return Object.defineProperties(new Error('unreadable'), fields);
}

function itsOwnCause(): Error {
  const error = new Error('my own cause');
  return Object.assign(error, { cause: error });
}

function circle(): Error {
  const first = new Error('first');
  const second = new Error('second', { cause: first });
  return Object.assign(first, { cause: second });
}

function ownInner(): Error {
  const all = new AggregateError([], '');
  all.errors.push(all);
  return all;
}

function longChain(): Error {
  let error = new Error('innermost');
  for (let depth = 0; depth < 1000; depth += 1) error = new Error('outer', { cause: error });
  return error;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable(new Error('revoked'), {});
  revoke();
  return proxy;
}

/** Each by its name; made afresh, since some are changed by being thrown about. */
export const throwables: Readonly<Record<string, () => unknown>> = {
  error: () => new Error('an error'),
  text: () => 'a text',
  'empty-text': () => '',
  undefined: () => undefined,
  null: () => null,
  number: () => 7,
  'big-number': () => 7n,
  symbol: () => Symbol('thrown'),
  function: () => refuse,
  'frozen-object': () => Object.freeze({ message: 'frozen' }),
  'frozen-error': () => Object.freeze(new Error('frozen')),
  'frozen-fault': () => Object.freeze(new Fault('timeout', 'frozen')),
  'no-prototype': () => Object.create(null) as object,
  'text-that-throws': () => ({ toString: refuse, [Symbol.toPrimitive]: refuse }),
  'error-that-throws': errorThatThrows,
  'cause-that-throws': () => Object.defineProperty(new Error('no cause'), 'cause', refusing),
  'message-without-text': () => Object.assign(new Error(), { message: { toString: refuse } }),
  'message-of-number': () => Object.assign(new Error(), { message: 7 }),
  'code-without-text': () => Object.assign(new Error('code'), { code: { toString: refuse } }),
  'code-of-prototype': () => Object.assign(new Error('code'), { code: 'constructor' }),
  proxy: () => new Proxy(new Error('proxy'), { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse }),
  'revoked-proxy': revoked,
  'own-cause': itsOwnCause,
  circle,
  'own-inner': ownInner,
  'long-chain': longChain,
};
