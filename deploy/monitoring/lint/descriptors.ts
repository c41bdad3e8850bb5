/** Rules on metric descriptors (google.api.MetricDescriptor; Cloud Monitoring, "Create custom metrics"). */
import * as z from 'zod';
import { objectsOf, repeated, textOf, when, type Rule } from './rule';
import { shaped } from './shape';

const mostLabels = 30;

/** google.api.MetricDescriptor, as far as we write it. */
export const descriptorMessage = z.strictObject({
  type: z.string(),
  metricKind: z.enum(['GAUGE', 'CUMULATIVE'], { error: 'is not GAUGE or CUMULATIVE: nothing else is written by users' }),
  valueType: z.enum(['BOOL', 'INT64', 'DOUBLE', 'DISTRIBUTION']),
  unit: z.string(),
  displayName: z.string().min(1),
  description: z.string().min(1),
  labels: z.array(z.strictObject({ key: z.string(), valueType: z.literal('STRING'), description: z.string().min(1) })),
});

/** A part of UCUM (google.api.MetricDescriptor, `unit`): bit By s min h d 1 with a prefix, %, annotations; products and quotients. */
const basic = String.raw`(?:10\^-?\d+\.)?(?:[kMGTPEZYmunpfazy]|[KMGTP]i)?(?:bit|By|s|min|h|d|1|%|\{[!-z|~]+\})(?:\{[!-z|~]+\})?`;
const unitPattern = new RegExp(String.raw`^${basic}(?:\.${basic})*(?:/${basic})*$`);

/** The rules. */
export const descriptorRules: readonly Rule[] = [
  shaped(descriptorMessage, 'google.api.MetricDescriptor'),
  {
    source: 'Naming user-defined metrics: a domain and a path; only three domains are written by users',
    check: ({ type }) =>
      when(
        !/^(custom|external|workload)\.googleapis\.com(\/[A-Za-z0-9_]+)+$/.test(textOf(type)),
        'type',
        'is not custom.googleapis.com/… with a path',
      ),
  },
  {
    source: 'MetricDescriptor.value_type: BOOL is of a GAUGE only, DISTRIBUTION and numbers of both',
    check: ({ metricKind, valueType }) => when(valueType === 'BOOL' && metricKind !== 'GAUGE', 'valueType', 'is of a GAUGE only'),
  },
  {
    source: 'MetricDescriptor.unit: a subset of UCUM',
    check: ({ unit }) => when(!unitPattern.test(textOf(unit)), 'unit', 'is not a unit of the subset of UCUM that is taken'),
  },
  {
    source: 'LabelDescriptor.key: letters, digits, underscores, no digit first, 100 characters; Quotas and limits: 30 labels',
    check: ({ labels }) => {
      const keys = objectsOf(labels, 'labels');
      return [
        ...when(keys.length > mostLabels, 'labels', `are ${keys.length}; at most ${mostLabels}`),
        ...keys.flatMap(([{ key }, place]) =>
          when(!/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/.test(textOf(key)), `${place}.key`, 'is not the key of a label'),
        ),
        ...repeated(keys.map(([{ key }]) => textOf(key))).map((key) => ({ path: 'labels', message: `${key} stands twice` })),
      ];
    },
  },
];
