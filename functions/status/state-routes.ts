/** The paths that say how the targets are, and how they were. */
import * as z from 'zod';
import { readFields, type Fields } from '../../shared/serve/read-fields';
import type { HistoryAnswer } from '../../shared/status/state';
import { hoursLimits } from './history';
import { overviewRoute, sendRead, type Route } from './route';
import { targetShape, theTarget } from './target-routes';
import { targetsAnswer } from './targets';

const targets = overviewRoute('/api/targets', 'every target as it was last seen, and what is broken', targetsAnswer);

const historyShape = { ...targetShape, hours: z.int().min(hoursLimits.shortest).max(hoursLimits.longest) };
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
      const target = theTarget(given.targets, config);
      await sendRead(response, log, async () => {
        const { value, problem } = await reading.history(target, given.hours ?? hoursLimits.usual);
        const document: HistoryAnswer = { ...value, stale: problem !== null };
        return { document, problem };
      });
    },
};

export const stateRoutes: readonly Route[] = [targets, history];
