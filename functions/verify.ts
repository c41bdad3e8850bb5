/** The sign-off after a fix: runs the functions of all kinds several times, and says whether all is well or who acts. */
import type { Response } from '@google-cloud/functions-framework';
import { createIdentityTokens } from '../shared/cloud/identity';
import { sliceHashes } from '../shared/config/config-slice';
import { describe } from '../shared/fault';
import { goneSignal } from '../shared/serve/gone';
import { createHandler, type HandlerMaker } from '../shared/serve/handler';
import type { Service } from '../shared/serve/service';
import type { VerifyLine } from '../shared/status/actions';
import { callerOfDeployed, namesBeside } from '../shared/verify/callers';
import { lineOf, linesType, progressLine, verifiedLine, wantsLines } from '../shared/verify/lines';
import { progressLog, summaryOf } from '../shared/verify/log';
import { newestVersionsBy } from '../shared/verify/newest-versions';
import type { Tell } from '../shared/verify/progress';
import { written } from '../shared/verify/report/format';
import { readVerifyRequest } from '../shared/verify/request';
import { budgetOf, verify, type Verified } from '../shared/verify/verify';

/** The data of the function. */
export const service: Service = { name: 'verify', title: 'Sign-off after a fix' };

/** Answers line by line while it goes on; what fails midway is told by the last line. */
async function sendLines(response: Response, carryOut: (tell: Tell) => Promise<Verified>, issue: string | undefined): Promise<void> {
  response.status(200).set('content-type', linesType).set('x-content-type-options', 'nosniff').flushHeaders();
  const say = (line: VerifyLine): void => void (response.destroyed || response.write(lineOf(line)));
  try {
    say(verifiedLine(await carryOut((progress) => say(progressLine(progress))), issue));
  } catch (error) {
    say({ type: 'failed', message: 'an error in the monitor itself; its log says more' });
    throw error;
  } finally {
    response.end();
  }
}

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
          const gone = goneSignal(response);
          const newestVersions = newestVersionsBy(cloud, (message) =>
            log({ severity: 'WARNING', event: 'warning', message: `verify: the newest versions of secrets are not all known: ${message}` }),
          );
          // The clients get ready while the functions run.
          void instance.prepare({ points: false, secrets: true, rest: true });
          const budgetMs = budgetOf(environment.requestTimeoutSeconds);
          const logged = progressLog(log);
          const carryOut = async (tell: Tell): Promise<Verified> => {
            const both: Tell = (progress) => {
              logged(progress);
              tell(progress);
            };
            const verified = await verify(asked, { config, slices, kinds, caller, newestVersions, budgetMs, tell: both, signal: gone });
            log(summaryOf(verified));
            return verified;
          };
          try {
            if (wantsLines(request.headers.accept)) return await sendLines(response, carryOut, asked.issue);
            const { type, text } = written(await carryOut(() => undefined), asked.format, asked.issue);
            response.status(200).set('content-type', type).set('x-content-type-options', 'nosniff').send(text);
          } catch (error) {
            if (!gone.aborted && !response.headersSent) throw error;
            const message = gone.aborted
              ? 'verify: given up, since its caller has gone'
              : `verify: internal error: ${describe(error).message}`;
            log({ severity: gone.aborted ? 'WARNING' : 'ERROR', event: 'warning', message });
          }
        };
      },
    },
    kinds,
    folder,
    options,
  );
