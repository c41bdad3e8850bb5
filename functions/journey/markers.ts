/** The users' markers: what a user says holds its own, and whoever hears another's was told what was not meant for it. */
import { randomBytes } from 'node:crypto';
import { Fault } from '../../shared/fault';

/** Listens to all that one connection brings a user. */
export interface Ear {
  readonly hear: (text: string) => void;
  /** Runs a part while listening. @throws Fault `assertion_failed` as soon as another user's marker is heard, or what the part throws */
  readonly listen: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The markers of one attempt. */
export interface Markers {
  /** @returns the marker of a user: of this attempt alone, and no part of another's. */
  of(user: number): string;
  /** @returns a new ear for one connection of a user. */
  ear(user: number): Ear;
}

/** @param runId stands in each marker, so that people find the run in the logs of the service. */
export function createMarkers(users: number, runId: string): Markers {
  const secret = randomBytes(8).toString('hex');
  const of = (user: number): string => `u${user}-${runId.toLowerCase()}-${secret}`;
  const others = (user: number): readonly (readonly [number, string])[] =>
    Array.from({ length: users }, (_, index) => index + 1)
      .filter((other) => other !== user)
      .map((other) => [other, of(other)] as const);
  return { of, ear: (user) => createEar(user, others(user)) };
}

function createEar(user: number, others: readonly (readonly [number, string])[]): Ear {
  const longest = Math.max(0, ...others.map(([, marker]) => marker.length));
  let end = '';
  let fault: Fault | undefined;
  let refuse: ((fault: Fault) => void) | undefined;
  const foreign = new Promise<never>((_, reject) => (refuse = reject));
  foreign.catch(() => {});
  return {
    hear(text) {
      if (longest === 0 || fault) return;
      // A marker may come in two pieces.
      const heard = (end + text).toLowerCase();
      end = heard.slice(-longest);
      const other = others.find(([, marker]) => heard.includes(marker));
      if (!other) return;
      fault = new Fault('assertion_failed', `user ${user} received a message of user ${other[0]}`);
      refuse?.(fault);
    },
    async listen(work) {
      const done = await Promise.race([foreign, work()]);
      if (fault) throw fault;
      return done;
    },
  };
}
