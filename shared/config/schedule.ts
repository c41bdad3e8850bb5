/** Cron schedules as Cloud Scheduler takes them: five fields, UTC. */
import { Cron } from 'croner';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** Cloud Scheduler knows unix-cron only: numbers, names, `*`, ranges, steps and lists. */
const item = /^(\*|\d+|[a-z]{3})(-(\d+|[a-z]{3}))?(\/\d+)?$/i;
const allowed = 'allowed: five fields (minute, hour, day, month, day of the week) of unix-cron, UTC, e.g. */15 * * * *';
/** Days of a schedule looked at for the shortest distance between two: enough to meet the end of every month. */
const lookahead = 400;
const epoch = new Date(Date.UTC(2024, 0, 1) - 1);

function upcoming(schedule: string, amount: number): readonly Date[] {
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part' }).nextRuns(amount, epoch);
}

/** What was found of each schedule: thousands of targets may have the same, and to look at one takes a millisecond. */
const judged = new Map<string, string | undefined>();

/** @returns what is wrong with the schedule, or undefined. */
export function scheduleProblem(schedule: string): string | undefined {
  if (!judged.has(schedule)) judged.set(schedule, judge(schedule));
  return judged.get(schedule);
}

function judge(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `is not a schedule; ${allowed}`;
  if (!fields.every((field) => field.split(',').every((part) => item.test(part)))) return `is not a schedule; ${allowed}`;
  try {
    return upcoming(schedule, 1).length === 0 ? `never comes; ${allowed}` : undefined;
  } catch {
    return `is not a schedule; ${allowed}`;
  }
}

/** @returns the numbers that a field of minutes or hours stands for, ascending. */
function expand(field: string, size: number): readonly number[] {
  const numbers = field.split(',').flatMap((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = from] = range === '*' ? ['0', String(size - 1)] : range.split('-');
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index).filter(
      (_, index) => index % Number(step) === 0,
    );
  });
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

const distances = (numbers: readonly number[]): readonly number[] => numbers.slice(1).map((value, index) => value - (numbers[index] ?? 0));
const shortest = (numbers: readonly number[]): number => Math.min(...distances(numbers));
const longest = (numbers: readonly number[]): number => Math.max(0, ...distances(numbers));

/** Distances between two midnights, in milliseconds. */
interface Distances {
  readonly shortest: number;
  readonly longest: number;
}

/** Stepping through the calendar is slow, hardly any schedule leaves a day out, and those that do are often the same. */
const known = new Map<string, Distances>([['* * *', { shortest: dayMs, longest: dayMs }]]);

/** @param days the last three fields. @returns the distances between two midnights of such days. */
function betweenDays(days: string): Distances {
  const found = known.get(days);
  if (found) return found;
  const midnights = upcoming(`0 0 ${days}`, lookahead).map((time) => time.getTime());
  const between = { shortest: shortest(midnights), longest: longest(midnights) };
  known.set(days, between);
  return between;
}

/** @returns the shortest distance between two times of a valid schedule, in milliseconds. */
export function periodOf(schedule: string): number {
  const [minutes = '', hours = '', ...days] = schedule.trim().split(/\s+/);
  const inHour = expand(minutes, 60);
  if (shortest(inHour) === 1) return minuteMs;
  const times = expand(hours, 24).flatMap((hour) => inHour.map((minute) => hour * 60 + minute));
  const overnight = betweenDays(days.join(' ')).shortest - ((times.at(-1) ?? 0) - (times[0] ?? 0)) * minuteMs;
  return Math.min(shortest(times) * minuteMs, overnight);
}

/**
 * @param amount of distances in a row; default: one.
 * @returns the longest that so many distances between times of a valid schedule take together, in milliseconds: over night, or over the
 * weekend. Where several of them lie between days this is no less than that: each counts as the longest.
 */
export function longestGapOf(schedule: string, amount = 1): number {
  const [minutes = '', hours = '', ...days] = schedule.trim().split(/\s+/);
  const inHour = expand(minutes, 60);
  const times = expand(hours, 24).flatMap((hour) => inHour.map((minute) => hour * 60 + minute));
  const within = longest(times) * minuteMs;
  const overnight = betweenDays(days.join(' ')).longest - ((times.at(-1) ?? 0) - (times[0] ?? 0)) * minuteMs;
  const spanWith = (nights: number): number => nights * overnight + (amount - nights) * within;
  // Of as many distances in a row as there are times a day, one lies between two days.
  return Math.max(spanWith(Math.floor(amount / times.length)), spanWith(Math.ceil(amount / times.length)));
}

/** @returns how often a valid schedule comes a day, on the average of the years. */
export function runsPerDay(schedule: string): number {
  const [minutes = '', hours = '', ...days] = schedule.trim().split(/\s+/);
  const timesADay = expand(minutes, 60).length * expand(hours, 24).length;
  if (days.every((field) => field === '*')) return timesADay;
  const dates = upcoming(`0 0 ${days.join(' ')}`, lookahead);
  const [first, last] = [dates[0], dates.at(-1)];
  if (!first || !last || dates.length < 2) return 0;
  return (timesADay * (dates.length - 1) * dayMs) / (last.getTime() - first.getTime());
}
