/** The table at the end of a deployment. */
import type { TargetState } from '../../../deploy/apply/heartbeats';
import { verdictLines } from '../../../deploy/apply/verdicts';
import type { JobPlan } from '../../../deploy/plan/plan';

const job = (kind: string, shard: number, targets: readonly string[]): JobPlan => ({
  kind,
  shard,
  targets,
  schedule: '* * * * *',
  periodMs: 60_000,
  budgetMs: 10_000,
  name: `synthetics-staging-${kind}-${shard}`,
  function: `synthetics-staging-${kind}`,
  timeZone: 'Etc/UTC',
  description: '',
  body: '',
  attemptDeadlineSeconds: 60,
  account: '',
});

const state = (kind: string, target: string, more: Partial<TargetState> = {}): TargetState => ({
  kind,
  target,
  severity: 'critical',
  outcome: 'success',
  reason: '',
  owner: '',
  atMs: 0,
  ...more,
});

describe('verdicts', () => {
  it('stand a line a function, with what is not well below', () => {
    const states = [
      state('tcp', 'queue'),
      state('http', 'shop', { outcome: 'failure', reason: 'connect_refused', owner: 'infrastructure' }),
      state('http', 'backend'),
      // Of an earlier configuration: nobody asks for it any more.
      state('http', 'gone', { outcome: 'failure' }),
    ];
    expect(verdictLines([job('http', 0, ['shop', 'backend']), job('tcp', 0, ['queue'])], states, new Set())).toEqual([
      '  http  UNHEALTHY  2 targets, 1 not well',
      '                   shop     failure   connect_refused  (infrastructure)',
      '  tcp   HEALTHY    1 target',
    ]);
  });

  it('are unknown where a heartbeat is missing, whatever is read of the targets', () => {
    expect(verdictLines([job('tcp', 0, ['queue']), job('tcp', 1, ['cache'])], [state('tcp', 'queue')], new Set(['tcp 1']))).toEqual([
      '  tcp  UNKNOWN    2 targets, no heartbeat of 1 job',
    ]);
  });

  it('are not those of the targets alone that were heard of', () => {
    const jobs = [job('tcp', 0, ['queue', 'cache'])];
    expect(verdictLines(jobs, [state('tcp', 'queue')], new Set())).toEqual(['  tcp  UNKNOWN    2 targets, nothing heard of cache']);
    expect(verdictLines(jobs, [state('tcp', 'queue', { outcome: 'failure', reason: 'connect_refused' })], new Set())[0]).toBe(
      '  tcp  UNHEALTHY  2 targets, 1 not well, nothing heard of cache',
    );
  });
});
