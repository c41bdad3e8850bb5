/** Switches faults on and off, one after the other. */
import type { Config } from '../../shared/config/config';
import type { Fault, Symptom } from './fault';
import { faults } from './faults';
import type { Services } from './services';

/** A fault as callers see it. */
export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly on: boolean;
  /** Everything that it turns from success, when it alone is on. */
  readonly expects: readonly Symptom[];
}

/** The faults that can be switched. */
export interface Switchboard {
  list(): FaultState[];
  /** Resolves when the change is in effect; a fault that is so already stays as it is. */
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
    } else on.set(fault, await fault.strike(services));
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
      const changed = last.then(() => change(fault, wanted));
      last = changed.catch(() => undefined);
      return changed;
    },
  };
}
