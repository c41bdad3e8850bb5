/** Required secrets exist, are enabled, intact, fresh, well formed, and readable by those who need them. */
import * as z from 'zod';
import { wallClock } from '../shared/clock';
import { tell } from '../shared/config/partly';
import { defineKind, type ProbeOf, type Problem } from '../shared/probe';
import { askAll } from './secrets/ask';
import { factsOf, judge } from './secrets/judge';
import { contradictions, requirement } from './secrets/requirement';

/** The data of the kind. */
export const kind = defineKind<{ access: z.ZodDefault<z.ZodBoolean>; require: z.ZodArray<typeof requirement> }, unknown>({
  name: 'secrets',
  asksSecretManager: true,
  title: 'Secrets',
  fields: {
    access: z.boolean().default(true).describe('false: metadata only, no value is read and the function gets no accessor role'),
    require: z.array(requirement).min(1),
  },
  conditions: {},
  defaults: { schedule: '0 * * * *', attempts: 1 },
  tls: false,
  endpoints: () => [],
  check: (target) =>
    tell(() =>
      target.require.flatMap((rule, index): Problem[] =>
        contradictions(rule, () => target.access).map(({ key, message }) => ({ path: ['require', index, key], message })),
      ),
    ),
});

/** The code of the kind: everything is asked in one phase, then judged without any further call. */
export const probe: ProbeOf<typeof kind> = {
  async run({ access, require }, context) {
    const answers = await context.phase('api', () => askAll(require, access, context));
    const now = wallClock();
    const verdicts = answers.map((answer) => judge(answer, now, context.run.forbiddenHosts));
    for (const { finding } of verdicts) context.find(finding);
    context.observe(factsOf(verdicts));
  },
};
