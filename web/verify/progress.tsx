/** How a verification goes on: each function in each round. */
import type { VNode } from 'preact';
import { OutcomeMark } from '../parts/marks';
import { latency } from '../text/times';
import { verdictOutcome, verdictWords } from '../text/words';
import type { Call, Round, VerificationRun } from './verification-run';

function Cell({ call }: { readonly call: Call | undefined }): VNode {
  if (!call) return <td>–</td>;
  if (!call.answer) return <td class="muted">waiting …</td>;
  const { verdict, problem, durationMs } = call.answer;
  return (
    <td>
      {verdict ? (
        <OutcomeMark outcome={verdictOutcome[verdict]} word={verdictWords[verdict]} />
      ) : (
        <OutcomeMark outcome="unknown" word="Not reached" />
      )}{' '}
      <small>{latency(durationMs)}</small>
      {problem && <div class="refused">{problem}</div>}
    </td>
  );
}

/** A function that is called several times in a round has a row for each. */
function rowsOf(rounds: readonly Round[]): readonly { readonly kind: string; readonly place: number }[] {
  const most = new Map<string, number>();
  for (const { calls } of rounds)
    for (const { kind } of calls) most.set(kind, Math.max(most.get(kind) ?? 0, calls.filter((call) => call.kind === kind).length));
  return [...most].flatMap(([kind, count]) => Array.from({ length: count }, (_, place) => ({ kind, place })));
}

export function Progress({ run }: { readonly run: VerificationRun }): VNode {
  const { rounds, of } = run;
  const calls = rounds.flatMap((round) => round.calls);
  const perRound = rounds[0]?.calls.length ?? 0;
  const done = calls.filter(({ answer }) => answer !== null).length;
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      <progress
        max={Math.max(1, perRound * of)}
        value={run.is === 'verified' ? Math.max(1, perRound * of) : done}
        aria-label="Functions that answered"
      />
      <p role="status" class="muted">
        {run.now}
      </p>
      {rounds.length > 0 && (
        <div class="scroll" role="region" aria-label="Progress by function" tabIndex={0}>
          <table>
            <caption class="hidden">What each function answered in each round</caption>
            <thead>
              <tr>
                <th scope="col">Function</th>
                {rounds.map(({ round, durationMs }) => (
                  <th key={round} scope="col">
                    Round {round} {durationMs !== null && <small>{latency(durationMs)}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rowsOf(rounds).map(({ kind, place }) => (
                <tr key={`${kind} ${place}`}>
                  <th scope="row">{kind}</th>
                  {rounds.map((round) => (
                    <Cell key={round.round} call={round.calls.filter((call) => call.kind === kind)[place]} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
