/** A kind as an HTTP function: request in, run, answer out; every status of the answer is decided here. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { join } from 'node:path';
import { timestamp } from '../clock';
import { describe } from '../fault';
import { readEnvironment, type Environment } from '../environment';
import type { Kind } from '../probe';
import type { Runnable } from '../run/attempt';
import { execute } from '../run/execute';
import type { RunReport } from '../result';
import { textReport } from '../report/text';
import { createLog, traceFields, traceOf, type Log } from '../telemetry/log';
import { version } from '../version';
import { createInstance, type Instance } from './instance';
import { nativeAnswer } from './native-synthetic';
import { BadRequest, readRequest, type Asked } from './request';

export type Handler = (request: Request, response: Response) => Promise<void>;

function statusOf(report: RunReport, asked: Asked): number {
  if (asked.trigger === 'synthetic') return 200;
  if (report.counts.unknown > 0 || report.telemetry.unwritten > 0) return 500;
  return asked.strict && report.verdict === 'unhealthy' ? 503 : 200;
}

function refuse(response: Response, status: number, code: string, message: string): void {
  response
    .status(status)
    .type('application/json')
    .send(JSON.stringify({ error: { code, message } }));
}

/** What a function's surroundings are, where they are not those of the process. */
export interface ServeOptions {
  readonly environment?: Environment;
  /** Takes the lines of the log; default: the standard output. */
  readonly write?: (line: string) => void;
}

/**
 * Makes the handler of one kind. The configuration is read at once, so that the first request does not wait for it; where it is
 * wrong every request is answered 500 with what is wrong.
 * @param kinds every kind there is.
 * @param folder the folder of the function, where `config.json` lies unless the environment says otherwise.
 */
export function serve(runnable: Runnable, kinds: readonly Kind[], folder: string, options: ServeOptions = {}): Handler {
  const { environment = readEnvironment(), write } = options;
  const { name } = runnable.kind;
  const path = environment.configPath ?? join(folder, 'config.json');
  const load = (): Instance | Error => {
    try {
      return createInstance(path, kinds, environment);
    } catch (error) {
      return new Error(describe(error).message, { cause: error });
    }
  };
  let instance = load();
  let isFirst = true;
  if (instance instanceof Error)
    createLog(environment.logLevel, {}, write)({ severity: 'ERROR', event: 'config', message: instance.message, function: name });

  const logOf = (request: Request): Log => {
    const project = instance instanceof Error ? (environment.project ?? '') : instance.config.project;
    return createLog(environment.logLevel, traceFields(traceOf(request.headers), project), write);
  };

  const answer = async (request: Request, response: Response, ready: Instance): Promise<void> => {
    const { config } = ready;
    const asked = await readRequest(
      request,
      config.targets.filter(({ kind }) => kind === name),
    );
    const coldStart = isFirst;
    isFirst = false;
    const report = await execute(
      { function: name, ...asked, coldStart },
      {
        ...ready,
        runnable: () => runnable,
        requestTimeoutMs: environment.requestTimeoutSeconds === undefined ? undefined : environment.requestTimeoutSeconds * 1000,
        log: logOf(request),
        reporter: { service: environment.service ?? name, version },
      },
    );
    response.status(statusOf(report, asked));
    if (asked.trigger === 'synthetic')
      response.type('application/json').send(JSON.stringify(nativeAnswer(report, environment, timestamp())));
    else if (asked.format === 'text') response.type('text/plain').send(textReport(report));
    else response.type('application/json').send(JSON.stringify(report));
  };

  return async (request, response) => {
    try {
      if (request.method !== 'GET' && request.method !== 'POST') {
        response.set('Allow', 'GET, POST');
        return refuse(response, 405, 'method_not_allowed', `${request.method} is not allowed; allowed: GET, POST`);
      }
      if (instance instanceof Error) instance = load();
      if (instance instanceof Error) return refuse(response, 500, 'config_invalid', instance.message);
      await answer(request, response, instance);
    } catch (error) {
      if (error instanceof BadRequest) return refuse(response, 400, 'bad_request', error.message);
      logOf(request)({ severity: 'ERROR', event: 'warning', message: `${name}: internal error: ${describe(error).message}` });
      refuse(response, 500, 'internal', 'an error in the monitor itself; its log says more');
    }
  };
}
