/** A kind as an HTTP function: request in, run, answer out; every status of a run's answer is decided here. */
import { timestamp } from '../clock';
import type { Kind } from '../probe';
import type { Runnable } from '../run/attempt';
import { execute } from '../run/execute';
import type { RunReport } from '../result';
import { textReport } from '../report/text';
import { version } from '../version';
import { createHandler, type Handler, sendJson, type ServeOptions } from './handler';
import { nativeAnswer } from './native-synthetic';
import { readRequest, type Asked } from './request';

function statusOf(report: RunReport, asked: Asked): number {
  if (asked.trigger === 'synthetic') return 200;
  if (report.counts.unknown > 0 || report.telemetry.unwritten > 0) return 500;
  return asked.strict && report.verdict === 'unhealthy' ? 503 : 200;
}

/**
 * Makes the handler of one kind.
 * @param kinds every kind there is.
 * @param folder the folder of the function, where `config.json` lies unless the environment says otherwise.
 */
export function serve(runnable: Runnable, kinds: readonly Kind[], folder: string, options: ServeOptions = {}): Handler {
  const { name } = runnable.kind;
  let isFirst = true;
  return createHandler(
    {
      name,
      methods: ['GET', 'POST'],
      start:
        (instance, { environment }) =>
        async (request, response, log) => {
          const { config } = instance;
          const asked = await readRequest(
            request,
            config.targets.filter(({ kind }) => kind === name),
          );
          const coldStart = isFirst;
          isFirst = false;
          const report = await execute(
            { function: name, ...asked, coldStart },
            {
              ...instance,
              runnable: () => runnable,
              requestTimeoutMs: environment.requestTimeoutSeconds === undefined ? undefined : environment.requestTimeoutSeconds * 1000,
              log,
              reporter: { service: environment.service ?? name, version },
            },
          );
          const status = statusOf(report, asked);
          if (asked.trigger === 'synthetic') sendJson(response, status, nativeAnswer(report, environment, timestamp()));
          else if (asked.format === 'text') response.status(status).type('text/plain').send(textReport(report));
          else sendJson(response, status, report);
        },
    },
    kinds,
    folder,
    options,
  );
}
