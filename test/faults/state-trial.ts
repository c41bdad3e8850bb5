/** Makes a test of each state that a server of a kind can be in. */
import type { Result } from '../../shared/result';
import { limits, type NetworkKind } from './cells';
import { states } from './states';
import { expectCell } from './trial';

/** Brings the server into the state, probes it with the fields added, and mends it again. */
export type Way = (more: { readonly timeout: string }) => Promise<Result>;

/** @param ways by the names of the kind's states, each once; they are gone in the order of the list. */
export function testStates(kind: NetworkKind, ways: Readonly<Record<string, Way>>): void {
  const own = states.filter((state) => state.kind === kind);

  test(`each state of ${kind} has its test`, () => {
    expect(Object.keys(ways).toSorted()).toEqual(own.map(({ state }) => state).toSorted());
  });

  test.each(own.map((state) => [state.state, state] as const))(`${kind}: %s`, async (name, { cell, code }) => {
    const result = await ways[name]?.({ timeout: `${limits[cell.limit].timeoutMs}ms` });
    expectCell(result, cell);
    expect(code ?? result?.code).toBe(result?.code);
  });
}
