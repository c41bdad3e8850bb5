/** How findings, conditions and warnings of one attempt add up to its outcome, and what a probe may still tell when its time is over. */
import * as z from 'zod';
import { equals } from '../../../shared/conditions';
import { defineKind, type ProbeContext } from '../../../shared/probe';
import type { Finding, Outcome, Result } from '../../../shared/result';
import { probeOne } from '../../support/probing';

const kind = defineKind<{ port: z.ZodInt }, string>({
  name: 'part',
  title: 'Parts',
  fields: { port: z.int() },
  conditions: {
    colour: equals('part.colour', z.string(), 'assertion_failed'),
    shape: { ...equals('part.shape', z.string(), 'query_failed'), reason: (evidence) => (evidence === 'full' ? 'overloaded' : 'timeout') },
  },
  defaults: {},
  tls: false,
  endpoints: () => [],
});

function attempted(run: (context: ProbeContext) => Promise<unknown>, more: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  return probeOne(
    { kind, probe: { run: (_target: unknown, context: ProbeContext) => run(context) } },
    { port: 1, timeout: '500ms', ...more },
  );
}

const finding = (subject: string, outcome: Outcome, reason: Finding['reason'] = null): Finding => ({
  subject,
  outcome,
  reason,
  message: `${subject} is ${outcome}`,
  durationMs: 1.23456,
});
const found = (...findings: readonly Finding[]): Promise<Result> =>
  attempted(async (context) => {
    await context.phase('step', async () => findings.forEach((each) => context.find(each)));
  });

describe('findings', () => {
  test('that are well are a success', async () => {
    const result = await found(finding('a', 'success'), finding('b', 'success'));
    expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null, message: 'ok', warnings: [] });
    expect(result.findings).toEqual([
      { ...finding('a', 'success'), durationMs: 1.235 },
      { ...finding('b', 'success'), durationMs: 1.235 },
    ]);
  });

  test('of which some failed are a failure: the first one gives its reason, and it is told how many more there are', async () => {
    const several = [finding('a', 'unknown', 'api_denied'), finding('b', 'degraded', 'too_slow'), finding('c', 'failure', 'timeout')];
    expect(await found(...several)).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      phase: 'step',
      message: 'c is failure',
      warnings: [{ subject: 'b' }],
    });
    expect(await found(...several, finding('d', 'failure', 'query_failed'))).toMatchObject({
      reason: 'timeout',
      message: 'c is failure (and 1 more)',
    });
  });

  test('of which none failed and some could not be told are unknown, and not down', async () => {
    expect(await found(finding('a', 'success'), finding('b', 'unknown', 'api_denied'), finding('c', 'unknown', 'internal'))).toMatchObject({
      outcome: 'unknown',
      reason: 'api_denied',
      owner: 'monitor',
      phase: 'step',
      message: 'b is unknown (and 1 more)',
    });
    expect(await found(finding('a', 'unknown'))).toMatchObject({ outcome: 'unknown', reason: 'internal', message: 'a is unknown' });
  });

  test('that are degraded degrade, and are warnings', async () => {
    const result = await found(finding('a', 'success'), finding('b', 'degraded', 'too_slow'), finding('c', 'degraded', 'overloaded'));
    expect(result).toMatchObject({
      outcome: 'degraded',
      reason: 'too_slow',
      phase: 'step',
      message: 'b is degraded',
      firstOutcome: 'degraded',
    });
    expect(result.warnings.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['b', 'degraded'],
      ['c', 'degraded'],
    ]);
  });
});

describe('conditions', () => {
  const red =
    (evidence = 'empty') =>
    async (context: ProbeContext): Promise<string> => {
      await context.phase('step', async () => context.observe({ 'part.colour': 'red', 'part.shape': 'round', 'part.number': 7 }));
      return evidence;
    };

  test('that are unmet in expect and in warn are told once, and others as warnings beside', async () => {
    const wanted = { expect: { colour: 'blue' }, warn: { colour: 'green', shape: 'flat' } };
    const result = await attempted(red('full'), wanted);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', message: 'part.colour is "red", expected "blue"' });
    expect(result.warnings).toMatchObject([{ subject: 'shape', outcome: 'degraded', reason: 'overloaded' }]);
    expect(result.observed).toEqual({ 'part.colour': 'red', 'part.shape': 'round', 'part.number': 7 });
  });

  test('may take their reason from the evidence', async () => {
    expect(await attempted(red('full'), { expect: { shape: 'flat' } })).toMatchObject({ outcome: 'failure', reason: 'overloaded' });
    expect(await attempted(red('empty'), { expect: { shape: 'flat' } })).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });
});

describe('a probe', () => {
  test('may tell for a moment longer what it has learnt from an API before its time was over', async () => {
    const result = await attempted(async (context) => {
      await context.phase('api', () => new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve())));
      context.find(finding('a', 'unknown', 'api_denied'));
    });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'api_denied', message: 'a is unknown' });
  });

  test('that tells nothing then is late all the same', async () => {
    const result = await attempted((context) => context.phase('api', () => new Promise<never>(() => {})));
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'api_unavailable', phase: 'api' });
    expect(result.durationMs).toBeGreaterThanOrEqual(500);
  });

  test('that starts over has the phases of its last try alone', async () => {
    const result = await attempted(async (context) => {
      await context.phase('dns', async () => {});
      await context.phase('connect', async () => {});
      context.startOver();
      await context.phase('request', async () => {});
      await context.phase('transfer', async () => {});
    });
    expect(Object.keys(result.phases)).toEqual(['request', 'transfer']);
  });

  test('that asks for a target that it does not name is our own fault', async () => {
    const result = await attempted(async (context) => context.referenced('nobody'));
    expect(result).toMatchObject({
      outcome: 'unknown',
      reason: 'internal',
      message: 'the target nobody is not among those that this one names',
    });
  });

  test('hears of the end of its time once, and not before', async () => {
    let left = NaN;
    let aborted: boolean | undefined;
    await attempted(async (context) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      left = context.remaining();
      aborted = context.signal.aborted;
    });
    expect(left).toBeLessThanOrEqual(401);
    expect(left).toBeGreaterThan(0);
    expect(aborted).toBe(false);
  });
});
