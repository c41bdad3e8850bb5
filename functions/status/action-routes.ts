/** The paths that say who asks, and let an operator act. */
import { createIdentityTokens } from '../../shared/cloud/identity';
import { readFields } from '../../shared/serve/read-fields';
import { sendJson } from '../../shared/serve/handler';
import type { SessionAnswer } from '../../shared/status/actions';
import { callerOfDeployed, namesBeside, type DeployedCaller } from '../../shared/verify/callers';
import { version } from '../../shared/version';
import { none, type Route, type Surroundings } from './route';
import { runAction } from './run-action';
import { verifyAction } from './verify-action';

function callerOf({ instance: { config, cloud }, environment }: Surroundings): DeployedCaller {
  const nameOf = namesBeside(environment.service, 'status');
  return callerOfDeployed({ config, rest: () => cloud.rest(), identity: createIdentityTokens(), nameOf });
}

const session: Route = {
  method: 'GET',
  path: '/api/session',
  what: 'who you are, as far as that is proved, and what you may do',
  start:
    ({ instance: { config }, environment, look }) =>
    async (request, response) => {
      await readFields(request, none, 'query');
      const answer: SessionAnswer = {
        environment: config.environment,
        project: config.project,
        region: config.region,
        version,
        configHash: config.hash,
        ...(await look(request)),
        emulated: environment.platformEmulator !== undefined,
      };
      sendJson(response, 200, answer);
    },
};

const run: Route = {
  method: 'POST',
  path: '/api/run',
  what: 'runs one target now: {"target":"NAME"}; nothing is recorded',
  start: (surroundings) => runAction(surroundings, callerOf(surroundings)),
};

const verify: Route = {
  method: 'POST',
  path: '/api/verify',
  what: 'the sign-off after a fix, line by line: {"rounds","interval","targets","issue"}',
  start: (surroundings) => verifyAction(surroundings, callerOf(surroundings)),
};

export const actionRoutes: readonly Route[] = [session, run, verify];
