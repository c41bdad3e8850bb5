/** Widgets and their place: small makers of what the dashboards API takes (google.monitoring.dashboard.v1). */

/** One widget, as the API takes it. */
export type Widget = Readonly<Record<string, unknown>>;

/** A widget with its size in blocks of the grid. */
export interface Sized {
  readonly width: number;
  readonly height: number;
  readonly widget: Widget;
}

/** A row of the picture: its widgets stand side by side and are of one height. */
export type Row = readonly Sized[];

/** Points come at most once a minute. */
const minAlignmentPeriod = '60s';

/** A line across a chart, or the bound at which a number changes its colour. */
export interface Bound {
  readonly value: number;
  readonly label?: string;
}

interface Query {
  readonly prometheusQuery: string;
  readonly unitOverride?: string;
}
const queryOf = (query: string, unit?: string): Query => ({
  prometheusQuery: query,
  ...(unit === undefined ? {} : { unitOverride: unit }),
});

/** @returns the heading of a section. */
export function heading(title: string, subtitle: string): Widget {
  return { title, sectionHeader: { subtitle, dividerBelow: false } };
}

/** @returns one number, a count; red above `red`, else yellow above `yellow` (Threshold.direction: ABOVE is crossed by what is greater). */
export function number(title: string, query: string, { red, yellow }: { readonly red?: number; readonly yellow?: number }): Widget {
  const threshold = (color: string, value: number | undefined): readonly object[] =>
    value === undefined ? [] : [{ color, direction: 'ABOVE', value }];
  return {
    title,
    scorecard: { timeSeriesQuery: queryOf(query), thresholds: [...threshold('RED', red), ...threshold('YELLOW', yellow)], blankView: {} },
  };
}

/** A query of a chart, and how its lines are called. */
export interface Line {
  readonly query: string;
  /** With `${label}`. */
  readonly legend: string;
}

/** How a chart is drawn. */
export interface ChartOptions {
  readonly plot?: 'LINE' | 'STACKED_AREA' | 'STACKED_BAR';
  /** UCUM. */
  readonly unit?: string;
  readonly axis?: string;
  readonly bounds?: readonly Bound[];
}

/** @returns a chart over time. */
export function chart(title: string, lines: readonly Line[], { plot = 'LINE', unit, axis = '', bounds = [] }: ChartOptions = {}): Widget {
  return {
    title,
    xyChart: {
      dataSets: lines.map(({ query, legend }) => ({
        timeSeriesQuery: queryOf(query, unit),
        plotType: plot,
        legendTemplate: legend,
        minAlignmentPeriod,
        targetAxis: 'Y1',
      })),
      ...(bounds.length === 0 ? {} : { thresholds: bounds.map(({ value, label = '' }) => ({ value, label, targetAxis: 'Y1' })) }),
      yAxis: { label: axis, scale: 'LINEAR' },
      chartOptions: { mode: 'COLOR' },
    },
  };
}

/** @returns a table of the latest values; its columns are the labels and the value. */
export function table(title: string, query: string, unit?: string): Widget {
  return {
    title,
    timeSeriesTable: {
      dataSets: [{ timeSeriesQuery: { ...queryOf(query, unit), outputFullDuration: false }, minAlignmentPeriod }],
      metricVisualization: 'NUMBER',
    },
  };
}

/** @returns the list of open incidents: what broke, and since when. Of all policies: their names are the server's. */
export function incidents(title: string): Widget {
  return { title, incidentList: {} };
}

/** @returns what Error Reporting has grouped of these services. */
export function errors(title: string, project: string, services: readonly string[]): Widget {
  return { title, errorReportingPanel: { projectNames: [`projects/${project}`], services } };
}

/** @returns log entries, the newest first. */
export function logs(title: string, project: string, filter: string): Widget {
  return { title, logsPanel: { filter, resourceNames: [`projects/${project}`] } };
}
