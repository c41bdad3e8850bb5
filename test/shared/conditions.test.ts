/** Conditions at their very limit, what they say when they are unmet, and that none is met by a fact that was not told. */
import * as z from 'zod';
import { equals, maxLatency, minCertificateValidity, secondsBelow, shareBelow } from '../../shared/conditions';
import type { Condition } from '../../shared/probe';
import type { FactValue, Observed } from '../../shared/result';

function judged(condition: Condition<unknown>, expected: unknown, observed: Observed): string | null {
  return condition.judge(expected as never, undefined, observed);
}
const minutes = (count: number): number => count * 60_000;
const days = (count: number): number => count * 86_400_000;

describe('a fact that has to equal', () => {
  const role = equals('redis.role', z.string(), 'not_primary');

  test.each<[FactValue | undefined, string | null]>([
    ['master', null],
    ['slave', 'redis.role is "slave", expected "master"'],
    [undefined, 'redis.role is not told, expected "master"'],
    [null, 'redis.role is not told, expected "master"'],
  ])('%j', (fact, said) => {
    expect(judged(role, 'master', fact === undefined ? {} : { 'redis.role': fact })).toBe(said);
    expect(role.reason).toBe('not_primary');
  });

  test('is not met by what only looks alike', () => {
    const writable = equals('postgres.writable', z.boolean(), 'read_only');
    expect(judged(writable, true, { 'postgres.writable': 'true' })).toBe('postgres.writable is "true", expected true');
    expect(judged(writable, false, { 'postgres.writable': false })).toBeNull();
    expect(judged(writable, false, {})).toBe('postgres.writable is not told, expected false');
  });
});

describe('a share that has to be below', () => {
  const memory = shareBelow('redis.memoryUtilization', 'out_of_memory');

  test.each<[FactValue | undefined, string | null]>([
    [0, null],
    [0.8999, null],
    [0.9, 'redis.memoryUtilization is 0.9, expected below 0.9'],
    [1.2, 'redis.memoryUtilization is 1.2, expected below 0.9'],
    [undefined, 'redis.memoryUtilization is not told, expected below 0.9'],
    [null, 'redis.memoryUtilization is not told, expected below 0.9'],
    ['0.1', 'redis.memoryUtilization is "0.1", expected below 0.9'],
  ])('%j', (fact, said) => {
    expect(judged(memory, 0.9, fact === undefined ? {} : { 'redis.memoryUtilization': fact })).toBe(said);
    expect(memory.reason).toBe('out_of_memory');
  });
});

describe('seconds that have to be below', () => {
  const lag = secondsBelow('postgres.replicationLag', 'replication_lagging');

  test.each<[FactValue | undefined, string | null]>([
    [119.9, null],
    [120, 'postgres.replicationLag is 120 s, expected below 2m'],
    [500, 'postgres.replicationLag is 500 s, expected below 2m'],
    [undefined, 'postgres.replicationLag is not told, expected below 2m'],
    ['1', 'postgres.replicationLag is "1", expected below 2m'],
  ])('%j', (fact, said) => {
    expect(judged(lag, minutes(2), fact === undefined ? {} : { 'postgres.replicationLag': fact })).toBe(said);
    expect(lag.reason).toBe('replication_lagging');
  });

  test('may be absent only where the other facts say that there is none', () => {
    const onStandby = secondsBelow('lag', 'replication_lagging', (observed) => observed['role'] === 'primary');
    expect(judged(onStandby, minutes(2), { role: 'primary' })).toBeNull();
    expect(judged(onStandby, minutes(2), { role: 'standby' })).toBe('lag is not told, expected below 2m');
    expect(judged(onStandby, minutes(2), { role: 'primary', lag: 121 })).toBe('lag is 121 s, expected below 2m');
  });
});

describe('the validity of a certificate', () => {
  test.each<[FactValue | undefined, string | null]>([
    [365, null],
    [21, null],
    [20.99, 'the certificate expires in 20.99 d, expected at least 21d'],
    [-1, 'the certificate expires in -1 d, expected at least 21d'],
    [undefined, 'no certificate was seen, expected one valid for at least 21d'],
  ])('%j days', (fact, said) => {
    expect(judged(minCertificateValidity, days(21), fact === undefined ? {} : { 'tls.daysUntilExpiry': fact })).toBe(said);
    expect(minCertificateValidity.reason).toBe('certificate_expiring');
  });
});

describe('the time of an attempt', () => {
  test.each([
    [4999.9, null],
    [5000, null],
    [5000.6, 'took 5001 ms, expected at most 5s'],
    [61_000, 'took 61000 ms, expected at most 5s'],
  ])('%d ms', (took, said) => {
    expect(maxLatency.judge(5000, took)).toBe(said);
    expect(maxLatency.reason).toBe('too_slow');
  });
});
