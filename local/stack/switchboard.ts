/** Switches faults on and off, one after the other. */
import type { Config } from '../../shared/config/config';
import { faults } from './faults';
import { conflict, type Fault, type Symptom } from './faults/fault';
import type { Services } from './services';

/** A fault as callers see it. */
export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly on: boolean;
  /** Everything that it turns from success, when it alone is on. */
  readonly expects: readonly Symptom[];
}

/** A fault that can't be switched on beside another that is; the message names that one and says what to do. */
export class FaultConflict extends Error {
  override readonly name = 'FaultConflict';
}

/** The faults that can be switched. */
export interface Switchboard {
  list(): FaultState[];
  /**
   * Resolves when the change is in effect; a fault that is so already stays as it is.
   * Where the change fails the fault counts as it did before, and can be switched again.
   * @throws FaultConflict, or why the change failed
   */
  set(name: string, on: boolean): Promise<void>;
}

/** @returns the names of all faults. */
export function faultNames(): string[] {
  return faults.map(({ name }) => name);
}

export function createSwitchboard(services: Services, { targets }: Pick<Config, 'targets'>): Switchboard {
  const on = new Map<Fault, () => Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  const change = async (fault: Fault, wanted: boolean): Promise<void> => {
    const heal = on.get(fault);
    if (wanted === (heal !== undefined)) return;
    if (heal) {
      await heal();
      on.delete(fault);
      return;
    }
    const refused = conflict(fault, on.keys());
    if (refused !== undefined) throw new FaultConflict(refused);
    on.set(fault, await fault.strike(services));
  };
  return {
    list: () =>
      faults.map((fault) => ({
        name: fault.name,
        title: fault.title,
        on: on.has(fault),
        expects: (typeof fault.expects === 'function' ? fault.expects(targets) : fault.expects).filter(({ kind, target }) =>
          targets.some((configured) => configured.kind === kind && configured.name === target),
        ),
      })),
    set(name, wanted) {
      const fault = faults.find((each) => each.name === name);
      if (!fault) throw new Error(`no such fault: ${name}; there are: ${faultNames().join(', ')}`);
      const changed = last.then(() =>
        change(fault, wanted).catch((error: unknown) => {
          if (error instanceof FaultConflict) throw error;
          const why = error instanceof Error ? error.message : String(error);
          throw new Error(`${name} could not be switched ${wanted ? 'on' : 'off'}: ${why}; it can be tried again`, { cause: error });
        }),
      );
      last = changed.catch(() => undefined);
      return changed;
    },
  };
}
