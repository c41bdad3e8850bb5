/** Tells why something could not be read, where the rest is told all the same. */
import { Fault } from '../../shared/fault';
import type { Kept } from './keep';

/** What could be read, and why there is nothing newer; or why there is nothing. */
export type Tried<T> = { readonly kept: Kept<T>; readonly problem: Fault | null } | { readonly kept: null; readonly problem: Fault };

/** @throws whatever is no Fault. */
export async function tryRead<T>(read: () => Promise<Kept<T>>): Promise<Tried<T>> {
  try {
    const kept = await read();
    return { kept, problem: kept.problem };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kept: null, problem: error };
  }
}
