/** What is known of everything now, for people and for those who ask a health endpoint. */
import { createHandler, refuse, type HandlerMaker } from '../shared/serve/handler';
import type { Service } from '../shared/serve/service';

/** The data of the function. */
export const service: Service = { name: 'status', title: 'Status' };

const overview = `vpc-synthetics status

GET /health/infrastructure  the infrastructure's health, for other services
GET /health/ready           the same in short
GET /api/targets            every target as it was last seen
GET /api/history            one target over time: ?target=NAME&hours=24
`;

/** Makes its handler. */
export const handlerOf: HandlerMaker = (kinds, folder, options) =>
  createHandler(
    {
      name: service.name,
      methods: ['GET', 'HEAD'],
      start: () => async (request, response) => {
        if (request.path === '/') response.status(200).type('text/plain').send(overview);
        else refuse(response, 404, 'not_found', `nothing at ${request.path}`);
      },
    },
    kinds,
    folder,
    options,
  );
