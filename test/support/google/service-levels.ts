/** Cloud Monitoring's services and their objectives. */
import { randomUUID } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { secondsOf } from './job-rules';
import { masked } from './mask';
import { checkMessage } from './message-shape';
import { checkUserLabels } from './policy-rules';
import { invalid, objectOf, part, route, textOf } from './rest';
import type { Call, Document, Route } from './rest';
import type { World } from './world';

/** A service or an objective as the API answers it. */
export interface StoredServiceLevel extends Named {
  readonly displayName?: string;
  readonly userLabels?: Readonly<Record<string, string>>;
}

/** The routes, the services and their objectives. */
export interface ServiceLevels {
  readonly routes: readonly Route[];
  readonly services: Collection<StoredServiceLevel>;
  readonly objectives: Collection<StoredServiceLevel>;
}

const id = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const objectivesOfService = 500;

/** No services yet. */
export function createServiceLevels({ number }: World): ServiceLevels {
  const services = createCollection<StoredServiceLevel>();
  const objectives = createCollection<StoredServiceLevel>();
  const serviceOf = (call: Call): string => `projects/${number}/services/${part(call, 'service')}`;
  const objectiveOf = (call: Call): string => `${serviceOf(call)}/serviceLevelObjectives/${part(call, 'objective')}`;
  const objectivesOf = (service: string): readonly StoredServiceLevel[] =>
    objectives.all().filter(({ name }) => name.startsWith(`${service}/`));
  const service = (name: string, body: Document): StoredServiceLevel => {
    checkMessage('google.monitoring.v3.Service', body);
    checkUserLabels(objectOf(body['userLabels']));
    if (!['custom', 'basicService', 'cloudRun'].some((kind) => body[kind] !== undefined))
      throw invalid('A service needs an identifier, e.g. custom.');
    return { ...body, name };
  };
  const objective = (name: string, body: Document): StoredServiceLevel => {
    checkObjective(body);
    return { ...body, name };
  };
  const asked = (given: string | undefined): string => {
    if (given !== undefined && !id.test(given)) throw invalid(`Invalid id: ${given}`);
    return given ?? randomUUID();
  };
  const path = '/v3/projects/{project}/services';
  const below = `${path}/{service}/serviceLevelObjectives`;
  const settable = ({ name: _name, ...rest }: StoredServiceLevel): Document => ({ ...rest });
  return {
    services,
    objectives,
    routes: [
      route('GET', path, (call) => pageOf(services.all(), 'services', call)),
      route('POST', path, ({ body, query }) =>
        services.add(service(`projects/${number}/services/${asked(query['service_id'] ?? query['serviceId'])}`, body)),
      ),
      route('GET', `${path}/{service}`, (call) => services.get(serviceOf(call))),
      route('PATCH', `${path}/{service}`, (call) => {
        const present = services.get(serviceOf(call));
        return services.put(service(present.name, settable(masked(present, call.body, call.query['updateMask'] ?? ''))));
      }),
      route('DELETE', `${path}/{service}`, (call) => {
        const { name } = services.remove(serviceOf(call));
        objectivesOf(name).forEach((one) => objectives.remove(one.name));
        return {};
      }),
      route('GET', below, (call) => pageOf(objectivesOf(services.get(serviceOf(call)).name), 'serviceLevelObjectives', call)),
      route('POST', below, (call) => {
        const { name } = services.get(serviceOf(call));
        if (objectivesOf(name).length >= objectivesOfService) throw invalid(`A service takes at most ${objectivesOfService} objectives.`);
        const own = asked(call.query['service_level_objective_id'] ?? call.query['serviceLevelObjectiveId']);
        return objectives.add(objective(`${name}/serviceLevelObjectives/${own}`, call.body));
      }),
      route('GET', `${below}/{objective}`, (call) => objectives.get(objectiveOf(call))),
      route('PATCH', `${below}/{objective}`, (call) => {
        const present = objectives.get(objectiveOf(call));
        return objectives.put(objective(present.name, settable(masked(present, call.body, call.query['updateMask'] ?? ''))));
      }),
      route('DELETE', `${below}/{objective}`, (call) => {
        objectives.remove(objectiveOf(call));
        return {};
      }),
    ],
  };

  function checkObjective(body: Document): void {
    checkMessage('google.monitoring.v3.ServiceLevelObjective', body);
    checkUserLabels(objectOf(body['userLabels']));
    const goal = Number(body['goal'] ?? 0);
    if (!(goal > 0 && goal <= 0.9999)) throw invalid('The goal must be in the range (0, 0.9999].');
    if (body['serviceLevelIndicator'] === undefined) throw invalid('The service level indicator is missing.');
    const period = secondsOf(textOf(body['rollingPeriod']));
    const isRolling = period > 0 && period <= 30 * 86_400 && period % 86_400 === 0;
    if (body['calendarPeriod'] === undefined && !isRolling) throw invalid('The rolling period must be whole days, at most 30.');
    const windows = objectOf(objectOf(body['serviceLevelIndicator'])['windowsBased']);
    if (Object.keys(windows).length === 0) return;
    const window = secondsOf(textOf(windows['windowPeriod']));
    if (!(window >= 60 && window <= 86_400 && 86_400 % window === 0))
      throw invalid('The window period must be a whole fraction of a day, at least 60s.');
  }
}

/** @returns the name with the project's number, by which objectives are kept. */
export function withNumber(name: string, { project, number }: Pick<World, 'project' | 'number'>): string {
  return name.replace(`projects/${project}/`, `projects/${number}/`);
}
