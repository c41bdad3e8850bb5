/** Cloud Monitoring's dashboards (v1). */
import { randomUUID, createHash } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { aborted, invalid, listOf, objectOf, part, refuseUnknown, route, textOf } from './rest';
import type { Call, Document, Route } from './rest';
import type { World } from './world';

/** A dashboard as the API answers it. */
export interface StoredDashboard extends Named, Document {
  readonly name: string;
  readonly etag: string;
}

/** The routes and the dashboards. */
export interface Dashboards {
  readonly routes: readonly Route[];
  readonly dashboards: Collection<StoredDashboard>;
}

const fields = [
  'name',
  'displayName',
  'etag',
  'gridLayout',
  'mosaicLayout',
  'rowLayout',
  'columnLayout',
  'dashboardFilters',
  'labels',
  'annotations',
];
const layouts = ['gridLayout', 'mosaicLayout', 'rowLayout', 'columnLayout'];
const widgetFields = [
  'title',
  'id',
  'visibilityCondition',
  'xyChart',
  'scorecard',
  'text',
  'blank',
  'alertChart',
  'timeSeriesTable',
  'collapsibleGroup',
  'logsPanel',
  'incidentList',
  'pieChart',
  'treemap',
  'errorReportingPanel',
  'sectionHeader',
  'singleViewGroup',
];

/** No dashboards yet. */
export function createDashboards({ number, project }: World): Dashboards {
  const dashboards = createCollection<StoredDashboard>();
  const full = (call: Call): string => `projects/${number}/dashboards/${part(call, 'dashboard')}`;
  const stored = (name: string, body: Document): StoredDashboard => {
    check(body);
    const { etag: _etag, ...rest } = body;
    return { ...rest, name, etag: createHash('md5').update(`${name}${randomUUID()}`).digest('hex') };
  };
  return {
    dashboards,
    routes: [
      route('GET', '/v1/projects/{project}/dashboards', (call) => pageOf(dashboards.all(), 'dashboards', call)),
      route('GET', '/v1/projects/{project}/dashboards/{dashboard}', (call) => dashboards.get(full(call))),
      route('POST', '/v1/projects/{project}/dashboards', ({ body, query }) => {
        const asked = textOf(body['name']).split('/').at(-1) ?? '';
        const dashboard = stored(`projects/${number}/dashboards/${asked || randomUUID()}`, body);
        return query['validateOnly'] === 'true' ? {} : dashboards.add(dashboard);
      }),
      route('PATCH', '/v1/projects/{project}/dashboards/{dashboard}', ({ body, query, ...call }) => {
        const present = dashboards.get(full({ body, query, ...call }));
        if (body['etag'] !== undefined && body['etag'] !== present.etag) {
          throw aborted(`The dashboard ${present.name.replace(number, project)} was changed since it was read: its etag does not match.`);
        }
        const dashboard = stored(present.name, body);
        return query['validateOnly'] === 'true' ? {} : dashboards.put(dashboard);
      }),
      route('DELETE', '/v1/projects/{project}/dashboards/{dashboard}', (call) => {
        dashboards.remove(full(call));
        return {};
      }),
    ],
  };
}

function check(body: Document): void {
  refuseUnknown(body, fields, 'dashboard');
  if (!textOf(body['displayName'])) throw invalid('Field displayName is required.');
  const present = layouts.filter((layout) => body[layout] !== undefined);
  if (present.length !== 1) throw invalid('A dashboard needs exactly one layout.');
  const mosaic = objectOf(body['mosaicLayout']);
  const columns = Number(mosaic['columns'] ?? 48);
  listOf(mosaic['tiles']).forEach((tile, index) => {
    const { xPos, width, height, widget } = objectOf(tile);
    const where = `mosaicLayout.tiles[${index}]`;
    refuseUnknown(objectOf(tile), ['xPos', 'yPos', 'width', 'height', 'widget'], where);
    refuseUnknown(objectOf(widget), widgetFields, `${where}.widget`);
    if (!(Number(width) > 0 && Number(height) > 0)) throw invalid(`Field ${where} has no width or no height.`);
    if (Number(xPos ?? 0) + Number(width) > columns) throw invalid(`Field ${where} reaches beyond the ${columns} columns.`);
  });
}
