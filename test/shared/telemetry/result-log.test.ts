/** What a result says in the log, and which results reach Error Reporting (format-error-messages, "Format errors as log entries"). */
import type { Result } from '../../../shared/result';
import { entryOf } from '../../../shared/telemetry/result-log';
import { successfulResult as success } from '../../support/successful-result';

const reporter = { service: 'postgres', version: '1.2.3' };
const wrong = (outcome: Result['outcome'], reason: Result['reason'], message = 'in words'): Result => ({
  ...success,
  outcome,
  reason,
  message,
});

test('a success is worth a line for those who look for it', () => {
  expect(entryOf(success, reporter, 'run-1')).toEqual({
    severity: 'DEBUG',
    event: 'result',
    message: 'postgres orders-db: success',
    runId: 'run-1',
    result: success,
  });
});

test('a degraded target is a warning, and no error to be reported', () => {
  const result = wrong('degraded', 'too_slow');
  expect(entryOf(result, reporter, 'run-1')).toEqual({
    severity: 'WARNING',
    event: 'result',
    message: 'postgres orders-db: degraded too_slow\nin words',
    runId: 'run-1',
    result,
  });
});

test.each([
  ['failure', 'connect_refused', 'network'],
  ['unknown', 'api_denied', 'monitor'],
] as const)('a target that is %s is an event of Error Reporting', (outcome, reason, domain) => {
  const result = wrong(outcome, reason);
  expect(entryOf(result, reporter, 'run-1')).toEqual({
    severity: 'ERROR',
    event: 'result',
    message: `postgres orders-db: ${outcome} ${reason}\nin words`,
    '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
    serviceContext: { service: 'postgres', version: '1.2.3' },
    context: { reportLocation: { filePath: 'functions/postgres', lineNumber: 1, functionName: `orders-db.${reason}` } },
    eventTime: '2026-01-02T03:04:05.000Z',
    runId: 'run-1',
    domain,
    result,
  });
});

test('the same failure in other words is the same group', () => {
  const group = (message: string): unknown => {
    const { message: told, context } = entryOf(wrong('failure', 'timeout', message), reporter, message);
    return [told.split('\n')[0], context];
  };
  expect(group('no answer within 10000 ms')).toEqual(group('something else'));
});
