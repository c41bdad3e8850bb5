/** What is known of everything now, for people and for those who watch health endpoints; from the latest points, and nothing is probed. */
import type { Response } from '@google-cloud/functions-framework';
import * as z from 'zod';
import { graphOf } from '../shared/diagnose/graph';
import { Fault } from '../shared/fault';
import { createHandler, refuse, sendJson, type HandlerMaker } from '../shared/serve/handler';
import { BadRequest, readFields, type Fields } from '../shared/serve/read-fields';
import { select } from '../shared/serve/request';
import type { Service } from '../shared/serve/service';
import type { Log } from '../shared/telemetry/log';
import { infrastructureHealth, readyHealth } from './status/health';
import { hoursLimits } from './status/history';
import { startReading, type Reading } from './status/reading';
import { targetsAnswer } from './status/targets';

/** The data of the function. */
export const service: Service = { name: 'status', title: 'Status' };

/** Milliseconds that a reading may take: who watches a health endpoint waits for some seconds, who looks at a history a bit longer. */
const readLimits = { stateMs: 8_000, historyMs: 20_000 } as const;

const paths = {
  '/health/infrastructure': "the infrastructure's health: 503 where something critical fails, 200 where nothing does or can be told",
  '/health/ready': 'the same in short',
  '/api/targets': 'every target as it was last seen, and what is broken',
  '/api/history': 'one target over time: ?target=NAME&hours=24',
} as const;

type HealthOf = typeof infrastructureHealth | typeof readyHealth;

const overview = ['vpc-synthetics status', '', ...Object.entries(paths).map(([path, what]) => `GET ${path.padEnd(22)}  ${what}`), ''].join(
  '\n',
);

const none: Fields<z.ZodRawShape> = { shape: {}, allowed: {}, truths: [], numbers: [] };

const hours = z.int().min(hoursLimits.shortest).max(hoursLimits.longest);
const historyShape = { targets: z.array(z.string()).length(1), hours };
const historyFields: Fields<typeof historyShape> = {
  shape: historyShape,
  allowed: {
    targets: 'the name of one target',
    hours: `a whole number from ${hoursLimits.shortest} to ${hoursLimits.longest}; default: ${hoursLimits.usual}`,
  },
  truths: [],
  numbers: ['hours'],
};

/** Whoever is answered all the same may not see that something could not be read. */
function report(log: Log, problem: Fault | null): void {
  if (problem)
    log({ severity: 'ERROR', event: 'warning', message: `status: points could not be read: ${problem.reason}\n${problem.message}` });
}

/** Answers what can be read; what can't is our own fault, not that of what is watched. */
async function sendRead(
  response: Response,
  log: Log,
  read: () => Promise<{ readonly document: object; readonly problem: Fault | null }>,
): Promise<void> {
  try {
    const { document, problem } = await read();
    report(log, problem);
    sendJson(response, 200, document);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report(log, error);
    refuse(response, 500, error.reason, error.message);
  }
}

/** Makes its handler. */
export const handlerOf: HandlerMaker = (kinds, folder, options) =>
  createHandler(
    {
      name: service.name,
      methods: ['GET', 'HEAD'],
      start(instance, { environment, now }) {
        const { config, read } = instance;
        const halfMs = ((environment.requestTimeoutSeconds ?? Infinity) * 1000) / 2;
        const limits = { stateMs: Math.min(readLimits.stateMs, halfMs), historyMs: Math.min(readLimits.historyMs, halfMs) };
        const reading: Reading = startReading({ config, graph: graphOf(config, kinds), read, now, ...limits });
        const sendHealth = async (response: Response, log: Log, healthOf: HealthOf): Promise<void> => {
          const { value, problem } = await reading.overview();
          report(log, problem);
          const { status, document } = healthOf(value);
          sendJson(response, status, document);
        };
        return async (request, response, log) => {
          // Whoever stands between would keep it for longer than we do.
          response.set('Cache-Control', 'no-store');
          if (request.path === '/') {
            response.status(200).type('text/plain').send(overview);
          } else if (request.path === '/health/infrastructure') {
            await sendHealth(response, log, infrastructureHealth);
          } else if (request.path === '/health/ready') {
            await sendHealth(response, log, readyHealth);
          } else if (request.path === '/api/targets') {
            await readFields(request, none, 'query');
            await sendRead(response, log, async () => {
              const everything = await reading.everything();
              return { document: targetsAnswer(everything), problem: everything.problem };
            });
          } else if (request.path === '/api/history') {
            const given = await readFields(request, historyFields, 'query');
            const [target] = given.targets === undefined ? [] : select(given.targets, config.targets);
            if (!target) throw new BadRequest('query parameter "target" is missing; allowed: the name of one target');
            await sendRead(response, log, async () => {
              const { value, problem } = await reading.history(target, given.hours ?? hoursLimits.usual);
              return { document: { ...value, stale: problem !== null }, problem };
            });
          } else {
            refuse(response, 404, 'not_found', `nothing at ${request.path}; there are: /, ${Object.keys(paths).join(', ')}`);
          }
        };
      },
    },
    kinds,
    folder,
    options,
  );
