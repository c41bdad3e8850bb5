/** Rules on alert policies (google.monitoring.v3.AlertPolicy). */
import * as z from 'zod';
import { condition, conditionRules, type ConditionFacts } from './conditions';
import { userLabels } from './labels';
import { charactersIn, applyRules, objectOf, objectsOf, repeated, secondsOf, textOf, textsOf, when, type Json, type Rule } from './rule';
import { labelMap, seconds, shaped } from './shape';

const link = z.strictObject({ displayName: z.string(), url: z.string() });
const prompts = z.enum(['OPENED', 'CLOSED']);

/** google.monitoring.v3.AlertPolicy, without what the server alone writes. */
export const alertPolicy = z.strictObject({
  displayName: z.string().min(1),
  combiner: z.enum(['OR', 'AND', 'AND_WITH_MATCHING_RESOURCE']),
  conditions: z.array(condition),
  severity: z.enum(['CRITICAL', 'ERROR', 'WARNING']),
  documentation: z.strictObject({
    content: z.string().min(1),
    mimeType: z.literal('text/markdown'),
    subject: z.string().optional(),
    links: z.array(link).optional(),
  }),
  userLabels: labelMap,
  notificationChannels: z.array(z.string()),
  alertStrategy: z
    .strictObject({
      autoClose: seconds.optional(),
      notificationRateLimit: z.strictObject({ period: seconds }).optional(),
      notificationPrompts: z.array(prompts).optional(),
      notificationChannelStrategy: z
        .array(z.strictObject({ notificationChannelNames: z.array(z.string()), renotifyInterval: seconds.optional() }))
        .optional(),
    })
    .optional(),
  enabled: z.boolean(),
});

const channelName = /^projects\/[^/\s]+\/notificationChannels\/[^/\s]+$/;
const bytes = (text: string): number => Buffer.byteLength(text);
const isLogPolicy = (policy: Json): boolean =>
  objectsOf(policy['conditions'], '').some(([item]) => item['conditionMatchedLog'] !== undefined);
const isPromqlPolicy = (policy: Json): boolean =>
  objectsOf(policy['conditions'], '').some(([item]) => item['conditionPrometheusQueryLanguage'] !== undefined);
const strategyOf = (policy: Json): Json => objectOf(policy['alertStrategy']);

/** The rules. */
export const alertPolicyRules: readonly Rule<Json, ConditionFacts>[] = [
  shaped(alertPolicy, 'google.monitoring.v3.AlertPolicy'),
  {
    source: 'display_name: "limited to 512 Unicode characters"',
    check: ({ displayName }) => when(charactersIn(textOf(displayName)) > 512, 'displayName', 'has more than 512 characters'),
  },
  {
    source: 'conditions: "A policy can have from one to six conditions"',
    check: ({ conditions }) => {
      const count = Array.isArray(conditions) ? conditions.length : 0;
      return when(count < 1 || count > 6, 'conditions', `holds ${count}; allowed: 1 to 6`);
    },
  },
  {
    source: 'Condition.display_name: "don\'t use the same display name for multiple conditions"; a deployment finds conditions by it',
    check: ({ conditions }) =>
      repeated(objectsOf(conditions, '').map(([item]) => textOf(item['displayName']))).map((name) => ({
        path: 'conditions',
        message: `the name ${JSON.stringify(name)} stands twice`,
      })),
  },
  {
    source: 'google.monitoring.v3.AlertPolicy.Condition',
    check: ({ conditions }, facts) =>
      objectsOf(conditions, 'conditions').flatMap(([item, place]) =>
        applyRules(conditionRules, item, facts).map(({ path, message }) => ({ path: `${place}${path === '' ? '' : '.'}${path}`, message })),
      ),
  },
  {
    source: 'Documentation.content: 8,192 Unicode characters and 10,240 bytes',
    check: ({ documentation }) => {
      const content = textOf(objectOf(documentation)['content']);
      return when(
        charactersIn(content) > 8192 || bytes(content) > 10_240,
        'documentation.content',
        'has more than 8192 characters or 10240 bytes',
      );
    },
  },
  {
    source: 'Documentation.subject: 10,240 bytes, cut to 255 once its variables are filled in',
    check: ({ documentation }) =>
      when(bytes(textOf(objectOf(documentation)['subject'])) > 255, 'documentation.subject', 'has more than 255 bytes'),
  },
  {
    source: 'Documentation variables: the result of a PromQL query has labels of no kind, ${metric_or_resource.label.KEY}',
    check: (policy) =>
      ['content', 'subject'].flatMap((field) => {
        const [found] = /\$\{(?:resource|metric)\.labels?\.\w+\}/.exec(textOf(objectOf(policy['documentation'])[field])) ?? [];
        return isPromqlPolicy(policy) && found !== undefined
          ? [
              {
                path: `documentation.${field}`,
                message: `holds ${found}, which may be empty with PromQL; allowed: metric_or_resource.label`,
              },
            ]
          : [];
      }),
  },
  {
    source: 'Documentation.links: "up to 3 entries", names of 1 to 63 characters, URLs of at most 2083',
    check: ({ documentation }) => {
      const links = objectsOf(objectOf(documentation)['links'], 'documentation.links');
      return [
        ...when(links.length > 3, 'documentation.links', `holds ${links.length}; at most 3`),
        ...links.flatMap(([{ displayName, url }, place]) => [
          ...when(
            textOf(displayName) === '' || charactersIn(textOf(displayName)) > 63,
            `${place}.displayName`,
            'has not 1 to 63 characters',
          ),
          ...when(
            textOf(url).length > 2083 || !/^https?:\/\/\S+$/.test(textOf(url)),
            `${place}.url`,
            'is not a URL of at most 2083 characters',
          ),
        ]),
      ];
    },
  },
  {
    source: 'Condition.condition_matched_log: "If set, no other conditions can be present"',
    check: (policy) =>
      when(isLogPolicy(policy) && objectsOf(policy['conditions'], '').length > 1, 'conditions', 'a condition on log entries stands alone'),
  },
  {
    source: 'AlertStrategy.notification_rate_limit: "Required for log-based alerting policies"; "not implemented" for others',
    check: (policy) =>
      when(
        isLogPolicy(policy) !== (strategyOf(policy)['notificationRateLimit'] !== undefined),
        'alertStrategy.notificationRateLimit',
        isLogPolicy(policy) ? 'is missing' : 'is for conditions on log entries only',
      ),
  },
  {
    source: 'Manage incidents, "Automatically close": at least 30 minutes, at most 7 days',
    check: (policy) => {
      const { autoClose } = strategyOf(policy);
      const after = secondsOf(autoClose);
      return when(
        autoClose !== undefined && !(after >= 1800 && after <= 604_800),
        'alertStrategy.autoClose',
        'is not between 30 minutes and 7 days',
      );
    },
  },
  {
    source: 'AlertStrategy.notification_prompts: "[OPENED] or [OPENED, CLOSED]"',
    check: (policy) => {
      const { notificationPrompts } = strategyOf(policy);
      const given = textsOf(notificationPrompts).join(' ');
      const allowed = isLogPolicy(policy) ? ['OPENED'] : ['OPENED', 'OPENED CLOSED'];
      return when(
        notificationPrompts !== undefined && !allowed.includes(given),
        'alertStrategy.notificationPrompts',
        `is not ${allowed.join(' or ')}`,
      );
    },
  },
  {
    source: 'NotificationChannelStrategy: channels of the policy itself',
    check: (policy) =>
      objectsOf(strategyOf(policy)['notificationChannelStrategy'], 'alertStrategy.notificationChannelStrategy').flatMap(([item, place]) =>
        textsOf(item['notificationChannelNames']).flatMap((name) =>
          when(!textsOf(policy['notificationChannels']).includes(name), place, `names ${name}, which the policy does not notify`),
        ),
      ),
  },
  {
    source: 'Quotas and limits: notification channels per alerting policy, 16; notification_channels: full names',
    check: ({ notificationChannels }) => {
      const channels = textsOf(notificationChannels);
      return [
        ...when(channels.length > 16, 'notificationChannels', `holds ${channels.length}; at most 16`),
        ...repeated(channels).map((name) => ({ path: 'notificationChannels', message: `${name} stands twice` })),
        ...channels.flatMap((name, index) =>
          when(!channelName.test(name), `notificationChannels[${index}]`, 'is not projects/P/notificationChannels/C'),
        ),
      ];
    },
  },
  userLabels('userLabels'),
  {
    source: 'Our own: a deployment finds a policy by its label',
    check: (policy) => when(textOf(objectOf(policy['userLabels'])['policy']) === '', 'userLabels.policy', 'is missing'),
  },
];
