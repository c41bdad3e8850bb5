/** The answer to the first question: is anything broken? */
import type { VNode } from 'preact';
import type { TargetsAnswer } from '../../shared/status/state';
import { many, verdictOutcome, verdictWords } from '../text/words';

function sentence({ counts, causes, targets }: TargetsAnswer): string {
  const all = targets.length;
  if (all === 0) return 'There are no targets.';
  if (counts.success === all) return `All ${many(all, 'target')} work.`;
  const parts = [
    ...(counts.failure > 0 ? [`${counts.failure} of ${many(all, 'target')} ${counts.failure === 1 ? 'fails' : 'fail'}`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} can’t be told`] : []),
    ...(counts.degraded > 0 ? [`${counts.degraded} ${counts.degraded === 1 ? 'is' : 'are'} degraded`] : []),
  ];
  const why = causes.length > 0 ? `; ${many(causes.length, 'cause')}` : '';
  return `${parts.join(', ')}${why}.`;
}

export function VerdictBanner({ answer }: { readonly answer: TargetsAnswer }): VNode {
  const { verdict } = answer;
  return (
    <div class={`verdict is-${verdictOutcome[verdict]}`}>
      <h1 tabIndex={-1} class={`mark is-${verdictOutcome[verdict]}`}>
        {verdictWords[verdict]}
      </h1>
      <p>{sentence(answer)}</p>
    </div>
  );
}
