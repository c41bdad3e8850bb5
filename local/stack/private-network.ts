/** The way from the functions into the VPC: when it is cut, connection attempts at what lies inside get no answer. */
import { type BlackHole, blackHole } from '../services/black-hole';

/** Where connection attempts at some ports of this machine go instead. */
export interface Detour {
  readonly ports: readonly number[];
  readonly to: number;
}

/** The way, whole or cut. */
export interface PrivateNetwork {
  /** Resolves when every function goes the other way. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /**
   * @param follow told at once, where the way is cut, and at each change; null: the way is whole
   * @returns what ends it
   */
  join(follow: (detour: Detour | null) => Promise<void>): Promise<() => void>;
  stop(): Promise<void>;
}

/** @param ports of the servers that lie inside */
export function createPrivateNetwork(ports: readonly number[]): PrivateNetwork {
  const followers = new Set<(detour: Detour | null) => Promise<void>>();
  let hole: BlackHole | undefined;
  const detour = (): Detour | null => (hole ? { ports, to: hole.port } : null);
  const tellAll = async (): Promise<void> => void (await Promise.all([...followers].map((follow) => follow(detour()))));
  const mend = async (): Promise<void> => {
    const closing = hole;
    hole = undefined;
    await tellAll();
    await closing?.close();
  };
  return {
    async cut() {
      hole ??= await blackHole();
      await tellAll();
    },
    mend,
    async join(follow) {
      followers.add(follow);
      if (hole) await follow(detour());
      return () => void followers.delete(follow);
    },
    async stop() {
      followers.clear();
      await mend();
    },
  };
}
