/** Tells those who listen to the page that the verdict changed. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TargetsAnswer } from '../../shared/status/state';
import { countsText, many, verdictWords } from '../text/words';

export function Announcer({ answer }: { readonly answer: TargetsAnswer | undefined }): VNode {
  const [said, setSaid] = useState('');
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (!answer) return;
    const { verdict, causes } = answer;
    const key = [verdict, ...causes.map(({ cause }) => cause)].join(' ');
    if (before.current !== undefined && before.current !== key)
      setSaid(`${verdictWords[verdict]}: ${countsText(answer.counts)}; ${many(causes.length, 'cause')}.`);
    before.current = key;
  }, [answer]);
  return (
    <p class="hidden" role="status" aria-live="polite" data-announcer>
      {said}
    </p>
  );
}
