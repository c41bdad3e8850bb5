/** Cloud Monitoring's metric descriptors and time series over REST, kept by the emulator to which functions write. */
import { status } from '@grpc/grpc-js';
import type { MetricMethod, MonitoringEmulator } from '../../../local/emulators/monitoring';
import { StatusError } from '../../../local/emulators/status-error';
import { toMs } from '../../../local/emulators/timestamps';
import { checkMessage } from './message-shape';
import { ApiError, invalid, listOf, objectOf, part, route, textOf } from './rest';
import type { Call, Document, Route } from './rest';
import type { World } from './world';

const codes: Readonly<Record<number, number>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.PERMISSION_DENIED]: 403,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNIMPLEMENTED]: 501,
};

/** The routes of metricDescriptors and timeSeries. */
export function metricRoutes({ project }: World, emulator: MonitoringEmulator): readonly Route[] {
  const name = `projects/${project}`;
  const ask = (method: MetricMethod, request: object): Document => {
    try {
      return objectOf(emulator.ask(method, request));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw new ApiError(codes[error.code] ?? 500, error.message);
    }
  };
  const described = (call: Call): { name: string } => ({ name: `${name}/metricDescriptors/${part(call, 'type')}` });
  const paging = ({ query }: Call): object => ({
    filter: query['filter'] ?? '',
    pageSize: Number(query['pageSize'] ?? 0),
    pageToken: query['pageToken'] ?? '',
  });
  const path = '/v3/projects/{project}/metricDescriptors';
  return [
    route('GET', path, (call) => {
      const { metricDescriptors, nextPageToken } = ask('ListMetricDescriptors', { name, ...paging(call) });
      return { metricDescriptors: listOf(metricDescriptors).map((one) => descriptorJson(objectOf(one))), ...pageToken(nextPageToken) };
    }),
    route('POST', path, ({ body }) => {
      const { name: _name, ...metricDescriptor } = body;
      checkMessage('google.api.MetricDescriptor', metricDescriptor);
      return descriptorJson(ask('CreateMetricDescriptor', { name, metricDescriptor }));
    }),
    route('GET', `${path}/{type+}`, (call) => descriptorJson(ask('GetMetricDescriptor', described(call)))),
    route('DELETE', `${path}/{type+}`, (call) => ask('DeleteMetricDescriptor', described(call))),
    route('GET', '/v3/projects/{project}/timeSeries', (call) => {
      if (Object.keys(call.query).some((key) => key.startsWith('aggregation.'))) throw new ApiError(501, 'Nothing is aggregated here.');
      const interval = { startTime: timeOf(call.query['interval.startTime']), endTime: timeOf(call.query['interval.endTime']) };
      const { timeSeries, nextPageToken } = ask('ListTimeSeries', { name, ...paging(call), interval, view: call.query['view'] ?? 'FULL' });
      return { timeSeries: listOf(timeSeries).map((one) => seriesJson(objectOf(one))), ...pageToken(nextPageToken) };
    }),
  ];
}

function pageToken(token: unknown): object {
  return textOf(token) === '' ? {} : { nextPageToken: token };
}

function timeOf(text: string | undefined): { seconds: string; nanos: number } | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalid(`Invalid value (type.googleapis.com/google.protobuf.Timestamp), "${text}"`);
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 };
}

/** JSON leaves out what has its default: the value type of a text label. */
function descriptorJson({ labels, monitoredResourceTypes: _types, ...rest }: Document): object {
  const label = ({ key, valueType, description }: Document): object => ({ key, ...(valueType !== 'STRING' && { valueType }), description });
  return { ...rest, labels: listOf(labels).map((one) => label(objectOf(one))) };
}

function seriesJson({ points, unit, ...rest }: Document): object {
  return { ...rest, ...(unit !== '' && { unit }), points: listOf(points).map((one) => pointJson(objectOf(one))) };
}

function pointJson({ interval, value }: Document): object {
  const { startTime, endTime } = objectOf(interval);
  // 64-bit integers are texts in JSON (ProtoJSON format).
  const [[field, plain] = ['', undefined]] = Object.entries(objectOf(value));
  return {
    interval: { startTime: timeJson(startTime), endTime: timeJson(endTime) },
    value: { [field]: field === 'int64Value' ? String(plain) : plain },
  };
}

function timeJson(time: unknown): string {
  return new Date(toMs(objectOf(time))).toISOString();
}
