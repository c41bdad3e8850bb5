/** The log entries of all projects: so many of each are kept, the newest. */
import type { StoredLogEntry } from './logging';

/** The entries. */
export interface LogStore {
  /** Adds entries to a project's log; what comes back takes them away. */
  add(project: string, entries: readonly StoredLogEntry[]): () => void;
  /** As they were added. */
  readonly of: (project: string) => readonly StoredLogEntry[];
  clear(): void;
}

/** Taking away one by one would move all the others each time. */
const slack = 0.05;

/** @param limit entries that are kept of a project, at least */
export function createLogStore(limit = 20_000): LogStore {
  const logs = new Map<string, StoredLogEntry[]>();
  const of = (project: string): StoredLogEntry[] => {
    const found = logs.get(project) ?? [];
    logs.set(project, found);
    return found;
  };
  return {
    add(project, entries) {
      const log = of(project);
      log.push(...entries);
      if (log.length > limit * (1 + slack)) log.splice(0, log.length - limit);
      return () => {
        const gone = new Set(entries);
        logs.set(
          project,
          of(project).filter((entry) => !gone.has(entry)),
        );
      };
    },
    of,
    clear: () => logs.clear(),
  };
}
