/** The built page behind a port of its own, with answers over HTTP that a test chooses. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { resolve } from 'node:path';
import { openPage } from '../../functions/status/page';
import type { SessionAnswer } from '../../shared/status/actions';
import type { RunReport } from '../../shared/result';
import { type Hosted, host } from './framework';
import { dependenciesOf, errorsAnswer, faults, incidentsAnswer, logsAnswer, verifyLines } from './page-events';
import { historyOf, targetAnswer } from './page-history';
import { stagingCauses, stagingTargets, stateOf, targetsAnswer } from './page-targets';
import type { TargetState } from '../../shared/status/state';

/** Where the build leaves the function. */
export const statusFolder = resolve(__dirname, '../../../dist/functions/status');

const session: SessionAnswer = {
  environment: 'staging',
  project: 'my-project',
  region: 'us-central1',
  version: '0.1.0',
  configHash: '9f2c41d07be3',
  identity: 'user:you@local.test',
  operator: true,
  refused: null,
  emulated: true,
};

const reportOf = ({ kind, target, severity, outcome, reason, domain, owner }: TargetState): RunReport => ({
  runId: '01JQRUN',
  function: kind,
  version: '0.1.0',
  configHash: session.configHash,
  environment: 'staging',
  trigger: 'manual',
  shard: 0,
  startedAt: new Date().toISOString(),
  durationMs: 52,
  coldStart: false,
  verdict: 'healthy',
  counts: { success: 1, degraded: 0, failure: 0, unknown: 0 },
  results: [
    {
      kind,
      target,
      severity,
      outcome,
      reason,
      domain,
      owner,
      phase: null,
      code: null,
      message: 'SELECT 1 answered 1',
      hint: null,
      startedAt: new Date().toISOString(),
      durationMs: 48.2,
      phases: { dns: 0.4, connect: 3.1, tls: 9.6, auth: 8.1, query: 1.2 },
      observed: { 'address.ip': '10.0.0.5', 'tls.daysUntilExpiry': 364.2, 'secret.versions': { 'db-password': '7' } },
      warnings: [],
      findings: [],
      attempts: 1,
      firstOutcome: outcome,
    },
  ],
  telemetry: { written: 0, superseded: 0, unwritten: 0 },
});

/** What answers a path; a function is asked anew each time. */
export type Answers = Record<string, (request: Request) => unknown>;

/** An answer other than 200. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly message: string,
  ) {}
}

/** @returns the answers of an environment in which something is broken. */
export function stagingAnswers(states: readonly TargetState[] = stagingTargets()): Answers {
  const asked = ({ query }: Request): TargetState | undefined => states.find(({ target }) => target === query.target);
  const of = (request: Request, answer: (state: TargetState) => unknown): unknown => {
    const state = asked(request);
    return state ? answer(state) : new Refusal(400, `unknown target ${JSON.stringify(request.query.target)}`);
  };
  return {
    '/api/session': () => session,
    '/api/targets': () => targetsAnswer(states, states.some(({ target }) => target === 'vpc') ? stagingCauses : []),
    '/api/target': (request) => of(request, targetAnswer),
    '/api/history': (request) =>
      of(request, (state) => historyOf(state, Number(request.query.hours), Number(request.query.hours) === 1 ? 60 : 288)),
    '/api/dependencies': () => dependenciesOf(states),
    '/api/incidents': () => incidentsAnswer(),
    '/api/logs': () => logsAnswer(100),
    '/api/errors': () => errorsAnswer(),
    '/api/run': ({ body }) =>
      reportOf(states.find(({ target }) => target === (body as { target: string }).target) ?? stateOf({ kind: 'http', target: 'none' })),
    '/faults': () => faults,
  };
}

async function sendLines(response: Response): Promise<void> {
  response.status(200).type('application/x-ndjson');
  for (const line of verifyLines) {
    response.write(`${JSON.stringify(line)}\n`);
    await new Promise((passed) => setTimeout(passed, 20));
  }
  response.end();
}

/** The page, its answers, and what was asked of it. */
export interface PageServer extends Hosted {
  answers: Answers;
  /** Each request as `METHOD path`, with the value of its action header. */
  readonly asked: string[];
}

/** Serves what lies in the folder of the bundle; whatever is not answered is 404. */
export async function servePage(answers: Answers): Promise<PageServer> {
  const documents = openPage(statusFolder);
  const asked: string[] = [];
  const hosted = await host('page', async (request, response) => {
    const send = documents.get(request.path);
    if (send) return send(request, response);
    asked.push([request.method, request.path, request.get('x-synthetics-action') ?? ''].join(' ').trimEnd());
    if (request.path === '/api/verify') return sendLines(response);
    const answer = server.answers[request.path]?.(request) ?? new Refusal(404, `nothing at ${request.path}`);
    response.set('X-Content-Type-Options', 'nosniff').type('application/json');
    if (answer instanceof Refusal)
      response.status(answer.status).send(JSON.stringify({ error: { code: 'refused', message: answer.message } }));
    else response.status(200).send(JSON.stringify(answer));
  });
  const server: PageServer = { ...hosted, answers, asked };
  return server;
}
