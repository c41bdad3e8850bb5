/** How fresh what a view shows is: each of its answers is told here, and the frame says of the oldest how old it is. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { millisecondsOf, now } from '../clock';
import { type Answer, oldAfter } from './sources';

const stepMs = 2000;

/** What is known of one answer. */
export interface Freshness {
  /** What it is an answer of, e.g. `alerts`. */
  readonly of: string;
  /** Milliseconds since 1970: when it was read; undefined where it never was. */
  readonly readAt: number | undefined;
  /** Whether nothing came that could be shown. */
  readonly isMissing: boolean;
  readonly isOld: boolean;
}

/** What an answer may say of itself; one that does not say when it was read was read when it came. */
interface Told {
  readonly readAt?: string;
  readonly stale?: boolean;
}

function freshnessOf(of: string, { value, cameAt, failure }: Answer<Told>): Freshness {
  if (value === undefined) return { of, readAt: undefined, isMissing: failure !== undefined, isOld: false };
  const readAt = value.readAt === undefined ? cameAt : millisecondsOf(value.readAt);
  const isOld = value.stale === true || failure !== undefined || (readAt !== undefined && now() - readAt > oldAfter());
  return { of, readAt, isMissing: false, isOld };
}

/** @returns the freshness of an answer as time goes by. */
export function useFreshnessOf(of: string, answer: Answer<Told>): Freshness {
  const fresh = freshnessOf(of, answer);
  const [, setOld] = useState(fresh.isOld);
  useEffect(() => {
    const look = (): void => setOld(freshnessOf(of, answer).isOld);
    look();
    const timer = setInterval(look, stepMs);
    return () => clearInterval(timer);
  }, [of, answer]);
  return fresh;
}

const shown = new Map<symbol, Freshness>();
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** The same for what a view shows: its frame tells it, too. */
export function useFreshness(of: string, answer: Answer<Told>): Freshness {
  const fresh = useFreshnessOf(of, answer);
  const [key] = useState(() => Symbol(of));
  const { readAt, isMissing, isOld } = fresh;
  useLayoutEffect(() => {
    shown.set(key, fresh);
    tell();
  }, [key, of, readAt, isMissing, isOld]);
  useLayoutEffect(
    () => () => {
      shown.delete(key);
      tell();
    },
    [key],
  );
  return fresh;
}

/** @returns the worst that the view shows: what is missing, else what is old, else what was read first; undefined where it shows none. */
export function useWorstShown(): Freshness | undefined {
  const [, setTold] = useState<object>();
  useLayoutEffect(() => {
    const listener = (): void => setTold({});
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  const gravity = ({ isMissing, isOld, readAt }: Freshness): readonly number[] => [isMissing ? 0 : 1, isOld ? 0 : 1, readAt ?? Infinity];
  const [first] = [...shown.values()].toSorted((a, b) => {
    const [one, other] = [gravity(a), gravity(b)];
    const place = one.findIndex((value, index) => value !== other[index]);
    return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? 0);
  });
  return first;
}
