/** Times and durations for people, in the time zone of whoever looks. */
import { millisecondsOf } from '../clock';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const two = (value: number): string => String(value).padStart(2, '0');

/** @returns `03:12:45` */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @returns `2026-01-31 03:12:45` */
export function dateTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(milliseconds)}`;
}

/** @returns the time, with its date where that is not today's. */
export function timeOrDate(at: number, nowMs: number): string {
  return new Date(at).toDateString() === new Date(nowMs).toDateString() ? clockTime(at) : dateTime(at);
}

/** The same of an RFC 3339 stamp. */
export function stampTime(stamp: string, nowMs: number): string {
  return timeOrDate(millisecondsOf(stamp), nowMs);
}

function withRest(milliseconds: number, unitMs: number, unit: string, restMs: number, rest: string): string {
  const units = Math.floor(milliseconds / unitMs);
  const left = Math.floor((milliseconds - units * unitMs) / restMs);
  return left > 0 && units < 10 ? `${units} ${unit} ${left} ${rest}` : `${units} ${unit}`;
}

/** @returns `12 min`, `3 h 20 min`, `2 d 4 h`; in steps of ten seconds below a minute, so that it stays calm. */
export function span(milliseconds: number): string {
  if (milliseconds < 10 * secondMs) return 'just now';
  if (milliseconds < minuteMs) return `${Math.floor(milliseconds / (10 * secondMs)) * 10} s`;
  if (milliseconds < hourMs) return `${Math.floor(milliseconds / minuteMs)} min`;
  if (milliseconds < dayMs) return withRest(milliseconds, hourMs, 'h', minuteMs, 'min');
  return withRest(milliseconds, dayMs, 'd', hourMs, 'h');
}

/** @returns `0.4 ms`, `31 ms`, `1.24 s`, `75 s` */
export function latency(milliseconds: number): string {
  if (milliseconds < 10) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < secondMs) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * secondMs) return `${(milliseconds / secondMs).toFixed(2)} s`;
  return `${Number((milliseconds / secondMs).toFixed(1))} s`;
}

/** @returns `5 min`, `1 h`: a round length of time. */
export function length(milliseconds: number): string {
  return milliseconds < minuteMs ? `${Math.round(milliseconds / secondMs)} s` : span(milliseconds);
}
