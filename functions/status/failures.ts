/** The last runs of a target that did not simply succeed, from the log of its function. */
import { reasons, type Reason } from '../../shared/reasons';
import type { Config, Target } from '../../shared/config/config';
import { outcomes } from '../../shared/result';
import type { FailedRun } from '../../shared/status/state';
import { among, equal, type Entries } from './entries';
import { resultIn } from './logged-result';

/** So far back it looks, in milliseconds, and so many are told at most. */
export const failuresBackMs = 7 * 86_400_000;
export const mostFailures = 20;

/** @returns what holds for the entries of such runs. */
export function failureConditions(target: string): readonly string[] {
  return [
    'severity>=WARNING',
    equal('jsonPayload.event', 'result'),
    equal('jsonPayload.result.target', target),
    among(
      'jsonPayload.result.outcome',
      outcomes.filter((outcome) => outcome !== 'success'),
    ),
  ];
}

/** @returns the URL of a reason's runbook, or its path beside the page; null without a reason. */
export function runbookOf({ runbook: own }: Target, { alerts }: Pick<Config, 'alerts'>, reason: Reason | null): string | null {
  if (reason === null) return null;
  const configured = own ?? alerts.runbook;
  return configured === undefined ? `runbooks#${reason}` : configured.replaceAll('{reason}', reason);
}

export function failuresIn({ entries }: Entries, target: Target, config: Pick<Config, 'alerts'>): readonly FailedRun[] {
  return entries.flatMap(({ timestamp: at, jsonPayload }): readonly FailedRun[] => {
    const result = resultIn(jsonPayload);
    if (!result) return [];
    const { kind: _kind, target: _target, hint, ...told } = result;
    const runId = jsonPayload?.['runId'];
    return [
      {
        at,
        ...told,
        hint: hint ?? (told.reason && reasons[told.reason].hint),
        runbook: runbookOf(target, config, told.reason),
        runId: typeof runId === 'string' ? runId : '',
      },
    ];
  });
}
