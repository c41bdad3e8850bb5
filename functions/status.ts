/** What is known of everything now, for people and for those who watch health endpoints; from the latest points, and nothing is probed. */
import { graphOf } from '../shared/diagnose/graph';
import { createHandler, refuse, refuseMethod, type HandlerMaker } from '../shared/serve/handler';
import type { Service } from '../shared/serve/service';
import { startReading } from './status/reading';
import { routes } from './status/routes';
import { viewers } from './status/viewer';

/** The data of the function. */
export const service: Service = { name: 'status', title: 'Status' };

/** Milliseconds that a reading may take: who watches a health endpoint waits for some seconds, who looks at a history a bit longer. */
const readLimits = { stateMs: 8_000, historyMs: 20_000 } as const;

const paths = [...new Set(routes.map(({ path }) => path))];

/** Makes its handler. */
export const handlerOf: HandlerMaker = (kinds, folder, options) =>
  createHandler(
    {
      name: service.name,
      start(instance, { environment, now }) {
        const { config, read } = instance;
        const halfMs = ((environment.requestTimeoutSeconds ?? Infinity) * 1000) / 2;
        const limits = { stateMs: Math.min(readLimits.stateMs, halfMs), historyMs: Math.min(readLimits.historyMs, halfMs) };
        const reading = startReading({ config, graph: graphOf(config, kinds), read, now, ...limits });
        const look = viewers(instance, environment, now);
        const surroundings = { instance, environment, now, kinds, folder, reading, readLimitMs: limits.historyMs, look };
        const answers = routes.map(({ method, path, start }) => ({ method, path, answer: start(surroundings) }));
        return async (request, response, log) => {
          // Whoever stands between would keep it for longer than we do.
          response.set('Cache-Control', 'no-store');
          const method = request.method === 'HEAD' ? 'GET' : request.method;
          const there = answers.filter(({ path }) => path === request.path);
          const found = there.find((each) => each.method === method);
          if (found) return found.answer(request, response, log);
          if (there.length === 0) return refuse(response, 404, 'not_found', `nothing at ${request.path}; there are: ${paths.join(', ')}`);
          refuseMethod(
            request,
            response,
            there.flatMap((each) => (each.method === 'GET' ? ['GET', 'HEAD'] : [each.method])),
          );
        };
      },
    },
    kinds,
    folder,
    options,
  );
