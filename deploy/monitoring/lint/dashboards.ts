/** Rules on dashboards (google.monitoring.dashboard.v1.Dashboard). */
import { aggregationMistakes } from './aggregations';
import { filterMistakes, metricOf } from './filters';
import { userLabels } from './labels';
import { promqlMistakes } from './promql';
import { countOf, objectOf, objectsOf, secondsOf, textOf, when, type Json, type Mistake, type Rule } from './rule';
import { shaped } from './shape';
import { contents, dashboardMessage } from './widgets';

const mostColumns = 48;
/** Charts on a dashboard (Cloud Monitoring, "Quotas and limits"; it has grown since, an older one is kept to for safety). */
const mostWidgets = 40;
/** Areas that lie behind other widgets. */
const groups = ['collapsibleGroup', 'singleViewGroup'];

const layoutOf = (dashboard: Json): Json => objectOf(dashboard['mosaicLayout']);
const tilesOf = (dashboard: Json): readonly (readonly [tile: Json, path: string])[] =>
  objectsOf(layoutOf(dashboard)['tiles'], 'mosaicLayout.tiles');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

interface Area {
  readonly path: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
const areaOf = ([tile, path]: readonly [Json, string]): Area => {
  const [left, top] = [numberOf(tile['xPos']), numberOf(tile['yPos'])];
  return { path, left, top, right: left + numberOf(tile['width']), bottom: top + numberOf(tile['height']) };
};
const overlap = (a: Area, b: Area): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @returns every query of a widget with its place. */
function queriesOf(tile: Json, path: string): readonly (readonly [query: Json, path: string])[] {
  return Object.keys(contents).flatMap((kind) => {
    const body = objectOf(objectOf(tile['widget'])[kind]);
    const sets = objectsOf(body['dataSets'], `${path}.widget.${kind}.dataSets`).map(
      ([set, place]) => [objectOf(set['timeSeriesQuery']), `${place}.timeSeriesQuery`] as const,
    );
    const own = body['timeSeriesQuery'];
    return own === undefined ? sets : [...sets, [objectOf(own), `${path}.widget.${kind}.timeSeriesQuery`] as const];
  });
}

const sources = ['prometheusQuery', 'timeSeriesFilter', 'timeSeriesQueryLanguage'];

function queryMistakes(query: Json, path: string): readonly Mistake[] {
  const { prometheusQuery, timeSeriesFilter } = query;
  const filtered = objectOf(timeSeriesFilter);
  const filter = textOf(filtered['filter']);
  return [
    ...when(countOf(query, sources) !== 1, path, `is not exactly one of ${sources.join(', ')}`),
    ...(prometheusQuery === undefined ? [] : promqlMistakes(textOf(prometheusQuery), `${path}.prometheusQuery`)),
    ...(timeSeriesFilter === undefined
      ? []
      : [
          ...filterMistakes(filter, `${path}.timeSeriesFilter.filter`),
          ...aggregationMistakes([filtered['aggregation'] ?? {}], `${path}.timeSeriesFilter.aggregation`, metricOf(filter)),
        ]),
  ];
}

/** @returns a rule on each tile. */
const onTiles = (source: string, check: (tile: Json, path: string, dashboard: Json) => readonly Mistake[]): Rule => ({
  source,
  check: (dashboard) => tilesOf(dashboard).flatMap(([tile, path]) => check(tile, path, dashboard)),
});

/** The rules. */
export const dashboardRules: readonly Rule[] = [
  shaped(dashboardMessage, 'google.monitoring.dashboard.v1.Dashboard'),
  {
    source: 'MosaicLayout.columns: "between 1 and 48, inclusive"',
    check: (dashboard) => {
      const columns = numberOf(layoutOf(dashboard)['columns']);
      return when(columns < 1 || columns > mostColumns, 'mosaicLayout.columns', `is not 1 to ${mostColumns}`);
    },
  },
  {
    source: 'Quotas and limits: charts on a dashboard',
    check: (dashboard) =>
      when(tilesOf(dashboard).length > mostWidgets, 'mosaicLayout.tiles', `holds ${tilesOf(dashboard).length}; at most ${mostWidgets}`),
  },
  onTiles(
    'Tile: "contained within the specified number of columns", minimum width and height of 1, positions not negative',
    (tile, path, dashboard) => {
      const { left, top, right, bottom } = areaOf([tile, path]);
      return [
        ...when(left < 0 || top < 0, path, 'has a negative position'),
        ...when(right - left < 1 || bottom - top < 1, path, 'is narrower or lower than 1'),
        ...when(right > numberOf(layoutOf(dashboard)['columns']), path, 'reaches beyond the last column'),
      ];
    },
  ),
  {
    source: 'MosaicLayout: tiles do not overlap, but for the areas of groups',
    check: (dashboard) => {
      const areas = tilesOf(dashboard)
        .filter(([tile]) => countOf(objectOf(tile['widget']), groups) === 0)
        .map(areaOf);
      return areas.flatMap((area, index) =>
        areas.slice(0, index).flatMap((other) => when(overlap(area, other), area.path, `overlaps ${other.path}`)),
      );
    },
  },
  onTiles('Widget: one kind of content', ({ widget }, path) => {
    const kinds = Object.keys(contents);
    return when(countOf(objectOf(widget), kinds) !== 1, `${path}.widget`, `is not exactly one of ${kinds.join(', ')}`);
  }),
  onTiles('DataSet, Scorecard: exactly one query, PromQL with metrics and labels as mapped', (tile, path) =>
    queriesOf(tile, path).flatMap(([query, place]) => queryMistakes(query, place)),
  ),
  onTiles('XyChart.data_sets, TimeSeriesTable.data_sets: required', ({ widget }, path) =>
    ['xyChart', 'timeSeriesTable'].flatMap((kind) => {
      const body = objectOf(widget)[kind];
      return when(
        body !== undefined && objectsOf(objectOf(body)['dataSets'], '').length === 0,
        `${path}.widget.${kind}.dataSets`,
        'is empty',
      );
    }),
  ),
  onTiles('min_alignment_period: points come at most once a minute', ({ widget }, path) =>
    ['xyChart', 'timeSeriesTable'].flatMap((kind) =>
      objectsOf(objectOf(objectOf(widget)[kind])['dataSets'], `${path}.widget.${kind}.dataSets`).flatMap(([set, place]) =>
        when(
          set['minAlignmentPeriod'] !== undefined && !(secondsOf(set['minAlignmentPeriod']) >= 60),
          `${place}.minAlignmentPeriod`,
          'is shorter than 60s',
        ),
      ),
    ),
  ),
  onTiles('Threshold: color and direction "not allowed in a XyChart", the target axis "not allowed in a Scorecard"', ({ widget }, path) => {
    const on = (kind: string, keys: readonly string[]): readonly Mistake[] =>
      objectsOf(objectOf(objectOf(widget)[kind])['thresholds'], `${path}.widget.${kind}.thresholds`).flatMap(([threshold, place]) =>
        keys.filter((key) => threshold[key] !== undefined).map((key) => ({ path: `${place}.${key}`, message: 'is not allowed here' })),
      );
    return [...on('xyChart', ['color', 'direction']), ...on('scorecard', ['targetAxis'])];
  }),
  {
    source: 'DashboardFilter.label_key: "must be omitted if the filter_type is VALUE_ONLY but is required otherwise"',
    check: ({ dashboardFilters }) =>
      objectsOf(dashboardFilters, 'dashboardFilters').flatMap(([{ filterType, labelKey }, place]) =>
        when(
          (filterType === 'VALUE_ONLY') !== (labelKey === undefined),
          `${place}.labelKey`,
          labelKey === undefined ? 'is missing' : 'must be omitted',
        ),
      ),
  },
  userLabels('labels'),
];
