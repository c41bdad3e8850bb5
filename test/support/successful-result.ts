/** The result of a target that works. */
import type { Result } from '../../shared/result';

export const successfulResult: Result = {
  kind: 'postgres',
  target: 'orders-db',
  severity: 'critical',
  outcome: 'success',
  reason: null,
  domain: null,
  owner: null,
  phase: null,
  code: null,
  message: 'ok',
  hint: null,
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 31,
  phases: {},
  observed: {},
  warnings: [],
  findings: [],
  attempts: 1,
  firstOutcome: 'success',
};
