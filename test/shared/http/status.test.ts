/** The reason of a status (RFC 9110, 15), and which statuses were expected. */
import type { Reason } from '../../../shared/reasons';
import { anySuccess, isExpected, reasonOfStatus } from '../../../shared/http/status';

const told = (status: number, fields: Readonly<Record<string, string>> = {}, otherwise: Reason = 'unexpected_status'): Reason =>
  reasonOfStatus(status, (name) => fields[name], otherwise);

describe('a status that was not expected', () => {
  test.each([
    [401, 'credentials_rejected'],
    [403, 'permission_denied'],
    [429, 'overloaded'],
    [502, 'bad_gateway'],
    [504, 'bad_gateway'],
  ])('%d is %s, whatever was asked for', (status, reason) => {
    expect(told(status)).toBe(reason);
    expect(told(status, {}, 'upgrade_rejected')).toBe(reason);
  });

  test.each([200, 204, 301, 400, 404, 500, 501, 503, 505])('%d says nothing in particular', (status) => {
    expect(told(status)).toBe('unexpected_status');
    expect(told(status, {}, 'upgrade_rejected')).toBe('upgrade_rejected');
  });
});

describe('503', () => {
  test.each([
    [{ 'retry-after': '120' }],
    [{ 'retry-after': '' }],
    [{ server: 'Google Frontend' }],
    [{ server: 'google frontend' }],
    [{ server: 'nginx', 'retry-after': '1' }],
  ])('with %j is a service that turns work away', (fields) => expect(told(503, fields)).toBe('overloaded'));

  test.each([[{ server: 'nginx' }], [{ server: 'not Google Frontend' }], [{ server: 'Google Frontend/2' }]])(
    'with %j is an answer of the service itself',
    (fields) => expect(told(503, fields)).toBe('unexpected_status'),
  );

  test('alone may ask for patience: no other status is overloaded for it', () => {
    expect(told(500, { 'retry-after': '120', server: 'Google Frontend' })).toBe('unexpected_status');
    expect(told(502, { 'retry-after': '120' })).toBe('bad_gateway');
  });
});

test.each([
  [200, anySuccess, true],
  [299, anySuccess, true],
  [199, anySuccess, false],
  [300, anySuccess, false],
  [404, [404], true],
  [404, [403, 405], false],
  [404, ['4xx'], true],
  [404, [200, '5xx', 404], true],
  [404, [200, '5xx'], false],
  [200, [], false],
] as const)('%d is among %j: %s', (status, expected, is) => expect(isExpected(status, expected)).toBe(is));
