/** On a schedule: reads the latest points of all targets, names what is broken, and marks what is blocked by it. */
import * as z from 'zod';
import { graphOf } from '../shared/diagnose/graph';
import { triggers } from '../shared/result';
import { createHandler, sendJson, type HandlerMaker } from '../shared/serve/handler';
import { readFields, type Fields } from '../shared/serve/read-fields';
import { triggerOf } from '../shared/serve/request';
import type { Service } from '../shared/serve/service';
import { execute } from './diagnose/execute';

/** The data of the function. */
export const service: Service = { name: 'diagnose', title: 'Diagnosis', schedule: '* * * * *' };

const readLimitMs = 30_000;
/** Kept free of the platform's limit for telemetry and the answer. */
const reserveMs = 15_000;

const shape = { trigger: z.enum(triggers), record: z.boolean(), shard: z.int().min(0).max(9999) };
const fields: Fields<typeof shape> = {
  shape,
  allowed: { trigger: triggers.join(', '), record: 'true or false', shard: 'a whole number from 0 to 9999' },
  truths: ['record'],
  numbers: ['shard'],
};

/** Makes its handler. */
export const handlerOf: HandlerMaker = (kinds, folder, options) => {
  let isFirst = true;
  return createHandler(
    {
      name: service.name,
      methods: ['GET', 'POST'],
      start(instance, { environment, now }) {
        const graph = graphOf(instance.config, kinds);
        const limitMs = (environment.requestTimeoutSeconds ?? Infinity) * 1000;
        return async (request, response, log) => {
          const given = await readFields(request, fields);
          const coldStart = isFirst;
          isFirst = false;
          await instance.prepare({ points: true, secrets: false, rest: false });
          const report = await execute(
            {
              function: service.name,
              trigger: triggerOf(request, given.trigger),
              shard: given.shard ?? 0,
              record: given.record ?? true,
              coldStart,
            },
            { ...instance, graph, log, now, readLimitMs: Math.min(readLimitMs, Math.max(limitMs - reserveMs, limitMs / 2)) },
          );
          sendJson(response, report.outcome === 'unknown' || report.telemetry.unwritten > 0 ? 500 : 200, report);
        };
      },
    },
    kinds,
    folder,
    options,
  );
};
