/** Lets users wait for each other, a little: only those who are there at the same time can hear what is not meant for them. */
import { setMaxListeners } from 'node:events';
import { pause } from '../../shared/clock';

/** The longest that anybody waits, in milliseconds, and the share of the time left. */
const longestMs = 1000;
const share = 0.1;

/** The longest that anybody lingers, in milliseconds, and the share of the time left. */
const lingerMs = 250;
const lingerShare = 0.05;

/** Where users meet. */
export interface Meeting {
  /**
   * Waits until every user that is still on the way has come to the place.
   * @param place each user passes each place at most once.
   * @param leftMs the time that is left; a small part of it is given to waiting.
   * @returns milliseconds waited.
   */
  wait(user: number, place: string, leftMs: number): Promise<number>;
  /** Stays a moment longer, where there are others: what they caused may still be on its way. @returns milliseconds waited. */
  linger(leftMs: number): Promise<number>;
  /** Nobody waits for the user any more. */
  leave(user: number): void;
}

/** @param clock monotonic milliseconds. */
export function createMeeting(users: number, clock: () => number): Meeting {
  const onTheWay = new Set(Array.from({ length: users }, (_, index) => index + 1));
  const places = new Map<string, { readonly came: Set<number>; readonly full: AbortController }>();
  const look = (place: string): void => {
    const at = places.get(place);
    if (at && [...onTheWay].every((user) => at.came.has(user))) at.full.abort();
  };
  return {
    async wait(user, place, leftMs) {
      const at = places.get(place) ?? { came: new Set<number>(), full: new AbortController() };
      // Every user waits for the same: Node would warn from the eleventh on.
      setMaxListeners(0, at.full.signal);
      places.set(place, at);
      at.came.add(user);
      look(place);
      const begun = clock();
      await pause(Math.min(longestMs, leftMs * share), at.full.signal);
      return clock() - begun;
    },
    async linger(leftMs) {
      if (users === 1) return 0;
      const begun = clock();
      await pause(Math.min(lingerMs, leftMs * lingerShare));
      return clock() - begun;
    },
    leave(user) {
      onTheWay.delete(user);
      for (const place of places.keys()) look(place);
    },
  };
}
