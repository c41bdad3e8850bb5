/** A scenario as text: what the targets did, and under it who was told from when to when. */
import type { AlertPolicy } from '../../monitoring/documents';
import type { Incident } from './incidents';
import type { Outcome } from './judge';
import type { Strip } from './scenario';

const minuteMs = 60_000;
/** Columns of time, at most. */
const widest = 72;
/** Rows of targets, at most; the others look the same. */
const mostStrips = 3;
const nameWidth = 34;

/** Minutes a column stands for: 1, 2, 5 … */
function minutesAColumn(lengthMs: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480];
  return steps.find((step) => lengthMs / minuteMs / step <= widest) ?? 1440;
}

const named = (name: string): string => `  ${name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name.padEnd(nameWidth)} `;

/** What is worst in a column counts. */
const gravity = ' .c?F';

function stripRow({ name, letters }: Strip, columns: number, columnMs: number): string {
  const cells = Array.from({ length: columns }, (_, column) => {
    const inside = letters.filter(({ at }) => Math.floor(at / columnMs) === column).map(({ letter }) => letter);
    return inside.toSorted((a, b) => gravity.indexOf(b) - gravity.indexOf(a))[0] ?? ' ';
  });
  return (named(name) + cells.join('')).trimEnd();
}

function ruler(columns: number, columnMs: number): string {
  const marks = Array.from({ length: Math.ceil(columns / 10) }, (_, index) => String((index * 10 * columnMs) / minuteMs).padEnd(10));
  return (named('minutes') + marks.join('')).trimEnd();
}

function incidentRow(incidents: readonly Incident[], name: string, columns: number, columnMs: number): string {
  const cells = Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column * columnMs, (column + 1) * columnMs];
    return incidents.some((incident) => incident.from < to && incident.to >= from) ? '#' : '-';
  });
  return named(name) + cells.join('');
}

const clock = (ms: number): string => String(Math.round(ms / minuteMs));

/** When it was, how often, and where it goes. */
function told(incidents: readonly Incident[], policy: AlertPolicy | undefined, lengthMs: number): string {
  const spans = [
    ...new Set(
      incidents.map(
        ({ from, to }) => `fires in minute ${clock(from)}, ${to >= lengthMs - minuteMs ? 'stays open' : `closes after ${clock(to)}`}`,
      ),
    ),
  ];
  const count = incidents.length === 1 ? '1 incident' : `${incidents.length} incidents`;
  const channels = policy?.notificationChannels ?? [];
  const where = channels.length === 0 ? 'NO CHANNEL: no route fits' : channels.join(', ');
  const shown = spans.length > 3 ? [...spans.slice(0, 3), `and ${spans.length - 3} more`] : spans;
  return `${' '.repeat(nameWidth + 3)}${count}: ${shown.join('; ')} -> ${where}`;
}

/** @returns the lines of one scenario. */
export function timelineOf({ scenario, incidents, wrong }: Outcome, policies: readonly AlertPolicy[]): readonly string[] {
  const { name, title, strips, lengthMs } = scenario;
  const columnMs = minutesAColumn(lengthMs) * minuteMs;
  const columns = Math.ceil(lengthMs / columnMs);
  const keys = [...new Set(incidents.map(({ policy }) => policy))];
  const hidden = strips.length - mostStrips;
  return [
    `${name}: ${title}`,
    ruler(columns, columnMs),
    ...strips.slice(0, mostStrips).map((strip) => stripRow(strip, columns, columnMs)),
    ...(hidden > 0 ? [`  and ${hidden} more like these`] : []),
    ...keys.flatMap((key) => {
      const own = incidents.filter(({ policy }) => policy === key);
      return [
        incidentRow(own, key, columns, columnMs),
        told(
          own,
          policies.find(({ userLabels }) => userLabels.policy === key),
          lengthMs,
        ),
      ];
    }),
    ...(keys.length === 0 ? ['  nobody is told'] : []),
    ...(wrong.length === 0 ? ['  as expected'] : wrong.map((sentence) => `  WRONG: ${sentence}`)),
  ];
}

/** What the letters mean. */
export const legend = '. works   c works when tried again   F fails   ? could not tell   (blank) did not run   # fires';
