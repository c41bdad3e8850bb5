/** A verification over functions that answer as the tests want: what is called, what counts as an answer, when it ends. */
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { sliceHashes, type SliceHashes } from '../../../shared/config/config-slice';
import { loadWhole } from '../../../shared/config/load';
import { callerBehind } from '../../../shared/verify/callers';
import { callsOf } from '../../../shared/verify/calls';
import type { Progress } from '../../../shared/verify/progress';
import { budgetOf, verify, type Verified, type VerifyOptions, type VerifyRequest } from '../../../shared/verify/verify';
import type { Result } from '../../../shared/result';
import { head, loaded, ownFolder } from '../../config/written';
import { answeringFunctions, report, result, type AnsweringFunctions, type Reply } from '../../support/answering-functions';
import { watchLeaks } from '../../support/leaks';

const folder = ownFolder();
const body = `
redis: { cache: { host: 10.0.0.1 }, queue: { host: 10.0.0.2, severity: error } }
tcp: { mail: { host: 10.0.0.3, port: 25 } }
verify: { rounds: 3, interval: 0s, passRate: 0.5, categories: { data: { targets: [cache, queue], critical: false } } }
`;
let config: Config;
let slices: SliceHashes;
beforeAll(() => {
  config = loaded(folder, body);
  slices = sliceHashes(loadWhole(folder.write('synthetics.yaml', head + body), kinds), kinds);
});

/** An answer of a function that has the whole file. */
const answered = (kind: string, results: readonly Result[]): object => report(kind, results, { configHash: config.hash });

const well = (kind: string): Reply => ({
  document: answered(kind, kind === 'redis' ? [result(kind, 'cache'), result(kind, 'queue')] : [result(kind, 'mail')]),
});

let functions: AnsweringFunctions | undefined;
afterEach(async () => {
  await functions?.close();
  functions = undefined;
});

async function verified(
  reply: (kind: string, call: number) => Reply,
  request: VerifyRequest = {},
  more: Partial<VerifyOptions> = {},
): Promise<Verified> {
  functions = await answeringFunctions(reply);
  return verify(request, { config, slices, kinds, caller: callerBehind(functions.url), budgetMs: 60_000, ...more });
}

test('every function is called in every round, for one attempt that leaves no points', async () => {
  const { answer } = await verified(well);
  expect(answer).toMatchObject({
    verdict: 'signed_off',
    overallStatus: 'HEALTHY',
    criticalFailures: 0,
    rounds: 3,
    passRate: 1,
    causes: [],
  });
  expect(answer.runIds).toHaveLength(6);
  expect(functions?.calls.map(({ kind }) => kind).toSorted()).toEqual(['redis', 'redis', 'redis', 'tcp', 'tcp', 'tcp']);
  for (const call of functions?.calls ?? []) {
    expect(call.method).toBe('POST');
    expect(call.body).toEqual({ trigger: 'manual', attempts: 1, record: false });
  }
});

test('the answer has the fields that are promised, and no others at its top', async () => {
  const { answer } = await verified(well);
  expect(Object.keys(answer)).toEqual(
    'verdict,overallStatus,criticalFailures,rounds,passRate,categories,causes,targets,changes,nextActions,runIds,version,configHash,startedAt,durationMs'.split(
      ',',
    ),
  );
  expect(answer.targets[0]).toEqual({
    kind: 'redis',
    target: 'cache',
    severity: 'critical',
    outcomes: ['success', 'success', 'success'],
    latencyMs: { min: 12, median: 12, max: 12 },
    blockedBy: null,
  });
});

test('only those that are asked for are asked of their functions, and that there are others is said', async () => {
  const { answer } = await verified((kind) => ({ document: answered(kind, [result(kind, 'cache')]) }), {
    targets: config.targets.filter(({ name }) => name === 'cache'),
  });
  expect(functions?.calls.map(({ kind, body: { targets } }) => [kind, targets])).toEqual([1, 2, 3].map(() => ['redis', ['cache']]));
  expect(answer).toMatchObject({ verdict: 'signed_off', targets: [{ target: 'cache' }] });
  expect(answer.nextActions).toEqual(['whoever asked: 2 targets were not asked for; verify all of them before the incident is closed']);
});

test('a critical failure ends it after its round, with its cause and owner', async () => {
  const { answer, account } = await verified((kind) =>
    kind === 'tcp' ? { document: answered(kind, [result(kind, 'mail', 'failure')]) } : well(kind),
  );
  expect(answer).toMatchObject({ verdict: 'not_signed_off', overallStatus: 'UNHEALTHY', criticalFailures: 1, rounds: 1 });
  expect(answer.causes).toMatchObject([{ owner: 'infrastructure' }]);
  expect(answer.nextActions[0]).toMatch(/^infrastructure: .*mail/);
  expect(account.ending).toBe('settled');
});

test('what fails in the last of three rounds is not signed off', async () => {
  const { answer } = await verified((kind, call) =>
    kind === 'tcp' && call === 3 ? { document: answered(kind, [result(kind, 'mail', 'failure')]) } : well(kind),
  );
  expect(answer).toMatchObject({ verdict: 'not_signed_off', rounds: 3 });
  expect(answer.targets.find(({ target }) => target === 'mail')?.outcomes).toEqual(['success', 'success', 'failure']);
});

test.each<[string, Reply, string]>([
  [
    'a 500 without results',
    { status: 500, document: { error: { code: 'config_invalid', message: 'no such file' } } },
    'status 500: no such file',
  ],
  ['a 400', { status: 400, document: { error: { code: 'bad_request', message: 'unknown target' } } }, 'status 400: unknown target'],
  [
    'a page of the front end',
    { status: 403, text: '<html><head><title>403</title></head><h1>Forbidden</h1></html>' },
    'roles/run.invoker, or the ingress does not let it in): Forbidden',
  ],
  ['a 404', { status: 404, text: '' }, 'status 404 (there is no such function'],
  ['a page with status 200', { text: '<html>hello</html>' }, 'status 200: hello'],
  ['a whole answer with status 403', { status: 403, document: report('tcp', [result('tcp', 'mail')]) }, 'status 403'],
  ['the answer of another function', { document: report('http', [result('http', 'mail')]) }, 'the function http answered in its place'],
  ['results that are none', { document: report('tcp', [{ ...result('tcp', 'mail'), outcome: 'fine' } as never]) }, 'status 200'],
])('%s is no answer: inconclusive, and the function is named', async (_, reply, told) => {
  const { answer } = await verified((kind) => (kind === 'tcp' ? reply : well(kind)), { rounds: 1 });
  expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'UNKNOWN', rounds: 1 });
  expect(answer.causes).toEqual([
    { cause: 'function/tcp', owner: 'monitor', confidence: 'high', evidence: [expect.stringContaining(told)], blocks: ['mail'] },
  ]);
  expect(answer.targets.find(({ target }) => target === 'mail')).toMatchObject({
    outcomes: ['unknown'],
    latencyMs: null,
    blockedBy: 'function/tcp',
  });
  expect(answer.nextActions[0]).toMatch(/^monitor: The function tcp gave no whole answer/);
});

test('a 500 with a whole answer counts: what is unknown is unknown', async () => {
  const { answer } = await verified(
    (kind) => (kind === 'tcp' ? { status: 500, document: answered(kind, [result(kind, 'mail', 'unknown')]) } : well(kind)),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'UNKNOWN' });
  expect(answer.runIds).toHaveLength(2);
  expect(answer.causes.map(({ cause }) => cause)).not.toContain('function/tcp');
});

test('a function that is not reached in one round only is named with it', async () => {
  const { answer } = await verified((kind, call) => (kind === 'tcp' && call === 2 ? { status: 502 } : well(kind)));
  expect(answer).toMatchObject({ verdict: 'inconclusive', rounds: 3 });
  expect(answer.causes).toMatchObject([
    { cause: 'function/tcp', evidence: ['the function tcp gave no whole answer in round 2: status 502'] },
  ]);
  expect(answer.targets.find(({ target }) => target === 'mail')?.outcomes).toEqual(['success', 'unknown', 'success']);
});

describe('its own time', () => {
  test('ends a function that never answers, names it, and leaves nothing open', async () => {
    const leaks = await watchLeaks();
    const begun = performance.now();
    const { answer, account } = await verified((kind) => (kind === 'tcp' ? { silent: true } : well(kind)), {}, { budgetMs: 700 });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(answer).toMatchObject({ verdict: 'inconclusive', rounds: 0 });
    expect(answer.causes).toMatchObject([{ cause: 'function/tcp', blocks: ['mail'] }]);
    expect(answer.targets.find(({ target }) => target === 'cache')?.outcomes).toEqual(['success']);
    expect(account.ending).toBe('time');
    await functions?.close();
    functions = undefined;
    await leaks.assertNothingLeft();
  });

  test('lets no round begin that it could not end: fewer rounds than asked for are inconclusive', async () => {
    const { answer } = await verified(well, { intervalMs: 3_600_000 }, { budgetMs: 2000 });
    expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'HEALTHY', rounds: 1 });
    expect(answer.nextActions).toContainEqual(expect.stringContaining('monitor: only 1 of 3 rounds fitted into the time'));
  });

  test('leaves room for the answer within the timeout of the function', () => {
    expect([budgetOf(600), budgetOf(20), budgetOf()]).toEqual([585_000, 10_000, 3_585_000]);
  });
});

test('rounds and pauses take no longer than they have to', async () => {
  const slowest = 300;
  const begun = performance.now();
  await verified((kind) => ({ ...well(kind), delayMs: kind === 'tcp' ? slowest : 10 }), { intervalMs: 200 });
  expect(performance.now() - begun).toBeLessThan(3 * slowest + 2 * 200 + 1000);
});

test('progress is told: rounds, functions, pauses', async () => {
  const told: Progress[] = [];
  await verified(well, { rounds: 2, intervalMs: 10 }, { tell: (progress) => told.push(progress) });
  const round = ['round', 'answered', 'answered', 'done'];
  expect(told.map(({ type }) => type)).toEqual([...round, 'pause', ...round]);
});

test('very many targets are asked for in parts', () => {
  const [first] = config.targets;
  const targets = Array.from({ length: 1201 }, (_, index) => ({ ...first, name: `t${index}` })) as Config['targets'];
  const calls = callsOf({ ...config, targets }, targets);
  expect(calls.map(({ targets: part }) => part.length)).toEqual([500, 500, 201]);
  expect(calls.map(({ body: asked }) => (JSON.parse(asked) as { targets: unknown[] }).targets.length)).toEqual([500, 500, 201]);
});
