/** The paths that say how the targets are, and how they were. */
import * as z from 'zod';
import { BadRequest, readFields, type Fields } from '../../shared/serve/read-fields';
import { select } from '../../shared/serve/request';
import { hoursLimits } from './history';
import { none, sendRead, type Route } from './route';
import { targetsAnswer } from './targets';

const targets: Route = {
  method: 'GET',
  path: '/api/targets',
  what: 'every target as it was last seen, and what is broken',
  start:
    ({ reading }) =>
    async (request, response, log) => {
      await readFields(request, none, 'query');
      await sendRead(response, log, async () => {
        const everything = await reading.everything();
        return { document: targetsAnswer(everything), problem: everything.problem };
      });
    },
};

const historyShape = { targets: z.array(z.string()).length(1), hours: z.int().min(hoursLimits.shortest).max(hoursLimits.longest) };
const historyFields: Fields<typeof historyShape> = {
  shape: historyShape,
  allowed: {
    targets: 'the name of one target',
    hours: `a whole number from ${hoursLimits.shortest} to ${hoursLimits.longest}; default: ${hoursLimits.usual}`,
  },
  truths: [],
  numbers: ['hours'],
};

const history: Route = {
  method: 'GET',
  path: '/api/history',
  what: 'one target over time: ?target=NAME&hours=24',
  start:
    ({ reading, instance: { config } }) =>
    async (request, response, log) => {
      const given = await readFields(request, historyFields, 'query');
      const [target] = given.targets === undefined ? [] : select(given.targets, config.targets);
      if (!target) throw new BadRequest('query parameter "target" is missing; allowed: the name of one target');
      await sendRead(response, log, async () => {
        const { value, problem } = await reading.history(target, given.hours ?? hoursLimits.usual);
        return { document: { ...value, stale: problem !== null }, problem };
      });
    },
};

export const stateRoutes: readonly Route[] = [targets, history];
