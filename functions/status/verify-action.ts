/** Starts a sign-off and passes on what it tells, as it comes; whoever goes away ends it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { timestamp } from '../../shared/clock';
import { describe } from '../../shared/fault';
import { goneSignal } from '../../shared/serve/gone';
import { refuse, type Answer } from '../../shared/serve/handler';
import type { VerifyLine } from '../../shared/status/actions';
import { explanationOf } from '../../shared/verify/caller';
import type { DeployedCaller } from '../../shared/verify/callers';
import { isLast, lineOf, linesIn, linesType } from '../../shared/verify/lines';
import { wholeOf, type Opened } from '../../shared/verify/post';
import { readVerifyRequestOfPage } from '../../shared/verify/request';
import { permit } from './permit';
import type { Surroundings } from './route';

/** A verification that goes on. */
interface Current {
  readonly operator: string;
  /** RFC 3339 */
  readonly since: string;
}

/** Whatever happens on the way, the last line says how it ended. */
async function* passedOn({ chunks }: Opened, onProblem: (message: string) => void): AsyncGenerator<string> {
  const failed = (message: string): string => {
    onProblem(message);
    return lineOf({ type: 'failed', message });
  };
  try {
    for await (const text of linesIn(chunks)) {
      const line = JSON.parse(text) as VerifyLine;
      yield lineOf(line);
      if (isLast(line)) return;
    }
    yield failed('the answer of verify ended before its report');
  } catch (error) {
    yield failed(`the answer of verify broke off: ${describe(error).message}`);
  }
}

/** @returns what answers `POST /api/verify`. One goes on at a time in an instance: two would only be in each other's way. */
export function verifyAction({ instance: { config }, look, now }: Surroundings, caller: DeployedCaller): Answer {
  let current: Current | undefined;
  return async (request, response, log) => {
    const operator = await permit(request, response, log, look, 'verify');
    if (operator === undefined) return;
    const body = await readVerifyRequestOfPage(request, config.targets);
    if (current)
      return refuse(response, 409, 'conflict', `a verification is under way: ${current.operator} started it at ${current.since}`);
    const gone = goneSignal(response);
    const said = { action: 'verify', caller: operator };
    const warn = (message: string): void => {
      if (!gone.aborted) log({ severity: 'ERROR', event: 'warning', message: `status: ${message}`, ...said });
    };
    const mine = (current = { operator, since: timestamp(now()) });
    log({ severity: 'INFO', event: 'run', message: `status: ${operator} verifies ${body}`, ...said });
    try {
      const opened = await caller.open('verify', body, linesType, gone);
      if (opened.status !== 200 || !opened.type.startsWith(linesType)) {
        const message = `the function verify gave no progress: ${explanationOf(await wholeOf(opened))}`;
        warn(message);
        return refuse(response, 502, 'no_answer', message);
      }
      response.status(200).set('content-type', linesType).set('x-content-type-options', 'nosniff').flushHeaders();
      await pipeline(Readable.from(passedOn(opened, warn)), response);
    } catch (error) {
      const message = `the function verify was not reached: ${describe(error).message}`;
      warn(message);
      if (!response.headersSent && !gone.aborted) refuse(response, 502, 'no_answer', message);
    } finally {
      if (current === mine) current = undefined;
      if (gone.aborted)
        log({ severity: 'INFO', event: 'run', message: `status: ${operator} has gone; the verification is given up`, ...said });
    }
  };
}
