/** The paths for those who watch health endpoints. */
import { sendJson } from '../../shared/serve/handler';
import { infrastructureHealth, readyHealth } from './health';
import { report, type Route } from './route';

const healthRoute = (path: string, what: string, healthOf: typeof infrastructureHealth | typeof readyHealth): Route => ({
  method: 'GET',
  path,
  what,
  start:
    ({ reading }) =>
    async (_, response, log) => {
      const { value, problem } = await reading.overview();
      report(log, problem);
      const { status, document } = healthOf(value);
      sendJson(response, status, document);
    },
});

export const healthRoutes: readonly Route[] = [
  healthRoute(
    '/health/infrastructure',
    "the infrastructure's health: 503 where something critical fails, 200 where nothing does or can be told",
    infrastructureHealth,
  ),
  healthRoute('/health/ready', 'the same in short', readyHealth),
];
