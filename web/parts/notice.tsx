/** Says that what is shown is old, or is not there, and why. */
import type { ComponentChildren, VNode } from 'preact';
import type { Reading } from '../../shared/status/reading';
import { millisecondsOf, now } from '../clock';
import { useFreshness } from '../data/freshness';
import { refresh, type Answer } from '../data/sources';
import { dateTime, timeOrDate } from '../text/times';

export type Tone = 'info' | 'warning' | 'failure' | 'success';

/** A box with something that one should know. */
export function Notice({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): VNode {
  return <div class={`notice is-${tone}`}>{children}</div>;
}

/** Nothing where all is well. What a view shows is told here once, so that its frame can say how fresh it is. */
export function Staleness({ answer, of }: { readonly answer: Answer<Reading>; readonly of: string }): VNode | null {
  const { value, failure, loading } = answer;
  const { isOld } = useFreshness(of, answer);
  if (failure && value)
    return (
      <Notice tone="warning">
        <p>
          <strong>Not up to date.</strong> At {timeOrDate(failure.at, now())} the {of} could not be fetched: {failure.message} What is shown
          was read at {dateTime(millisecondsOf(value.readAt))}.
        </p>
      </Notice>
    );
  if (!value || (!isOld && !value.problem)) return null;
  const again = value.stale ? ' and could not be read again' : '';
  return (
    <Notice tone="warning">
      <p>
        <strong>{isOld ? 'Stale.' : 'Not complete.'}</strong>{' '}
        {isOld && `What is shown was read at ${dateTime(millisecondsOf(value.readAt))}${again}. `}
        {isOld && loading && 'It is being read again. '}
        {value.problem && (
          <>
            <code>{value.problem.reason}</code> {value.problem.message}
          </>
        )}
      </p>
    </Notice>
  );
}

/** Shows an answer: a placeholder before it comes, the reason where it does not. */
export function Await<T>({
  answer,
  of,
  children,
}: {
  readonly answer: Answer<T>;
  readonly of: string;
  readonly children: (value: T) => ComponentChildren;
}): VNode {
  const { value, failure } = answer;
  if (value !== undefined) return <>{children(value)}</>;
  if (!failure)
    return (
      <p class="waiting" role="status">
        Loading {of} …
      </p>
    );
  return (
    <div class="notice is-failure" role="alert">
      <p>
        <strong>The {of} could not be read.</strong> {failure.message}
      </p>
      <button type="button" onClick={refresh}>
        Try again
      </button>
    </div>
  );
}
