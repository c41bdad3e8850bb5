/** Schedules: which are taken, and how long their shortest period is. */
import { longestGapOf, periodOf, scheduleProblem } from '../../shared/config/schedule';

const minute = 60_000;

test.each([
  ['* * * * *', 1],
  ['*/1 * * * *', 1],
  ['*/15 * * * *', 15],
  ['*/7 * * * *', 4],
  ['0 * * * *', 60],
  ['5,20 * * * *', 15],
  ['0-10/5 8-17 * * MON-FRI', 5],
  ['0 */6 * * *', 360],
  ['0 9,17 * * *', 480],
  ['50 23 * * *', 1440],
  ['59 0,23 * * *', 60],
  ['0 0 1 * *', 28 * 1440],
  ['0 0 1,31 * *', 1440],
  ['0 12 * * 1', 7 * 1440],
  ['0 12 * * 1,7', 1440],
  ['0 0 1 jan *', 365 * 1440],
  ['0 0,23 1,31 * *', 60],
])('%s comes at the earliest %d minutes after itself', (schedule, minutes) => {
  expect(scheduleProblem(schedule)).toBeUndefined();
  expect(periodOf(schedule)).toBe(minutes * minute);
});

test.each([
  '',
  '* * * *',
  '* * * * * *',
  '@hourly',
  'every minute',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '*/0 * * * *',
  '5-1 * * * *',
  '0 0 L * *',
  '0 0 * * 1#2',
  '0 0 15W * *',
  '0 0 ? * *',
  '0 0 30 2 *',
  'a * * * *',
])('%j is refused', (schedule) => {
  expect(scheduleProblem(schedule)).toMatch(/^(is not a schedule|never comes); allowed: /);
});

test.each([
  ['* * * * *', 1],
  ['*/15 * * * *', 15],
  ['7 * * * *', 60],
  ['*/5 8-19 * * *', 12 * 60 + 5],
  ['0 8 * * *', 24 * 60],
  ['0 8 * * 1-5', 3 * 24 * 60],
])('%s pauses for %i minutes at most', (schedule, minutes) => {
  expect(longestGapOf(schedule) / 60_000).toBe(minutes);
});

test.each([
  ['* * * * *', 4],
  ['0 9,17 * * *', 48 * 60],
  ['*/5 8-19 * * *', 12 * 60 + 5 + 15],
  ['0 8 * * *', 4 * 24 * 60],
  ['0 0,1,12 * * *', 46 * 60],
])('four pauses in a row of %s take %i minutes at most', (schedule, minutes) => {
  expect(longestGapOf(schedule, 4) / 60_000).toBe(minutes);
});
