/** Functions that run with another configuration than the one that is verified: nothing is signed off for what they were not told. */
import type { Result } from '../../../shared/result';
import { version } from '../../../shared/version';
import type { Verified, VerifyRequest } from '../../../shared/verify/verify';
import { report, result, type Answering, type Reply } from '../../support/answering-functions';
import { startVerifying, type Held } from '../../support/verifying';

const body = `
redis: { cache: { host: 10.0.0.1 }, queue: { host: 10.0.0.2, severity: error } }
tcp: { mail: { host: 10.0.0.3, port: 25 } }
verify: { rounds: 3, interval: 0s, passRate: 0.5 }
`;
const { hold, verified: verifiedWith } = startVerifying();
let held: Held;
beforeAll(() => {
  held = hold(body);
});
const verified = (reply: Answering, request?: VerifyRequest): Promise<Verified> => verifiedWith(held, reply, request);

/** An answer of a function that has the whole file. */
const answered = (kind: string, results: readonly Result[]): object => report(kind, results, { configHash: held.config.hash });
const well = (kind: string): Reply => ({
  document: answered(kind, kind === 'redis' ? [result(kind, 'cache'), result(kind, 'queue')] : [result(kind, 'mail')]),
});

test('that lack a target leave it unknown, and that is said', async () => {
  const { answer } = await verified((kind) => (kind === 'redis' ? { document: answered(kind, [result(kind, 'cache')]) } : well(kind)), {
    rounds: 1,
  });
  expect(answer.targets.find(({ target }) => target === 'queue')?.outcomes).toEqual(['unknown']);
  expect(answer.nextActions).toContainEqual(
    expect.stringContaining('the function redis does not know queue: it runs with another configuration'),
  );
});

test('that have more targets are judged by those, too, and that is said', async () => {
  const more = [result('redis', 'cache'), result('redis', 'queue'), result('redis', 'old', 'failure')];
  const { answer } = await verified((kind) => (kind === 'redis' ? { document: answered(kind, more) } : well(kind)), { rounds: 1 });
  expect(answer).toMatchObject({ verdict: 'not_signed_off', criticalFailures: 1 });
  expect(answer.nextActions).toContainEqual(expect.stringContaining('the function redis has targets that this configuration lacks: old'));
});

const from =
  (more: (kind: string, call: number) => object) =>
  (kind: string, call: number): Reply => ({
    document: { ...well(kind).document, ...more(kind, call) },
  });
const advice = '; deploy it with deploy.sh, or name the file that is deployed with --config';

test('of another environment are not reached: what they say tells nothing of this one', async () => {
  const { answer, account } = await verified(
    from(() => ({ environment: 'local' })),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'UNKNOWN', passRate: 0, runIds: [] });
  expect(answer.causes.map(({ cause }) => cause)).toEqual(['function/redis', 'function/tcp']);
  expect(account.grounds.map(({ text }) => text)).toContain(
    'the function tcp gave no whole answer: the functions are those of local, not of staging; call those of staging, or name the other file with --config',
  );
});

test('that have the whole of another file make it inconclusive, with both hashes and what to do', async () => {
  const { answer, account } = await verified(
    from(() => ({ configHash: 'abc' })),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'HEALTHY', criticalFailures: 0, passRate: 1 });
  const told = `the functions redis, tcp ran with the configuration abc, this one is ${held.config.hash}${advice}`;
  expect(account.grounds).toEqual([{ verdict: 'inconclusive', text: told }]);
  expect(answer.nextActions).toEqual([`monitor: ${told}`, 'whoever asked: verify again when this is done']);
});

test('that have their parts of this file, as they are deployed, are as good as those that have the whole', async () => {
  const { answer } = await verified(
    from((kind) => ({ configHash: held.slices.get(kind)?.[0] })),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({ verdict: 'signed_off', nextActions: [] });
});

test('that have their parts of an older file make it inconclusive, each for itself, and only those', async () => {
  const before = hold(body.replace('port: 25', 'port: 26')).slices;
  const { answer, account } = await verified(
    from((kind) => ({ configHash: before.get(kind)?.[0] })),
    { rounds: 1 },
  );
  expect(answer.verdict).toBe('inconclusive');
  const [own, theirs] = [held.slices, before].map((each) => each.get('tcp')?.[0]);
  expect(account.grounds.map(({ text }) => text)).toEqual([
    `the function tcp ran with the configuration ${theirs}, this one is ${held.config.hash} as a whole, or ${own} for this function's part${advice}`,
  ]);
});

test('in one round only, since they were deployed meanwhile, are told with it', async () => {
  const { answer, account } = await verified(from((kind, call) => (kind === 'tcp' && call === 1 ? { configHash: 'old' } : {})));
  expect(answer.verdict).toBe('inconclusive');
  expect(account.grounds.map(({ text }) => text)).toEqual([expect.stringContaining('tcp ran with the configuration old in round 1,')]);
});

test('of another version are only told', async () => {
  const { answer } = await verified(
    from(() => ({ version: '0.0.9' })),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({ verdict: 'signed_off', nextActions: [], targets: [{ functionVersion: '0.0.9' }, {}, {}] });
});

test('of another version with another hash are told, not held against it: how they read their file is not known', async () => {
  const { answer } = await verified(
    from(() => ({ version: '0.0.9', configHash: 'abc' })),
    { rounds: 1 },
  );
  expect(answer).toMatchObject({
    verdict: 'signed_off',
    nextActions: [
      `monitor: the functions redis, tcp are of version 0.0.9, this is ${version}: whether this configuration is what ran can't be told${advice}`,
    ],
  });
});
