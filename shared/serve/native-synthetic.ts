/** The answer that Cloud Monitoring's native synthetic monitors read (snake_case, status 200 also on failure). */
import type { Environment } from '../environment';
import type { RunReport } from '../result';

/** @returns the report in the shape of `synthetic_test_framework_result_v1`, one test a target. */
export function nativeAnswer(report: RunReport, environment: Environment, endedAt: string): object {
  const { results, counts } = report;
  const passing = counts.success + counts.degraded;
  return {
    synthetic_test_framework_result_v1: {
      suite_count: 1,
      test_count: results.length,
      passing_test_count: passing,
      failing_test_count: counts.failure + counts.unknown,
      pending_test_count: 0,
      test_results: results.map((result) => ({
        title: result.target,
        test_passed: result.outcome === 'success' || result.outcome === 'degraded',
        title_paths: [report.function, result.target],
        test_start_time: result.startedAt,
        test_end_time: new Date(Date.parse(result.startedAt) + result.durationMs).toISOString(),
        ...(result.outcome === 'success' || result.outcome === 'degraded'
          ? {}
          : { test_error: { error_type: result.reason, error_message: result.message, stack_frames: [] } }),
      })),
    },
    runtime_metadata: {
      K_SERVICE: environment.service ?? '',
      K_REVISION: environment.revision ?? '',
      K_CONFIGURATION: environment.configuration ?? '',
    },
    start_time: report.startedAt,
    end_time: endedAt,
  };
}
