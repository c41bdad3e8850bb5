/** How long ago something was; all of them go on by themselves, without anything being drawn anew. */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { millisecondsOf, now, onClockChange } from '../clock';
import { dateTime, span } from '../text/times';

const stepMs = 10_000;
/** So many are brought up to date in one frame. */
const portion = 200;

const shown = new Map<HTMLElement, () => string>();
let ticking = false;

function update(element: HTMLElement, text: () => string): void {
  const next = text();
  if (element.textContent !== next) element.textContent = next;
}

function updateFrom(entries: readonly (readonly [HTMLElement, () => string])[], start: number): void {
  for (const [element, text] of entries.slice(start, start + portion)) update(element, text);
  if (start + portion < entries.length) requestAnimationFrame(() => updateFrom(entries, start + portion));
}

function startTicking(): void {
  if (ticking) return;
  ticking = true;
  onClockChange(() => updateFrom([...shown], 0));
  setInterval(() => updateFrom([...shown], 0), stepMs);
}

interface AgoProps {
  readonly at: string;
  /** Before and behind the length of time, e.g. `more than ` and ` ago`; left out where it was just now. */
  readonly prefix?: string;
  readonly suffix?: string;
}

export function Ago({ at, prefix = '', suffix = '' }: AgoProps): VNode {
  const element = useRef<HTMLTimeElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const text = (): string => {
      const passed = span(Math.max(0, now() - millisecondsOf(at)));
      return passed === 'just now' ? passed : prefix + passed + suffix;
    };
    shown.set(current, text);
    update(current, text);
    startTicking();
    return () => void shown.delete(current);
  }, [at, prefix, suffix]);
  return <time ref={element} dateTime={at} title={`${dateTime(millisecondsOf(at))} · ${at}`} />;
}

/** For how long something has been so: `since 13 min`, or `for more than 59 min` where it may have begun before. */
export function Since({ at, isAtLeast }: { readonly at: string; readonly isAtLeast: boolean }): VNode {
  return (
    <span>
      {isAtLeast ? '' : 'since '}
      <Ago at={at} prefix={isAtLeast ? 'for more than ' : ''} />
    </span>
  );
}
