/** What every function does around its answer: it reads its configuration, checks the method, and turns errors into answers. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { join } from 'node:path';
import { wallClock } from '../clock';
import { describe } from '../fault';
import { keepStacksInside, readEnvironment, type Environment } from '../environment';
import type { Kind } from '../probe';
import { createLog, traceFields, traceOf, type Log } from '../telemetry/log';
import { createInstance, type Instance } from './instance';
import { BadRequest } from './read-fields';
import { avoidDomains, withinRequest } from './uncaught';

export type Handler = (request: Request, response: Response) => Promise<void>;

/** What a function's surroundings are, where they are not those of the process. */
export interface ServeOptions {
  readonly environment?: Environment;
  /** Takes the lines of the log; default: the standard output. */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Answers one request. What it throws is answered 400 where it is a `BadRequest`, else 500. */
export type Answer = (request: Request, response: Response, log: Log) => Promise<void>;

/** A function as its handler sees it. */
export interface Served {
  readonly name: string;
  /** All others are answered 405. Absent where it depends on the path, and the answer says it. */
  readonly methods?: readonly string[];
  /** Called once, when the configuration has been read; what it makes lives as long as the instance. */
  start(instance: Instance, surroundings: { readonly environment: Environment; readonly now: () => number }): Answer;
}

/** Makes the handler of a function that serves people, from every kind there is and the folder where its `config.json` lies. */
export type HandlerMaker = (kinds: readonly Kind[], folder: string, options?: ServeOptions) => Handler;

/** Answers with a JSON document. */
export function sendJson(response: Response, status: number, document: unknown): void {
  response.status(status).type('application/json').send(JSON.stringify(document));
}

/** Answers with an error, `{"error":{"code","message"}}`. */
export function refuse(response: Response, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message } });
}

/** Answers 405. */
export function refuseMethod(request: Request, response: Response, methods: readonly string[]): void {
  const allowed = methods.join(', ');
  response.set('Allow', allowed);
  refuse(response, 405, 'method_not_allowed', `${request.method} is not allowed; allowed: ${allowed}`);
}

/**
 * The configuration is read at once, so that the first request does not wait for it; where it is wrong every request is answered 500
 * with what is wrong.
 * @param kinds every kind there is.
 * @param folder the folder of the function, where `config.json` lies unless the environment says otherwise.
 */
export function createHandler(served: Served, kinds: readonly Kind[], folder: string, options: ServeOptions = {}): Handler {
  avoidDomains();
  keepStacksInside();
  const { environment = readEnvironment(), write, now = wallClock } = options;
  const { name, methods } = served;
  const path = environment.configPath ?? join(folder, 'config.json');
  const load = (): { readonly instance: Instance; readonly answer: Answer } | Error => {
    try {
      const instance = createInstance(path, kinds, environment);
      return { instance, answer: served.start(instance, { environment, now }) };
    } catch (error) {
      return new Error(describe(error).message, { cause: error });
    }
  };
  let ready = load();
  if (ready instanceof Error)
    createLog(environment.logLevel, {}, write)({ severity: 'ERROR', event: 'config', message: ready.message, function: name });

  const logOf = (request: Request): Log => {
    const project = ready instanceof Error ? (environment.project ?? '') : ready.instance.config.project;
    return createLog(environment.logLevel, traceFields(traceOf(request.headers), project), write);
  };

  const handle: Handler = async (request, response) => {
    if (methods && !methods.includes(request.method)) return refuseMethod(request, response, methods);
    if (ready instanceof Error) ready = load();
    if (ready instanceof Error) return refuse(response, 500, 'config_invalid', ready.message);
    await ready.answer(request, response, logOf(request));
  };
  return async (request, response) => {
    const fail = (error: unknown): void => {
      if (error instanceof BadRequest) return refuse(response, 400, 'bad_request', error.message);
      const { message, code } = describe(error);
      // Of a request that was answered already, for another error, nothing more is to be told.
      if (code === 'ERR_HTTP_HEADERS_SENT') return;
      logOf(request)({ severity: 'ERROR', event: 'warning', message: `${name}: internal error: ${message}` });
      if (!response.headersSent) return refuse(response, 500, 'internal', 'an error in the monitor itself; its log says more');
      // A part of an answer must not be taken for the whole.
      if (!response.writableEnded) response.destroy();
    };
    await withinRequest(fail, () => handle(request, response).catch(fail));
  };
}
