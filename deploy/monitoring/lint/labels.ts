/** The rule on user labels, the same for policies, objectives, uptime checks and dashboards. */
import { objectOf, when, type Mistake, type Rule } from './rule';

const most = 64;
const keyPattern = /^[a-z][a-z0-9_-]{0,62}$/;
const valuePattern = /^[a-z0-9_-]{0,63}$/;

/** @returns the rule for the field of this name. */
export function userLabels(field: string): Rule {
  return {
    source: 'google.monitoring.v3.AlertPolicy, user_labels: 64 entries, 63 characters, lower case, keys begin with a letter',
    check: (document): readonly Mistake[] => {
      const entries = Object.entries(objectOf(document[field]));
      return [
        ...when(entries.length > most, field, `${entries.length} labels; at most ${most}`),
        ...entries.flatMap(([key, value]) => [
          ...when(
            !keyPattern.test(key),
            `${field}.${key}`,
            'is not a key: lower-case letters, digits, _ and -, a letter first, at most 63',
          ),
          ...when(!valuePattern.test(String(value)), `${field}.${key}`, 'is not a value: lower-case letters, digits, _ and -, at most 63'),
        ]),
      ];
    },
  };
}
