/** Runs one target now, by the function of its kind; nothing is recorded, since no scheduled run is that. */
import * as z from 'zod';
import { longestMs } from '../../shared/config/budget';
import type { Config, Target } from '../../shared/config/config';
import { describe } from '../../shared/fault';
import { goneSignal } from '../../shared/serve/gone';
import { refuse, sendJson } from '../../shared/serve/handler';
import { BadRequest, readFields, type Fields } from '../../shared/serve/read-fields';
import { select } from '../../shared/serve/request';
import { besidesMs } from '../../shared/verify/calls';
import { readAnswer, type FunctionAnswer, type FunctionCaller } from '../../shared/verify/caller';
import { permit } from './permit';
import type { Surroundings } from './route';
import type { Answer } from '../../shared/serve/handler';

const shape = { target: z.string() };
const fields: Fields<typeof shape> = { shape, allowed: { target: 'the name of one target' }, truths: [], numbers: [] };

/** A target whose secret was renewed meanwhile is tried once more. */
function limitOf(target: Target, { network }: Pick<Config, 'network'>): number {
  return longestMs(target) + target.timeoutMs + (network.warmUpMs ?? 0) + besidesMs;
}

async function runOnce(target: Target, environment: string, caller: FunctionCaller, signal: AbortSignal): Promise<FunctionAnswer | string> {
  const body = JSON.stringify({ targets: [target.name], trigger: 'manual', record: false });
  try {
    return readAnswer(target.kind, environment, await caller.call(target.kind, body, signal));
  } catch (error) {
    return `not reached: ${describe(error).message}`;
  }
}

/** @returns what answers `POST /api/run`. */
export function runAction({ instance: { config }, look }: Surroundings, caller: FunctionCaller): Answer {
  return async (request, response, log) => {
    const operator = await permit(request, response, log, look, 'run');
    if (operator === undefined) return;
    const { target: name } = await readFields(request, fields);
    const [target] = name === undefined ? [] : select([name], config.targets);
    if (!target) throw new BadRequest('field "target" is missing; allowed: the name of one target');
    const said = { action: 'run', caller: operator, target: target.name };
    log({ severity: 'INFO', event: 'run', message: `status: ${operator} runs ${target.name}`, ...said });
    const gone = goneSignal(response);
    const until = AbortSignal.any([gone, AbortSignal.timeout(limitOf(target, config))]);
    const answer = await runOnce(target, config.environment, caller, until);
    if (gone.aborted) return;
    if (typeof answer !== 'string') return sendJson(response, 200, answer);
    const message = `the function ${target.kind} gave no whole answer: ${answer}`;
    log({ severity: 'ERROR', event: 'warning', message: `status: ${message}`, ...said });
    refuse(response, 502, 'no_answer', message);
  };
}
