/** Scenarios of many targets at once, and of the monitor itself. */
import type { Target } from '../../../shared/config/config';
import type { PlanContext, Shard } from '../../plan/plan';
import { burnWindows, tiersFor } from '../burn-rate';
import { proofOfLife, shardClasses, silenceOf } from '../prober-absent';
import { lacksVpc, wayOf } from '../../plan/needs';
import { span } from '../../monitoring/promql';
import { streakOf } from '../windows';
import type { Dot } from './history';
import { beating, minuteMs, played, type Expected, type Scenario } from './scenario';

/** More would say the same. */
const most = 20;
const lead = 8;

/** `diagnose` as it would write: every minute, a few seconds after it, for what has just failed. */
function diagnosed(cause: string, targets: readonly Target[], fromMs: number, toMs: number): readonly Dot[] {
  const times = Array.from({ length: Math.floor((toMs - fromMs) / minuteMs) }, (_, index) => fromMs + (index + 1) * minuteMs + 5000);
  return times.flatMap((at): readonly Dot[] => {
    const active: Dot = {
      metric: 'cause/active',
      job: 'diagnose',
      task: 'diagnose',
      labels: { kind: 'diagnose', cause, owner: 'infrastructure' },
      at,
      seenAt: at,
      value: 1,
    };
    const blocked = targets.map(({ kind, name, severity }): Dot => ({
      metric: 'probe/blocked',
      job: kind,
      task: name,
      labels: { kind, target: name, severity, cause },
      at,
      seenAt: at,
      value: 1,
    }));
    return [active, ...blocked];
  });
}

/** @returns the targets that are reached by way of the VPC: others go on working without it. */
export function targetsInVpc({ config, kinds }: PlanContext): readonly Target[] {
  return kinds.flatMap((kind) => {
    const targets = config.targets.filter((target) => target.kind === kind.name);
    const group = { kind, targets };
    return targets.length > 0 && (wayOf(group, config) !== undefined || lacksVpc(group, config)) ? targets : [];
  });
}

/** The way into the VPC is down: as many targets as there are of one class fail at once. */
export function connectorScenarios(context: PlanContext, like: Target): readonly Scenario[] {
  const { severity, periodMs } = like;
  const { alerts, network } = context.config;
  const [way, cause] = network.network === undefined ? ['the VPC connector', 'vpc-connector'] : ['the network of the VPC', 'vpc-network'];
  const runs = streakOf(periodMs, alerts.consecutive).runs;
  const failing = targetsInVpc(context)
    .filter((target) => target.severity === severity && target.periodMs === periodMs)
    .slice(0, most);
  const failures = runs + Math.ceil((10 * minuteMs) / periodMs);
  const pattern = '.'.repeat(lead) + 'F'.repeat(failures) + '.'.repeat(Math.ceil((14 * minuteMs) / periodMs) + 2);
  const lengthMs = pattern.length * periodMs;
  const rows = failing.map((target) => played(target, pattern));
  const [from, to] = [lead * periodMs, (lead + failures) * periodMs];
  const points = [...rows.flatMap(({ dots }) => dots), ...beating(context, lengthMs)];
  const count = failing.length === 1 ? 'one target fails' : `${failing.length} targets fail`;
  const common = { lengthMs, targets: failing, strips: rows.map(({ strip }) => strip), tolerates: /^intermittent-/ };
  const causePage: Expected = {
    policy: new RegExp(`^cause-${severity}-infrastructure$`),
    from,
    opensBy: from + 5 * minuteMs,
    closesBy: to + 8 * minuteMs,
  };
  const targetPages: Expected = {
    policy: new RegExp(`^down-${severity}-infrastructure-${span(periodMs)}(-\\d+)?$`),
    incidents: failing.length,
    from: from + (runs - 1) * periodMs,
    opensBy: from + runs * periodMs + minuteMs,
    closesBy: to + periodMs + 6 * minuteMs,
  };
  return [
    {
      ...common,
      name: 'connector-down',
      title: `${way} is down, ${count}, and a cause explains it: one page`,
      dots: [...points, ...diagnosed(cause, failing, from, to)],
      expects: [causePage],
    },
    {
      ...common,
      name: 'connector-down-unexplained',
      title: `${way} is down, ${count}, and nobody names the cause`,
      dots: points,
      expects: [targetPages],
    },
  ];
}

function silenceScenario(context: PlanContext, name: string, title: string, silent: readonly Shard[], policy: RegExp): Scenario {
  const [group] = shardClasses(silent);
  if (!group) throw new Error('nothing is silent');
  const { periodMs, budgetMs } = group;
  const from = lead * periodMs;
  const { windowMs, durationMs } = silenceOf(group);
  const to = from + Math.ceil((windowMs + durationMs + 5 * periodMs) / periodMs) * periodMs;
  const lengthMs = to + 10 * periodMs;
  const isSilent = (kind: string, shard: number, at: number): boolean =>
    at > from && at < to && silent.some((one) => one.kind === kind && one.shard === shard);
  const last = from - periodMs;
  return {
    name,
    title,
    targets: [],
    lengthMs,
    strips: silent.slice(0, most).map((one) => ({
      name: `${one.kind} shard ${one.shard}`,
      letters: Array.from({ length: Math.ceil(lengthMs / one.periodMs) }, (_, slot) => {
        const at = slot * one.periodMs;
        return { at, letter: isSilent(one.kind, one.shard, at + 2000) ? ' ' : '.' };
      }),
    })),
    dots: beating(context, lengthMs, isSilent),
    expects: [
      { policy, from: last + 3 * periodMs, opensBy: last + 3 * periodMs + budgetMs + 7 * minuteMs, closesBy: to + periodMs + 2 * minuteMs },
    ],
  };
}

/** One function is silent; all of them are. */
export function silenceScenarios(context: PlanContext): readonly Scenario[] {
  const [fastest] = shardClasses(context.shards);
  const [first] = fastest?.shards ?? [];
  if (!first) return [];
  const one = silenceScenario(context, 'prober-silent', `the function ${first.kind} no longer runs`, [first], /^prober-silent$/);
  if (!proofOfLife(context.shards)) return [one];
  return [one, silenceScenario(context, 'all-silent', 'no function runs any more: one page', context.shards, /^prober-silent$/)];
}

/** Critical targets fail every third run, never twice in a row. */
export function burnScenario(context: PlanContext, like: Target): Scenario | undefined {
  const { alerts, targets } = context.config;
  const [tier] = alerts.slo === undefined ? [] : tiersFor(context, alerts.slo);
  if (alerts.slo === undefined || !tier || alerts.consecutive < 2 || like.severity !== 'critical') return undefined;
  const { periodMs } = like;
  const failing = targets
    .filter((target) => target.kind !== 'secrets' && target.severity === 'critical' && target.periodMs === periodMs)
    .slice(0, most);
  const { least, shortMs } = burnWindows(periodMs, alerts.slo, tier);
  // Only what was looked at for so long can be above the limit.
  const before = Math.max(lead, least);
  const slots = Math.ceil((50 * minuteMs) / periodMs / 3) + 4;
  const pattern = '.'.repeat(before) + 'F..'.repeat(slots) + '.'.repeat(Math.ceil((shortMs + 10 * minuteMs) / periodMs) + 3);
  const lengthMs = pattern.length * periodMs;
  const rows = failing.map((target) => played(target, pattern));
  const end = (before + 3 * slots) * periodMs;
  return {
    name: 'burn',
    title: 'critical targets fail every third run, never long enough to be down',
    targets: failing,
    lengthMs,
    strips: rows.map(({ strip }) => strip),
    dots: [...rows.flatMap(({ dots }) => dots), ...beating(context, lengthMs)],
    expects: [
      {
        policy: new RegExp(`^burn-rate-${span(tier.longMs)}$`),
        from: before * periodMs,
        opensBy: end,
        closesBy: end + shortMs + 2 * minuteMs,
      },
    ],
    tolerates: /^(intermittent|burn-rate)-/,
  };
}
