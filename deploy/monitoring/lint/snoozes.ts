/** Rules on snoozes (google.monitoring.v3.Snooze). */
import * as z from 'zod';
import { taskLabels } from './known-metrics';
import { charactersIn, objectOf, textOf, textsOf, when, type Rule } from './rule';
import { shaped } from './shape';

const stamp = z.iso.datetime({ offset: true });

/** google.monitoring.v3.Snooze, as it is created. */
export const snoozeMessage = z.strictObject({
  displayName: z.string().min(1),
  criteria: z.strictObject({ policies: z.array(z.string()), filter: z.string().optional() }),
  interval: z.strictObject({ startTime: stamp, endTime: stamp }),
});

const term = /^resource\.labels\.(\w+)="[^"\\]*"$/;

/** The rules. */
export const snoozeRules: readonly Rule[] = [
  shaped(snoozeMessage, 'google.monitoring.v3.Snooze'),
  {
    source: 'display_name: "at most, 512 unicode characters"',
    check: ({ displayName }) => when(charactersIn(textOf(displayName)) > 512, 'displayName', 'has more than 512 characters'),
  },
  {
    source: 'Criteria.policies: "a limit of 16 policies per snooze"; "Exactly 1 alert policy is required if filter is specified"',
    check: ({ criteria }) => {
      const { policies, filter } = objectOf(criteria);
      const names = textsOf(policies);
      return [
        ...when(names.length < 1 || names.length > 16, 'criteria.policies', `holds ${names.length}; allowed: 1 to 16`),
        ...when(filter !== undefined && names.length !== 1, 'criteria.policies', 'with a filter exactly one policy is taken'),
        ...names.flatMap((name) =>
          when(!/^projects\/[^/\s]+\/alertPolicies\/[^/\s]+$/.test(name), 'criteria.policies', `${name} is not projects/P/alertPolicies/A`),
        ),
      ];
    },
  },
  {
    source: 'Criteria.filter: "one or more resource labels with specific label values", "connected with an AND operator"',
    check: ({ criteria }) => {
      const { filter } = objectOf(criteria);
      return textOf(filter)
        .split(' AND ')
        .filter(() => filter !== undefined)
        .flatMap((part) =>
          when(!taskLabels.includes(term.exec(part)?.[1] ?? ''), 'criteria.filter', `${part} is not resource.labels.L="…" of generic_task`),
        );
    },
  },
  {
    source: 'Snooze.interval: from start_time through end_time',
    check: ({ interval }) => {
      const { startTime, endTime } = objectOf(interval);
      return when(!(Date.parse(textOf(startTime)) < Date.parse(textOf(endTime))), 'interval', 'does not end after it starts');
    },
  },
];
