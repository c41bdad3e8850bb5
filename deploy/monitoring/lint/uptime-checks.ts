/** Rules on uptime checks and native synthetic monitors (google.monitoring.v3.UptimeCheckConfig). */
import * as z from 'zod';
import { isPrivateHost } from '../private-hosts';
import { userLabels } from './labels';
import { countOf, objectOf, objectsOf, secondsOf, textOf, textsOf, when, type Json, type Rule } from './rule';
import { labelMap, seconds, shaped } from './shape';

/** Locations in a region (UptimeCheckRegion). */
const locations: Readonly<Record<string, number>> = {
  USA: 3,
  EUROPE: 1,
  SOUTH_AMERICA: 1,
  ASIA_PACIFIC: 1,
  USA_OREGON: 1,
  USA_IOWA: 1,
  USA_VIRGINIA: 1,
};

const statusClasses = ['1XX', '2XX', '3XX', '4XX', '5XX', 'ANY'].map((name) => `STATUS_CLASS_${name}`);
const status = z.union([
  z.strictObject({ statusValue: z.int().min(100).max(599) }),
  z.strictObject({ statusClass: z.enum(statusClasses as [string, ...string[]]) }),
]);
const port = z.int().min(1).max(65_535);

/** UptimeCheckConfig.HttpCheck. */
export const httpCheck = z.strictObject({
  requestMethod: z.enum(['GET', 'POST']).optional(),
  useSsl: z.boolean().optional(),
  validateSsl: z.boolean().optional(),
  path: z.string().optional(),
  port: port.optional(),
  headers: labelMap.optional(),
  maskHeaders: z.boolean().optional(),
  contentType: z.enum(['URL_ENCODED', 'USER_PROVIDED']).optional(),
  customContentType: z.string().optional(),
  body: z.base64().optional(),
  acceptedResponseStatusCodes: z.array(status).optional(),
});

/** google.monitoring.v3.UptimeCheckConfig, as far as we write it. */
export const uptimeMessage = z.strictObject({
  displayName: z.string().min(1),
  userLabels: labelMap,
  monitoredResource: z.strictObject({ type: z.literal('uptime_url'), labels: labelMap }).optional(),
  httpCheck: httpCheck.optional(),
  tcpCheck: z.strictObject({ port }).optional(),
  period: seconds.optional(),
  timeout: seconds,
  contentMatchers: z.array(z.strictObject({ content: z.string(), matcher: z.string().optional() })).optional(),
  checkerType: z.enum(['STATIC_IP_CHECKERS', 'VPC_CHECKERS']).optional(),
  selectedRegions: z.array(z.string()).optional(),
});

const httpOf = (check: Json): Json => objectOf(check['httpCheck']);
const labelsOf = (check: Json): Json => objectOf(objectOf(check['monitoredResource'])['labels']);

/** The rules on an uptime check, flattened: what the API takes. */
export const uptimeRules: readonly Rule[] = [
  shaped(uptimeMessage, 'google.monitoring.v3.UptimeCheckConfig'),
  {
    source: 'UptimeCheckConfig.check_request_type: one of',
    check: (check) => when(countOf(check, ['httpCheck', 'tcpCheck']) !== 1, '', 'is not exactly one of httpCheck, tcpCheck'),
  },
  {
    source: 'Monitored resource types: uptime_url has project_id and host',
    check: (check) =>
      when(Object.keys(labelsOf(check)).toSorted().join() !== 'host,project_id', 'monitoredResource.labels', 'are not project_id and host'),
  },
  {
    source: 'Public uptime checks come from the internet: a private host is never reached',
    check: (check) => {
      const host = textOf(labelsOf(check)['host']);
      return when(host !== '' && isPrivateHost(host), 'monitoredResource.labels.host', `${host} is private`);
    },
  },
  {
    source: 'period: "60s, 300s, 600s, and 900s"',
    check: ({ period }) =>
      when(period !== undefined && ![60, 300, 600, 900].includes(secondsOf(period)), 'period', 'is not 60s, 300s, 600s or 900s'),
  },
  {
    source: 'timeout: "between 1 and 60 seconds"',
    check: ({ timeout }) => when(!(secondsOf(timeout) >= 1 && secondsOf(timeout) <= 60), 'timeout', 'is not between 1s and 60s'),
  },
  {
    source: 'selected_regions: "enough regions must be provided to include a minimum of 3 locations"',
    check: ({ selectedRegions }) => {
      const regions = textsOf(selectedRegions);
      const count = regions.reduce((sum, region) => sum + (locations[region] ?? 0), 0);
      return [
        ...regions.flatMap((region) => when(locations[region] === undefined, 'selectedRegions', `${region} is not a region`)),
        ...when(selectedRegions !== undefined && count < 3, 'selectedRegions', 'hold fewer than 3 locations'),
      ];
    },
  },
  {
    source: 'HttpCheck: a GET has neither body nor content type, a POST has one; a content type is not a header; at most 100 headers',
    check: (check) => {
      const { requestMethod = 'GET', body, contentType, customContentType, headers } = httpOf(check);
      const names = Object.keys(objectOf(headers));
      return [
        ...when(
          requestMethod === 'GET' && (body !== undefined || contentType !== undefined),
          'httpCheck',
          'is a GET with a body or a content type',
        ),
        ...when(requestMethod === 'POST' && contentType === undefined, 'httpCheck.contentType', 'is missing in a POST'),
        ...when(
          (contentType === 'USER_PROVIDED') !== (customContentType !== undefined),
          'httpCheck.customContentType',
          'belongs to USER_PROVIDED',
        ),
        ...when(
          requestMethod === 'POST' && names.some((name) => name.toLowerCase() === 'content-type'),
          'httpCheck.headers',
          'hold a content type',
        ),
        ...when(names.length > 100, 'httpCheck.headers', `are ${names.length}; at most 100`),
      ];
    },
  },
  {
    source: 'HttpCheck.validate_ssl: "If use_ssl is false, setting validate_ssl to true has no effect"',
    check: (check) =>
      when(
        httpOf(check)['validateSsl'] === true && httpOf(check)['useSsl'] !== true,
        'httpCheck.validateSsl',
        'has no effect without useSsl',
      ),
  },
  {
    source: 'content_matchers: "only the first entry"; ContentMatcher.content: 1024 bytes',
    check: ({ contentMatchers }) => {
      const matchers = objectsOf(contentMatchers, 'contentMatchers');
      return [
        ...when(matchers.length > 1, 'contentMatchers', 'hold more than one, of which the others are ignored'),
        ...matchers.flatMap(([{ content }, place]) =>
          when(Buffer.byteLength(textOf(content)) > 1024, `${place}.content`, 'has more than 1024 bytes'),
        ),
      ];
    },
  },
  {
    source: 'Our own: a configuration of checks is read by everybody, so no secret and no template may stand in it',
    check: (check) => when(JSON.stringify(httpOf(check)).includes('${'), 'httpCheck', 'holds a template'),
  },
  userLabels('userLabels'),
];

const monitorMessage = z.strictObject({
  displayName: z.string().min(1),
  userLabels: labelMap,
  function: z.string(),
  periodMinutes: z.number(),
  timeoutSeconds: z.int(),
});

/** The rules on a native synthetic monitor. */
export const syntheticMonitorRules: readonly Rule[] = [
  shaped(monitorMessage, 'gcloud monitoring uptime create, --synthetic-target'),
  {
    source: 'gcloud monitoring uptime create, --period: 1, 5, 10, 15',
    check: ({ periodMinutes }) => when(![1, 5, 10, 15].includes(Number(periodMinutes)), 'periodMinutes', 'is not 1, 5, 10 or 15'),
  },
  {
    source: 'UptimeCheckConfig.timeout: at most 60 seconds; shorter than 5 no instance starts',
    check: ({ timeoutSeconds }) => when(!(Number(timeoutSeconds) >= 5 && Number(timeoutSeconds) <= 60), 'timeoutSeconds', 'is not 5 to 60'),
  },
  {
    source: 'Cloud Run, names of services: lower-case letters, digits and hyphens, at most 49',
    check: (monitor) =>
      when(!/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/.test(textOf(monitor['function'])), 'function', 'is not the name of a function'),
  },
  userLabels('userLabels'),
];
