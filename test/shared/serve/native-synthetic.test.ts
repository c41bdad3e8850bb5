/** The answer to native synthetic monitors, against the message that Cloud Monitoring reads. */
import * as z from 'zod';
import { readEnvironment } from '../../../shared/environment';
import type { Outcome, Result, RunReport } from '../../../shared/result';
import { nativeAnswer } from '../../../shared/serve/native-synthetic';

/** GoogleCloudPlatform/synthetics-sdk-nodejs, packages/synthetics-sdk-api/proto/synthetic_response.proto: SyntheticResult and what it holds. */
const count = z.int().min(0);
const stamp = z.iso.datetime();
const stackFrame = z.strictObject({ function_name: z.string(), file_path: z.string(), line: count.optional(), column: count.optional() });
const testError = z.strictObject({ error_type: z.string().min(1), error_message: z.string(), stack_frames: z.array(stackFrame) });
const testResult = z.strictObject({
  title: z.string().min(1),
  test_passed: z.boolean(),
  title_paths: z.array(z.string()),
  test_start_time: stamp,
  test_end_time: stamp,
  test_error: testError.optional(),
});
const syntheticResult = z.strictObject({
  synthetic_test_framework_result_v1: z.strictObject({
    suite_count: count,
    test_count: count,
    passing_test_count: count,
    failing_test_count: count,
    pending_test_count: count,
    test_results: z.array(testResult),
  }),
  runtime_metadata: z.record(z.string(), z.string()),
  start_time: stamp,
  end_time: stamp,
});

const startedAt = '2026-01-01T00:00:00.000Z';

function resultOf(outcome: Outcome): Result {
  const wrong = outcome === 'failure' || outcome === 'unknown';
  return {
    kind: 'http',
    target: `is-${outcome}`,
    severity: 'critical',
    outcome,
    firstOutcome: outcome,
    attempts: 1,
    reason: wrong ? 'connect_refused' : null,
    domain: wrong ? 'network' : null,
    owner: wrong ? 'infrastructure' : null,
    phase: wrong ? 'connect' : null,
    code: null,
    message: wrong ? 'refused' : 'ok',
    hint: null,
    startedAt,
    durationMs: 12.5,
    phases: {},
    observed: {},
    warnings: [],
    findings: [],
  };
}

const results = (['success', 'degraded', 'failure', 'unknown'] as const).map(resultOf);
const report: RunReport = {
  runId: 'x',
  function: 'http',
  version: '1',
  configHash: 'x',
  environment: 'staging',
  trigger: 'synthetic',
  shard: 0,
  startedAt,
  durationMs: 20,
  coldStart: false,
  verdict: 'unhealthy',
  counts: { success: 1, degraded: 1, failure: 1, unknown: 1 },
  results,
  telemetry: { written: 0, superseded: 0, unwritten: 0 },
};

const environment = readEnvironment({ K_SERVICE: 's', K_REVISION: 's-1', K_CONFIGURATION: 's' });
const answer: unknown = JSON.parse(JSON.stringify(nativeAnswer(report, environment, '2026-01-01T00:00:01.000Z')));

test('the answer holds what the message has, and nothing else', () => {
  expect(syntheticResult.safeParse(answer).error?.issues ?? []).toEqual([]);
});

test('success and degraded pass, failure and unknown do not, and each failure names its reason', () => {
  const { synthetic_test_framework_result_v1: told, runtime_metadata: metadata } = syntheticResult.parse(answer);
  expect(told).toMatchObject({ suite_count: 1, test_count: 4, passing_test_count: 2, failing_test_count: 2, pending_test_count: 0 });
  expect(told.test_results.map(({ test_passed: passed }) => passed)).toEqual([true, true, false, false]);
  expect(told.test_results[2]?.test_error).toEqual({ error_type: 'connect_refused', error_message: 'refused', stack_frames: [] });
  expect(told.test_results[0]).toMatchObject({ title_paths: ['http', 'is-success'], test_end_time: '2026-01-01T00:00:00.012Z' });
  expect(metadata).toEqual({ K_SERVICE: 's', K_REVISION: 's-1', K_CONFIGURATION: 's' });
});
