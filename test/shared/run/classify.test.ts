/** Whose fault something is that was thrown inside a phase, or that took too long. */
import { Fault } from '../../../shared/fault';
import { classify, deadlineFault, lateFault } from '../../../shared/run/classify';

const nothingLost = (): undefined => undefined;
const withCode = (message: string, code: string, cause?: unknown): Error => Object.assign(new Error(message, { cause }), { code });

describe('what was thrown', () => {
  test('is what the driver says it is, in its words, with its code and hint', () => {
    const error = withCode('own words', 'E1');
    expect(classify(error, () => ({ reason: 'starting_up' }), nothingLost)).toMatchObject({
      reason: 'starting_up',
      message: 'own words',
      code: 'E1',
      hint: undefined,
      cause: error,
    });
    const better = { reason: 'read_only', message: 'better words', code: '25006', hint: 'look there' } as const;
    expect(classify(error, () => better, nothingLost)).toMatchObject({ ...better, cause: error });
  });

  test('is what the driver says, even where the engine knew a reason', () => {
    const fault = new Fault('certificate_untrusted', 'not trusted', { code: 'X' });
    const explained = classify(fault, () => ({ reason: 'certificate_untrusted', hint: 'of Cloud SQL' }), nothingLost);
    expect(explained).toMatchObject({ reason: 'certificate_untrusted', message: 'not trusted', code: 'X', hint: 'of Cloud SQL' });
  });

  test('stays the fault that it was where the driver says nothing', () => {
    const fault = new Fault('timeout', 'late');
    expect(classify(fault, undefined, nothingLost)).toBe(fault);
    expect(
      classify(
        fault,
        () => undefined,
        () => new Fault('connection_reset', 'lost'),
      ),
    ).toBe(fault);
  });

  test('is what the code of the system says, however deep it lies', () => {
    const inner = withCode('connect ECONNREFUSED', 'ECONNREFUSED');
    expect(classify(inner, undefined, nothingLost)).toMatchObject({ reason: 'connect_refused', code: 'ECONNREFUSED', cause: inner });
    const outer = new Error('fetch failed', { cause: withCode('broken', 'E_OWN', inner) });
    expect(classify(outer, () => undefined, nothingLost)).toMatchObject({
      reason: 'connect_refused',
      message: 'fetch failed',
      code: 'ECONNREFUSED',
      cause: outer,
    });
  });

  test('is ours where the code says that our means ran out', () => {
    expect(classify(withCode('too many open files', 'EMFILE'), undefined, nothingLost).reason).toBe('prober_exhausted');
  });

  test('comes from a connection that was lost meanwhile', () => {
    const lost = new Fault('connection_reset', 'the server closed the connection');
    expect(classify(withCode('parse error', 'E_PARSE'), undefined, () => lost)).toBe(lost);
    expect(classify(withCode('reset', 'ECONNRESET'), undefined, () => lost)).not.toBe(lost);
  });

  test('is else an answer that nobody understands', () => {
    const error = withCode('unexpected byte', 'E_PARSE');
    expect(classify(error, undefined, nothingLost)).toMatchObject({
      reason: 'protocol_error',
      message: 'unexpected byte',
      code: 'E_PARSE',
      cause: error,
    });
    expect(classify('a text', undefined, nothingLost)).toMatchObject({ reason: 'protocol_error', message: 'a text', code: undefined });
  });
});

describe('a deadline', () => {
  test.each([
    ['dns', 'dns_unavailable'],
    ['connect', 'connect_timeout'],
    ['api', 'api_unavailable'],
    ['tls', 'timeout'],
    ['auth', 'timeout'],
    ['query', 'timeout'],
    ['request', 'timeout'],
  ] as const)('in %s is %s', (phase, reason) => {
    expect(deadlineFault(phase, 500, 0)).toMatchObject({ reason, message: `no answer within 500 ms (in phase ${phase})` });
  });

  test.each([
    [100, 'timeout'],
    [100.1, 'prober_exhausted'],
    [400, 'prober_exhausted'],
  ])('of 500 ms of which our own loop was blocked for %d ms is %s', (blocked, reason) => {
    expect(deadlineFault('exchange', 500, blocked).reason).toBe(reason);
    expect(lateFault('nothing came', 500, blocked).reason).toBe(reason);
  });

  test('that is ours says so', () => {
    expect(deadlineFault('dns', 500, 200.4)).toMatchObject({
      reason: 'prober_exhausted',
      message: "no answer within 500 ms (in phase dns), but the monitor's own event loop was blocked for 200 ms of it",
    });
    expect(lateFault('nothing came', 500, 0)).toMatchObject({ reason: 'timeout', message: 'nothing came' });
    expect(lateFault('nothing came', 500, 0, 'overloaded').reason).toBe('overloaded');
  });
});
