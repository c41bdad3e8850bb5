/** Required secrets exist, are enabled, intact, fresh, well formed, and readable by those who need them. */
import * as z from 'zod';
import { wallClock } from '../shared/clock';
import { tell } from '../shared/config/partly';
import { defineKind, type ProbeOf, type Problem } from '../shared/probe';
import { askAll } from './secrets/ask';
import { factsOf, judge } from './secrets/judge';
import { contradictions, mergedContradictions, requirement, type Contradiction } from './secrets/requirement';

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
  check: (target, file) =>
    tell(() => {
      const problem = (index: number, { key, message }: Contradiction): Problem => ({ path: ['require', index, key], message });
      const { require } = target;
      return [
        ...require.flatMap((rule, index) => contradictions(rule, () => target.access).map((each) => problem(index, each))),
        ...mergedContradictions(require, () => file.project).map((each) => problem(each.index, each)),
      ];
    }),
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
