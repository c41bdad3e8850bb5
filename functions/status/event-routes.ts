/** The paths that tell what happened: incidents, logs, errors. */
import * as z from 'zod';
import { timestamp } from '../../shared/clock';
import { readFields, type Fields } from '../../shared/serve/read-fields';
import { readAlerts } from './alerts';
import { listEntries, type Entries } from './entries';
import { errorHours, errorsAnswer, mostReports, reportConditions } from './errors';
import { readBlocked } from './blocked';
import { incidentsAnswer } from './incidents';
import { keepEach, keepOne } from './keep-each';
import { lineConditions, logHours, logsAnswer, logSeverities, mostLines } from './logs';
import { ownServices, type OwnServices } from './own-services';
import { lacking } from './overview';
import { none, report, sendRead, type Route, type Surroundings } from './route';
import { tryRead } from './try-read';

const hourMs = 3_600_000;

/** Several may be down at a time: what can be read is told. */
const incidents: Route = {
  method: 'GET',
  path: '/api/incidents',
  what: 'what pages whom, and what does not because its cause does',
  start({ instance: { config, cloud, read }, now, reading, readLimitMs: limitMs }) {
    const alertsOf = keepOne((at, signal) => readAlerts({ rest: cloud.rest(), ...config }, at, signal), { now, limitMs });
    const blockedOf = keepOne((at, signal) => readBlocked({ read, config, now: at, signal }), { now, limitMs });
    return async (request, response, log) => {
      await readFields(request, none, 'query');
      await sendRead(response, log, async () => {
        const [alerts, blocked, { value: overview, problem }] = await Promise.all([
          tryRead(alertsOf),
          tryRead(blockedOf),
          reading.overview(),
        ]);
        report(log, problem ?? blocked.problem);
        const document = incidentsAnswer({
          alerts: alerts.kept,
          overview,
          blocked: blocked.kept?.value ?? [],
          problem: alerts.problem ?? problem ?? (blocked.problem && lacking('what is blocked', blocked.problem)),
          now: now(),
        });
        return { document, problem: alerts.problem };
      });
    };
  },
};

/** What is asked of the log. */
interface LogQuestion {
  readonly services: readonly string[];
  readonly conditions: readonly string[];
  readonly hours: number;
  readonly most: number;
}

function entriesFrom({ instance: { config, cloud }, now, readLimitMs: limitMs }: Surroundings) {
  return keepEach(
    (question: LogQuestion) => JSON.stringify(question),
    ({ services, conditions, hours, most }, at, signal): Promise<Entries> => {
      const since = timestamp(at - hours * hourMs);
      return listEntries({ rest: cloud.rest(), project: config.project, services, conditions, since, most, signal });
    },
    { now, limitMs },
  );
}

const servicesIn = ({ instance, environment, kinds }: Surroundings): OwnServices =>
  ownServices(environment.service, instance.config, kinds);

type Hours = { readonly shortest: number; readonly longest: number; readonly usual: number };
const hoursField = ({ shortest, longest }: Hours) => z.int().min(shortest).max(longest);
const hoursAllowed = ({ shortest, longest, usual }: Hours): string => `a whole number from ${shortest} to ${longest}; default: ${usual}`;

const logs: Route = {
  method: 'GET',
  path: '/api/logs',
  what: 'the newest lines of the functions: ?function=NAME&severity=WARNING&hours=1',
  start(surroundings) {
    const services = servicesIn(surroundings);
    const { functions } = services;
    const entries = entriesFrom(surroundings);
    const shape = { function: z.enum(functions), severity: z.enum(logSeverities), hours: hoursField(logHours) };
    const fields: Fields<typeof shape> = {
      shape,
      allowed: {
        function: functions.join(', '),
        severity: `${logSeverities.join(', ')}: this or a higher one`,
        hours: hoursAllowed(logHours),
      },
      truths: [],
      numbers: ['hours'],
    };
    return async (request, response, log) => {
      const given = await readFields(request, fields, 'query');
      const question = {
        services: (given.function === undefined ? functions : [given.function]).map(services.serviceOf),
        conditions: lineConditions(given.severity),
        hours: given.hours ?? logHours.usual,
        most: mostLines,
      };
      await sendRead(response, log, async () => {
        const kept = await entries(question);
        return { document: logsAnswer(kept, services), problem: kept.problem };
      });
    };
  },
};

const errorShape = { hours: hoursField(errorHours) };
const errorFields: Fields<typeof errorShape> = {
  shape: errorShape,
  allowed: { hours: hoursAllowed(errorHours) },
  truths: [],
  numbers: ['hours'],
};

const errors: Route = {
  method: 'GET',
  path: '/api/errors',
  what: 'what the functions reported, in groups: ?hours=24',
  start(surroundings) {
    const { functions, serviceOf } = servicesIn(surroundings);
    const entries = entriesFrom(surroundings);
    const services = functions.map(serviceOf);
    return async (request, response, log) => {
      const { hours = errorHours.usual } = await readFields(request, errorFields, 'query');
      await sendRead(response, log, async () => {
        const kept = await entries({ services, conditions: reportConditions, hours, most: mostReports });
        return { document: errorsAnswer(kept), problem: kept.problem };
      });
    };
  },
};

export const eventRoutes: readonly Route[] = [incidents, logs, errors];
