/** Every path of the status function. */
import { actionRoutes } from './action-routes';
import { eventRoutes } from './event-routes';
import { healthRoutes } from './health-routes';
import type { Route } from './route';
import { stateRoutes } from './state-routes';
import { targetRoutes } from './target-routes';

const others: readonly Route[] = [...healthRoutes, ...stateRoutes, ...targetRoutes, ...eventRoutes, ...actionRoutes];

const overview = (all: readonly Route[]): string =>
  ['vpc-synthetics status', '', ...all.map(({ method, path, what }) => `${method} ${path.padEnd(22)}  ${what}`), ''].join('\n');

/** What is there, for people who come without a path. */
const page: Route = {
  method: 'GET',
  path: '/',
  what: 'this',
  start: () => async (_, response) => {
    response.status(200).type('text/plain').send(overview(others));
  },
};

/** In the order in which they are named to people. */
export const routes: readonly Route[] = [page, ...others];
