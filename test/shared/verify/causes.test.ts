/** What fails in some rounds only: each round is diagnosed as a whole, and what they show is put together. */
import type { Result } from '../../../shared/result';
import type { Verified } from '../../../shared/verify/verify';
import { report, result, type Reply } from '../../support/answering-functions';
import { startVerifying } from '../../support/verifying';

const { hold, verified } = startVerifying();
const three = `
network: { connector: staging-connector }
tcp:
  one: { host: 10.0.0.1, port: 25, severity: error }
  two: { host: 10.0.0.2, port: 25, severity: error }
  three: { host: 10.0.0.3, port: 25, severity: error }
verify: { rounds: 3, interval: 0s, passRate: 0.1 }
`;
const names = ['one', 'two', 'three'];
const lost = { reason: 'connect_timeout', domain: 'network', owner: 'infrastructure' } as const;
const asleep = { reason: 'starting_up', domain: 'state', owner: 'infrastructure' } as const;

/** @param rounds what fails in each, and how. */
async function over(rounds: readonly Readonly<Record<string, Partial<Result>>>[]): Promise<Verified['answer']> {
  const held = hold(three);
  const reply = (kind: string, call: number): Reply => {
    const results = names.map((name) => result(kind, name, rounds[call - 1]?.[name] ? 'failure' : 'success', rounds[call - 1]?.[name]));
    return {
      document: report(
        kind,
        results.map((each) => ({ ...each, severity: 'error' })),
        { configHash: held.config.hash },
      ),
    };
  };
  return (await verified(held, reply)).answer;
}

test('one target each: never an outage of all, but each with a cause and its rounds', async () => {
  const answer = await over([{ one: lost }, { two: lost }, { three: lost }]);
  expect(answer.causes.map(({ cause }) => cause)).toEqual(['target/one', 'target/two', 'target/three']);
  expect(answer.causes.map(({ evidence }) => evidence.at(-1))).toEqual([
    'seen in round 1 of 3',
    'seen in round 2 of 3',
    'seen in round 3 of 3',
  ]);
  expect(JSON.stringify(answer)).not.toContain('private targets');
});

test('what recovers one after the other is the outage that the worst round shows, once', async () => {
  const answer = await over([{ one: lost }, { one: lost, two: lost, three: lost }, { three: lost }]);
  expect(answer.causes).toMatchObject([{ cause: 'vpc-connector', blocks: ['one', 'three', 'two'] }]);
  expect(answer.causes[0]?.evidence).toEqual(
    expect.arrayContaining([expect.stringContaining('3 of 3 private targets'), 'seen in round 2 of 3']),
  );
});

test('what fails otherwise in another round is a cause besides', async () => {
  const answer = await over([{ one: lost, two: lost, three: lost }, { two: asleep }, { two: asleep }]);
  expect(answer.causes.map(({ cause }) => cause)).toEqual(['vpc-connector', 'target/two']);
  expect(answer.causes[1]?.evidence.at(-1)).toBe('seen in rounds 2, 3 of 3');
  expect(answer.targets.map(({ blockedBy }) => blockedBy)).toEqual(['vpc-connector', 'vpc-connector', 'vpc-connector']);
});

test('also beside rounds of which the function told nothing', async () => {
  const held = hold(three);
  const { answer } = await verified(held, (kind, call) =>
    call === 1
      ? { status: 502 }
      : {
          document: report(
            kind,
            names.map((name) => result(kind, name, name === 'one' ? 'failure' : 'success', { severity: 'error' })),
            { configHash: held.config.hash },
          ),
        },
  );
  expect(answer.causes.map(({ cause, evidence }) => [cause, evidence.at(-1)])).toEqual([
    ['target/one', 'seen in rounds 2, 3 of 3'],
    ['function/tcp', 'the function tcp gave no whole answer in round 1: status 502'],
  ]);
});
