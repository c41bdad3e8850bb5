/** Every path of the status function. */
import { actionRoutes } from './action-routes';
import { eventRoutes } from './event-routes';
import { healthRoutes } from './health-routes';
import { openPage } from './page';
import type { Route } from './route';
import { stateRoutes } from './state-routes';
import { targetRoutes } from './target-routes';

const others: readonly Route[] = [...healthRoutes, ...stateRoutes, ...targetRoutes, ...eventRoutes, ...actionRoutes];

const overview = (all: readonly Route[]): string =>
  ['vpc-synthetics status', '', ...all.map(({ method, path, what }) => `${method} ${path.padEnd(22)}  ${what}`), ''].join('\n');

/** @returns what answers with a document that was built, or with a text where there is none. */
const documentOf =
  (path: string, text: string): Route['start'] =>
  ({ folder }) => {
    const send = openPage(folder).get(path);
    return async (request, response) => {
      if (send) send(request, response);
      else response.status(200).type('text/plain').send(text);
    };
  };

const page: Route = { method: 'GET', path: '/', what: 'the page', start: documentOf('/', overview(others)) };

const runbooks: Route = {
  method: 'GET',
  path: '/runbooks',
  what: 'what to do about each reason',
  start: documentOf('/runbooks', 'The runbooks were not built.\n'),
};

/** In the order in which they are named to people. */
export const routes: readonly Route[] = [page, runbooks, ...others];
