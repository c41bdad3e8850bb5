/** The answers of the status function, as the views use them. */
import { useEffect, useState } from 'preact/hooks';
import type { ErrorsAnswer, IncidentsAnswer, LogsAnswer } from '../../shared/status/events';
import type { SessionAnswer } from '../../shared/status/actions';
import type { DependenciesAnswer, HistoryAnswer, TargetAnswer, TargetsAnswer } from '../../shared/status/state';
import { answerOf, type Answer, watch } from './sources';

function useAnswer<T>(path: string): Answer<T> {
  const [, setTold] = useState<object>();
  useEffect(() => watch(path, () => setTold({})), [path]);
  return answerOf(path) as Answer<T>;
}

const query = (values: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();

export const useSession = (): Answer<SessionAnswer> => useAnswer('api/session');
export const useTargets = (): Answer<TargetsAnswer> => useAnswer('api/targets');
export const useTarget = (target: string): Answer<TargetAnswer> => useAnswer(`api/target?${query({ target })}`);
export const useHistory = (target: string, hours: number): Answer<HistoryAnswer> => useAnswer(`api/history?${query({ target, hours })}`);
export const useDependencies = (): Answer<DependenciesAnswer> => useAnswer('api/dependencies');
export const useIncidents = (): Answer<IncidentsAnswer> => useAnswer('api/incidents');
export const useErrors = (hours: number): Answer<ErrorsAnswer> => useAnswer(`api/errors?${query({ hours })}`);

/** What is asked of the logs; empty where everything is. */
export interface LogsAsked {
  readonly function: string;
  readonly severity: string;
  readonly hours: number;
}

export function useLogs({ hours, ...filters }: LogsAsked): Answer<LogsAnswer> {
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  return useAnswer(`api/logs?${query({ ...Object.fromEntries(given), hours })}`);
}

/** Something that can be broken in the embedded stack, and what is to be expected then. */
export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly on: boolean;
  readonly expects: readonly {
    readonly kind: string;
    readonly target: string;
    readonly outcome: 'success' | 'degraded' | 'failure' | 'unknown';
    readonly reason: string | null;
    readonly owner: string | null;
  }[];
}

export const useFaults = (): Answer<readonly FaultState[]> => useAnswer('/faults');
