/** Scenarios of one target: how it fails, and for how long. */
import type { Target } from '../../../shared/config/config';
import type { PlanContext } from '../../plan/plan';
import { span } from '../../monitoring/promql';
import { certified } from '../certificate';
import { statisticsMs, streakOf } from '../windows';
import { beating, minuteMs, played, type Expected, type RunChange, type Scenario } from './scenario';

/** Runs before anything happens. */
const lead = 8;
/** Points are seen at once here; the memory for late ones keeps a page open for five minutes. */
const lingeringMs = 6 * minuteMs;

interface Script {
  readonly name: string;
  readonly title: string;
  /** What happens after the lead, run by run. */
  readonly pattern: string;
  /** Runs afterwards, all well. */
  readonly tail?: number;
  readonly change?: RunChange;
  readonly expects?: (slot: (index: number) => number) => readonly Expected[];
  readonly tolerates?: RegExp;
}

function scenarioOf(context: PlanContext, target: Target, script: Script): Scenario {
  const { periodMs } = target;
  const afterMs = 12 * minuteMs + 3 * periodMs;
  const tail = script.tail ?? Math.ceil(afterMs / periodMs);
  const pattern = '.'.repeat(lead) + script.pattern + '.'.repeat(tail);
  const lengthMs = pattern.length * periodMs;
  const { dots, strip } = played(target, pattern, script.change);
  return {
    name: script.name,
    title: script.title,
    targets: [target],
    lengthMs,
    strips: [strip],
    dots: [...dots, ...beating(context, lengthMs)],
    expects: script.expects?.((index) => (lead + index) * periodMs) ?? [],
    ...(script.tolerates && { tolerates: script.tolerates }),
  };
}

/** @returns the scenarios of a target that is as important and as often run as any. */
export function targetScenarios(context: PlanContext, target: Target): readonly Scenario[] {
  const { alerts } = context.config;
  const { severity, periodMs, name } = target;
  const runs = streakOf(periodMs, alerts.consecutive).runs;
  const every = span(periodMs);
  const group = `${severity}-infrastructure-${every}`;
  const down = new RegExp(`^down-${group}(-\\d+)?$`);
  const unknown = new RegExp(`^unknown-${severity}-${every}(-\\d+)?$`);
  const intermittent = new RegExp(`^intermittent-${every}(-\\d+)?$`);
  const statisticsRuns = Math.ceil(statisticsMs(periodMs) / periodMs);
  // More than a fifth of the first attempts may have failed before so many runs in a row have.
  const early = 5 * (runs - 1) > statisticsRuns ? { tolerates: intermittent } : {};
  const isDown = (slot: (index: number) => number, failures: number, closedAt = failures): Expected => ({
    policy: down,
    from: slot(runs - 1),
    opensBy: slot(runs) + minuteMs,
    closesBy: slot(closedAt) + periodMs + lingeringMs,
  });
  const make = (script: Script): Scenario => scenarioOf(context, target, script);
  const blip = '.'.repeat(statisticsRuns);
  const all: Scenario[] = [
    make(
      runs === 1
        ? { name: 'blip', title: `${name}: the first attempt of one run fails, the second does not`, pattern: 'c' }
        : { name: 'blip', title: `${name} fails once, and again much later`, pattern: `F${blip}F` },
    ),
    make({
      name: 'short-outage',
      title: `${name} fails ${runs} run${runs === 1 ? '' : 's'} and then works again`,
      pattern: 'F'.repeat(runs),
      expects: (slot) => [isDown(slot, runs)],
      ...early,
    }),
    make({
      name: 'outage',
      title: `${name} fails for a long time`,
      pattern: 'F'.repeat(runs + 8),
      expects: (slot) => [isDown(slot, runs + 8)],
      ...early,
    }),
    make({
      name: 'outage-then-unknown',
      title: `${name} fails, and then nothing can be told of it`,
      pattern: 'F'.repeat(runs) + '?'.repeat(10),
      expects: (slot) => [
        isDown(slot, runs, runs + 10),
        { policy: unknown, from: slot(runs + 2), opensBy: slot(runs + 4) + minuteMs, closesBy: slot(runs + 10) + periodMs + lingeringMs },
      ],
      ...early,
    }),
    make({
      name: 'unknown',
      title: `nothing can be told of ${name}`,
      pattern: '?'.repeat(8),
      expects: (slot) => [{ policy: unknown, from: slot(2), opensBy: slot(4) + minuteMs, closesBy: slot(8) + periodMs + lingeringMs }],
    }),
    make({
      name: 'flapping',
      title: `every second first attempt of ${name} fails, and trying again helps`,
      pattern: 'c.'.repeat(Math.ceil(1.5 * statisticsRuns)),
      tail: 2 * statisticsRuns,
      expects: (slot) => [
        {
          policy: intermittent,
          from: slot(1),
          opensBy: slot(statisticsRuns) + minuteMs,
          closesBy: slot(3 * statisticsRuns) + statisticsMs(periodMs) + minuteMs,
        },
      ],
      // Here it is the only critical target that is heard of, so it is the whole budget.
      tolerates: /^burn-rate-/,
    }),
  ];
  const { latencyMs } = alerts;
  if (latencyMs !== undefined)
    all.push(
      make({
        name: 'slow',
        title: `${name} answers, but slower than ${latencyMs} ms`,
        pattern: '.'.repeat(2 * statisticsRuns),
        tail: 2 * statisticsRuns,
        change: (run) => {
          const isSlow = run.at >= lead * periodMs && run.at < (lead + 2 * statisticsRuns) * periodMs;
          return isSlow ? { ...run, latencyMs: 2 * latencyMs } : run;
        },
        expects: (slot) => [
          {
            policy: new RegExp(`^latency-${every}(-\\d+)?$`),
            from: slot(1),
            opensBy: slot(statisticsRuns) + minuteMs,
            closesBy: slot(3 * statisticsRuns) + minuteMs,
          },
        ],
      }),
    );
  return all;
}

/** A certificate that is not renewed: a day passes with each run. */
export function certificateScenario(context: PlanContext): Scenario | undefined {
  const target = certified(context).find(
    ({ warn, expect }) => !('minCertificateValidity' in warn) && !('minCertificateValidity' in expect),
  );
  if (!target) return undefined;
  const { kind, name, severity, periodMs } = target;
  const slots = 40;
  const renewed = 30;
  const lengthMs = slots * periodMs;
  const { dots, strip } = played(target, '.'.repeat(slots));
  const labels = { kind, target: name, severity };
  const days = Array.from({ length: slots }, (_, slot): (typeof dots)[number] => {
    const at = slot * periodMs + 2000;
    const value = slot < renewed ? 25.5 - slot : 89;
    return { metric: 'tls/days_until_expiry', job: kind, task: name, labels, at, seenAt: at, value: Math.max(0.5, value) };
  });
  const at = (slot: number): number => slot * periodMs;
  return {
    name: 'certificate',
    title: `the certificate of ${name} loses a day with each run, and is renewed in the end`,
    targets: [target],
    lengthMs,
    strips: [strip],
    dots: [...dots, ...days, ...beating(context, lengthMs)],
    expects: [
      { policy: /^certificate-soon$/, from: at(5), opensBy: at(6) + minuteMs, closesBy: at(20) + minuteMs },
      { policy: new RegExp(`^certificate-week-${severity}$`), from: at(19), opensBy: at(20) + minuteMs, closesBy: at(31) + minuteMs },
    ],
  };
}

/** A secret that breaks a rule: told by name and at once, and the target not besides. */
export function secretScenario(context: PlanContext): Scenario | undefined {
  const target = context.config.targets.find(({ kind }) => kind === 'secrets');
  if (!target) return undefined;
  const { kind, name, severity, periodMs } = target;
  const [{ secret } = { secret: 'secret' }] = (target.spec['require'] ?? []) as readonly { readonly secret: string }[];
  const pattern = '.....FFF.......';
  const lengthMs = pattern.length * periodMs;
  const { dots, strip } = played(target, pattern, (run) =>
    run.outcome === 'failure' ? { ...run, reason: 'secret_malformed', owner: 'operator' } : run,
  );
  const labels = { kind, target: name, severity, secret };
  const valid = pattern.split('').map((letter, slot): (typeof dots)[number] => {
    const at = slot * periodMs + 2000;
    return { metric: 'secrets/valid', job: kind, task: name, labels, at, seenAt: at, value: letter === 'F' ? 0 : 1 };
  });
  const at = (slot: number): number => slot * periodMs;
  return {
    name: 'secret-invalid',
    title: `${secret} breaks a rule, until a new version comes`,
    targets: [target],
    lengthMs,
    strips: [strip],
    dots: [...dots, ...valid, ...beating(context, lengthMs)],
    expects: [{ policy: new RegExp(`^secret-invalid-${severity}$`), from: at(5), opensBy: at(5) + 2 * minuteMs, closesBy: at(9) }],
    tolerates: /^burn-rate-/,
  };
}
