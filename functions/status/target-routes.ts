/** The paths that tell more of targets: of one all that is known, and of all who needs whom. */
import * as z from 'zod';
import { timestamp } from '../../shared/clock';
import type { Config, Target } from '../../shared/config/config';
import { BadRequest, readFields, type Fields } from '../../shared/serve/read-fields';
import { select } from '../../shared/serve/request';
import { dependenciesAnswer } from './dependencies';
import { listEntries } from './entries';
import { failureConditions, failuresBackMs, mostFailures } from './failures';
import { keepEach } from './keep-each';
import { ownServices } from './own-services';
import { overviewRoute, report, sendRead, type Route } from './route';
import { readSecrets } from './secrets';
import { targetAnswer } from './target';
import { tryRead } from './try-read';

/** The field that names one target. */
export const targetShape = { targets: z.array(z.string()).length(1) };
const fields: Fields<typeof targetShape> = { shape: targetShape, allowed: { targets: 'the name of one target' }, truths: [], numbers: [] };

/** @throws BadRequest where it names none. */
export function theTarget(names: readonly string[] | undefined, { targets }: Pick<Config, 'targets'>): Target {
  const [target] = names === undefined ? [] : select(names, targets);
  if (!target) throw new BadRequest('query parameter "target" is missing; allowed: the name of one target');
  return target;
}

const target: Route = {
  method: 'GET',
  path: '/api/target',
  what: 'all that is known of one target: ?target=NAME',
  start({ instance: { config, cloud, read }, environment, kinds, now, reading, readLimitMs: limitMs }) {
    const { serviceOf } = ownServices(environment.service, config, kinds);
    // Read after the overview that they are told with: of what its newest runs said, nothing is missing then.
    const secretsOf = keepEach(
      (readAt: number) => String(readAt),
      (_, at, signal) => readSecrets({ read, config, now: at, signal }),
      { now, limitMs },
    );
    const entriesOf = keepEach(
      ({ name }: Target) => name,
      ({ kind, name }, at, signal) =>
        listEntries({
          rest: cloud.rest(),
          project: config.project,
          services: [serviceOf(kind)],
          conditions: failureConditions(name),
          since: timestamp(at - failuresBackMs),
          most: mostFailures,
          signal,
        }),
      { now, limitMs },
    );
    return async (request, response, log) => {
      const asked = theTarget((await readFields(request, fields, 'query')).targets, config);
      await sendRead(response, log, async () => {
        const overview = reading.everything();
        const [everything, secrets, entries] = await Promise.all([
          overview,
          tryRead(async () => secretsOf((await overview).at)),
          tryRead(() => entriesOf(asked)),
        ]);
        report(log, entries.problem);
        const document = targetAnswer(asked, everything, { secrets, log: entries, now: now() });
        return { document, problem: everything.problem ?? secrets.problem };
      });
    };
  },
};

const dependencies = overviewRoute('/api/dependencies', 'who needs whom, and what is broken among it', dependenciesAnswer);

export const targetRoutes: readonly Route[] = [target, dependencies];
