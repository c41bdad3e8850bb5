/** The figures that the README shows, from what was kept of the measurements. */
import { markdownTable } from '../scripts/markdown-table';
import { isMet, type Figure } from './figures';
import type { Results } from './results';
import { short } from './table';

interface Row {
  readonly what: string;
  readonly measurement: string;
  readonly figures: RegExp;
  /** What it is compared with says nothing to a user. */
  readonly isAlone?: true;
}

const rows: readonly Row[] = [
  {
    what: "cold start to the first answer that needs no probe (400), against an empty function's",
    measurement: 'cold-start',
    figures: /^first answer, /,
  },
  { what: 'cold start to the answer of the first whole run, against the same', measurement: 'cold-start', figures: /^first run, / },
  {
    what: 'cold start of a function built on the synthetics SDK that probes nothing',
    measurement: 'cold-start',
    figures: /^synthetics SDK$/,
  },
  { what: 'warm `postgres` run against the bare driver', measurement: 'warm-run', figures: /^run, postgres$/ },
  { what: 'warm `redis`, `websocket`, `http` run against the same', measurement: 'warm-run', figures: /^run, (redis|websocket|http)$/ },
  {
    what: 'CPU a probe, 1 000 HTTP targets in one run, against blackbox_exporter',
    measurement: 'throughput',
    figures: /^http, 1000 targets: CPU/,
  },
  { what: 'the same over TCP, TLS', measurement: 'throughput', figures: /^(tcp|tls), 1000 targets: CPU/ },
  { what: 'CPU a probe at 1 000 targets against 10 (HTTP, TCP, TLS)', measurement: 'throughput', figures: /against 10$/ },
  { what: 'memory peak of each function at 1 000 targets', measurement: 'memory', figures: /./ },
  { what: 'requests to Cloud Monitoring a run of 1, 100, 1 000 targets', measurement: 'telemetry', figures: /requests/ },
  { what: 'last probe to the answer, all points written, at 1, 100, 1 000', measurement: 'telemetry', figures: /last probe/ },
  { what: 'latency told too much, half of them, at concurrency 1, 20, 100', measurement: 'accuracy', figures: /50th/ },
  { what: 'the same, 99 of 100', measurement: 'accuracy', figures: /99th/ },
  { what: '10 000 targets: load compiled, load YAML, `check`, `plan`', measurement: 'configuration', figures: /./, isAlone: true },
];

/** Few are listed, of many the least and the greatest. */
function shown(values: readonly (number | undefined)[], unit = ''): string {
  const numbers = values.filter((value) => value !== undefined);
  const texts = numbers.length > 4 ? [Math.min(...numbers), Math.max(...numbers)].map(short) : numbers.map(short);
  const told = new Set(texts).size === 1 ? texts.slice(0, 1) : texts;
  return told.length === 0 ? '' : `${told.join(numbers.length > 4 ? '–' : ', ')} ${unit}`.trim();
}

function verdictOf(figures: readonly Figure[]): string {
  const judged = figures.map(isMet).filter((met) => met !== undefined);
  const met = judged.filter(Boolean).length;
  if (judged.length === 0) return '';
  return met === judged.length ? 'met' : met === 0 ? 'missed' : `met by ${met} of ${judged.length}`;
}

function cellsOf({ what, measurement, figures: wanted, isAlone }: Row, results: Results): readonly string[] {
  const figures = (results[measurement]?.figures ?? []).filter((figure) => wanted.test(figure.what));
  const unit = figures[0]?.unit ?? '';
  const compared = (isAlone ? [] : figures).filter(({ budget }) => budget === undefined || budget.of === 'ratio');
  return [
    what,
    shown(
      figures.map(({ ours }) => ours.median),
      unit,
    ),
    shown(
      compared.map(({ peer }) => peer?.median),
      unit,
    ),
    shown(compared.map(({ ratio }) => ratio?.median)),
    shown(figures.map(({ budget }) => budget?.atMost)),
    verdictOf(figures),
  ];
}

/** @returns the table, in Markdown, and on what it was measured. */
export function summaryOf(results: Results): string {
  const [first] = Object.values(results);
  const told = (name: string): string => String(first?.machine[name]);
  const dates = Object.values(results).map(({ startedAt }) => startedAt.slice(0, 10));
  const days = [...new Set(dates)].toSorted().join(', ');
  return [
    `Measured by \`npm run bench\` on ${days}, on ${told('cores')} cores (${told('cpu')}, Node ${told('node')}).`,
    '',
    markdownTable(
      ['what', 'ours', 'peer', 'ratio', 'at most', ''],
      rows.map((row) => cellsOf(row, results)),
    ),
  ].join('\n');
}
