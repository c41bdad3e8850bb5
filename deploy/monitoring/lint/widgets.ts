/** The messages of a dashboard and its widgets, as far as we write them (google.monitoring.dashboard.v1). */
import * as z from 'zod';
import { aggregation } from './aggregations';
import { seconds } from './shape';

const threshold = z.strictObject({
  label: z.string().optional(),
  value: z.number(),
  color: z.enum(['YELLOW', 'RED']).optional(),
  direction: z.enum(['ABOVE', 'BELOW']).optional(),
  targetAxis: z.enum(['Y1', 'Y2']).optional(),
});
const axis = z.strictObject({ label: z.string().optional(), scale: z.enum(['LINEAR', 'LOG10']).optional() });
const empty = z.strictObject({});
const timeSeriesQuery = z.strictObject({
  prometheusQuery: z.string().optional(),
  timeSeriesFilter: z
    .strictObject({ filter: z.string(), aggregation: aggregation.optional(), secondaryAggregation: aggregation.optional() })
    .optional(),
  timeSeriesQueryLanguage: z.string().optional(),
  unitOverride: z.string().optional(),
  outputFullDuration: z.boolean().optional(),
});
const xyChart = z.strictObject({
  dataSets: z.array(
    z.strictObject({
      timeSeriesQuery,
      plotType: z.enum(['LINE', 'STACKED_AREA', 'STACKED_BAR', 'HEATMAP']).optional(),
      legendTemplate: z.string().optional(),
      minAlignmentPeriod: seconds.optional(),
      targetAxis: z.enum(['Y1', 'Y2']).optional(),
    }),
  ),
  thresholds: z.array(threshold).optional(),
  timeshiftDuration: seconds.optional(),
  xAxis: axis.optional(),
  yAxis: axis.optional(),
  y2Axis: axis.optional(),
  chartOptions: z
    .strictObject({ mode: z.enum(['COLOR', 'X_RAY', 'STATS']).optional(), displayHorizontal: z.boolean().optional() })
    .optional(),
});
const scorecard = z.strictObject({
  timeSeriesQuery,
  thresholds: z.array(threshold).optional(),
  blankView: empty.optional(),
  gaugeView: z.strictObject({ lowerBound: z.number().optional(), upperBound: z.number().optional() }).optional(),
  sparkChartView: z
    .strictObject({ sparkChartType: z.enum(['SPARK_LINE', 'SPARK_BAR']), minAlignmentPeriod: seconds.optional() })
    .optional(),
});
const timeSeriesTable = z.strictObject({
  dataSets: z.array(z.strictObject({ timeSeriesQuery, tableTemplate: z.string().optional(), minAlignmentPeriod: seconds.optional() })),
  metricVisualization: z.enum(['NUMBER', 'BAR']).optional(),
  columnSettings: z
    .array(
      z.strictObject({
        column: z.string(),
        visible: z.boolean().optional(),
        displayName: z.string().optional(),
        alignment: z.enum(['LEFT', 'CENTER', 'RIGHT']).optional(),
        thresholds: z.array(threshold).optional(),
      }),
    )
    .optional(),
});
const project = z.string().regex(/^projects\/[^/\s]+$/, { error: 'is not projects/P' });
const resource = z.strictObject({ type: z.string().optional(), labels: z.record(z.string(), z.string()).optional() });

/** What a widget shows, one of them. */
export const contents = {
  xyChart,
  scorecard,
  timeSeriesTable,
  alertChart: z.strictObject({ name: z.string().regex(/^projects\/[^/\s]+\/alertPolicies\/[^/\s]+$/) }),
  incidentList: z.strictObject({ policyNames: z.array(z.string()).optional(), monitoredResources: z.array(resource).optional() }),
  errorReportingPanel: z.strictObject({
    projectNames: z.array(project),
    services: z.array(z.string()).optional(),
    versions: z.array(z.string()).optional(),
  }),
  logsPanel: z.strictObject({ filter: z.string().optional(), resourceNames: z.array(z.string().regex(/^projects\/\S+$/)).optional() }),
  text: z.strictObject({ content: z.string(), format: z.enum(['MARKDOWN', 'RAW']) }),
  sectionHeader: z.strictObject({ subtitle: z.string().optional(), dividerBelow: z.boolean().optional() }),
  collapsibleGroup: z.strictObject({ collapsed: z.boolean().optional() }),
  blank: empty,
};

const widget = z.strictObject({
  title: z.string().optional(),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
  ...(Object.fromEntries(Object.entries(contents).map(([key, schema]) => [key, schema.optional()])) as Record<string, z.ZodOptional>),
});

const tile = z.strictObject({ xPos: z.int(), yPos: z.int(), width: z.int(), height: z.int(), widget });

const filter = z.strictObject({
  filterType: z.enum(['RESOURCE_LABEL', 'METRIC_LABEL', 'USER_METADATA_LABEL', 'SYSTEM_METADATA_LABEL', 'GROUP', 'VALUE_ONLY']),
  labelKey: z.string().optional(),
  templateVariable: z.string().optional(),
  stringValue: z.string().optional(),
  valueType: z.enum(['STRING', 'STRING_ARRAY']).optional(),
});

/** google.monitoring.dashboard.v1.Dashboard, with the one layout that we write. */
export const dashboardMessage = z.strictObject({
  displayName: z.string().min(1),
  labels: z.record(z.string(), z.string()),
  dashboardFilters: z.array(filter).optional(),
  mosaicLayout: z.strictObject({ columns: z.int(), tiles: z.array(tile) }),
});
