/** Hands a long list on in portions, one a frame, so that the page never stands still. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

function same(a: readonly unknown[] | undefined, b: readonly unknown[]): boolean {
  return a?.length === b.length && b.every((item, index) => item === a[index]);
}

/**
 * @param portions in their order; those that did not change are handed on as they were.
 * @returns those that may be shown already; the first at once.
 */
export function useGradually<T>(portions: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const [shown, setShown] = useState<readonly (readonly T[])[]>(() => portions.slice(0, 1));
  const isNew = useRef(true);
  useLayoutEffect(() => {
    let frame = 0;
    let index = 0;
    const step = (): void => {
      setShown((before) => {
        const after = before.slice(0, portions.length);
        // What stays as it is needs no frame of its own.
        while (index < portions.length && same(before[index], portions[index] ?? [])) index += 1;
        const next = portions[index];
        if (next) after[index] = next;
        else if (after.length === before.length) return before;
        return after;
      });
      index += 1;
      if (index <= portions.length) frame = requestAnimationFrame(step);
    };
    // What is there from the beginning is drawn by now.
    if (isNew.current) frame = requestAnimationFrame(step);
    else step();
    isNew.current = false;
    return () => cancelAnimationFrame(frame);
  }, [portions]);
  return shown;
}

/** Does something by itself, once the next frame is drawn. @returns what prevents it. */
export function afterFrame(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** @returns the items in portions of so many. */
export function inPortions<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
