/** The sign-off after a fix: runs the functions of all kinds several times, and says whether all is well or who acts. */
import { createIdentityTokens } from '../shared/cloud/identity';
import { sliceHashes } from '../shared/config/config-slice';
import { createHandler, type HandlerMaker } from '../shared/serve/handler';
import type { Service } from '../shared/serve/service';
import { callerOfDeployed, namesBeside } from '../shared/verify/callers';
import { progressLog, summaryOf } from '../shared/verify/log';
import { newestVersionsBy } from '../shared/verify/newest-versions';
import { written } from '../shared/verify/report/format';
import { readVerifyRequest } from '../shared/verify/request';
import { budgetOf, verify } from '../shared/verify/verify';

/** The data of the function. */
export const service: Service = { name: 'verify', title: 'Sign-off after a fix' };

/** Makes its handler. What was carried out is answered 200, whatever the verdict. */
export const handlerOf: HandlerMaker = (kinds, folder, options) =>
  createHandler(
    {
      name: service.name,
      methods: ['POST'],
      start: (instance, { environment }) => {
        const { config, cloud } = instance;
        const slices = sliceHashes(instance, kinds);
        const caller = callerOfDeployed({
          config,
          rest: () => cloud.rest(),
          identity: createIdentityTokens(),
          nameOf: namesBeside(environment.service, service.name),
        });
        return async (request, response, log) => {
          const asked = await readVerifyRequest(request, config.targets);
          const newestVersions = newestVersionsBy(cloud, (message) =>
            log({ severity: 'WARNING', event: 'warning', message: `verify: the newest versions of secrets are not all known: ${message}` }),
          );
          // The clients get ready while the functions run.
          void instance.prepare({ points: false, secrets: true, rest: true });
          const budgetMs = budgetOf(environment.requestTimeoutSeconds);
          const verified = await verify(asked, { config, slices, kinds, caller, newestVersions, budgetMs, tell: progressLog(log) });
          log(summaryOf(verified));
          const { type, text } = written(verified, asked.format, asked.issue);
          response.status(200).set('content-type', type).set('x-content-type-options', 'nosniff').send(text);
        };
      },
    },
    kinds,
    folder,
    options,
  );
