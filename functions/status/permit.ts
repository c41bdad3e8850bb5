/** Lets operators act, and nobody else; whoever tries leaves a line in the log. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { refuse } from '../../shared/serve/handler';
import type { Log } from '../../shared/telemetry/log';
import { crossSiteProblem, type Action } from './same-site';
import type { Look } from './viewer';

/** @returns the operator's address; undefined where it may not be done: then it is answered 403. */
export async function permit(request: Request, response: Response, log: Log, look: Look, action: Action): Promise<string | undefined> {
  const refused = (who: string | null, message: string): void => {
    const by = who ?? 'somebody unknown';
    log({ severity: 'WARNING', event: 'warning', message: `status: ${action} refused to ${by}: ${message}`, action, caller: who });
    refuse(response, 403, 'forbidden', message);
  };
  const problem = crossSiteProblem(request, action);
  if (problem !== undefined) {
    refused(null, problem);
    return undefined;
  }
  const viewer = await look(request);
  if (viewer.operator) return viewer.identity;
  refused(viewer.identity, viewer.refused);
  return undefined;
}
