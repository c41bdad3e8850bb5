/** What a month costs, item by item, from usage and prices. */
import { alertingItems } from './alerting-cost';
import { charge, chargeMetrics, shown } from './charge';
import type { Documents } from './documents';
import type { CostItem, FunctionPlan, Plan } from './plan';
import { assumed, bytesAPoint, connectorUsd, hoursAMonth, metricTiers, prices, pricesOf } from './prices';
import { sumOf, totalOf } from './series';
import type { Caller } from './usage';

/** What the cost is made of. */
export interface Spending {
  readonly callers: readonly Caller[];
  readonly functions: readonly FunctionPlan[];
  /** Number of Scheduler jobs. */
  readonly jobs: number;
  /** Number of distinct versions of secrets that are read. */
  readonly secretVersions: number;
  readonly documents: Documents;
}

const mib = 1024 * 1024;
const gib = 1024 * mib;
const monthSeconds = hoursAMonth * 3600;

const total = <Item>(items: readonly Item[], of: (item: Item) => number): number => items.reduce((sum, item) => sum + of(item), 0);

function functionItems({ callers, functions }: Spending): readonly CostItem[] {
  const runs = total(callers, ({ runsAMonth }) => runsAMonth);
  const seconds = (caller: Caller): number => (caller.runsAMonth * caller.billedMs) / 1000;
  const busy = total(callers, seconds);
  const vcpu = total(callers, (caller) => seconds(caller) * caller.function.cpu);
  const memory = total(callers, (caller) => seconds(caller) * (caller.function.memoryMiB / 1024));
  const kept = functions.filter(({ minInstances }) => minInstances > 0);
  const idleOf = (plan: FunctionPlan): number =>
    Math.max(
      0,
      plan.minInstances * monthSeconds -
        total(
          callers.filter((caller) => caller.function === plan),
          seconds,
        ),
    );
  const idle = total(kept, idleOf);
  const idleUsd =
    charge(
      total(kept, (plan) => idleOf(plan) * plan.cpu),
      prices.idleVcpuSeconds,
    ) +
    charge(
      total(kept, (plan) => idleOf(plan) * (plan.memoryMiB / 1024)),
      prices.idleGibSeconds,
    );
  const each = runs > 0 ? ` of about ${shown(busy / runs)} s each` : '';
  return [
    { name: 'functions: requests', quantity: `${shown(runs)} runs, 2 M free`, usd: charge(runs, prices.requests) },
    { name: 'functions: CPU', quantity: `${shown(vcpu)} vCPU-s, runs${each}, 180 000 free`, usd: charge(vcpu, prices.vcpuSeconds) },
    { name: 'functions: memory', quantity: `${shown(memory)} GiB-s, 360 000 free`, usd: charge(memory, prices.gibSeconds) },
    ...(kept.length > 0
      ? [{ name: 'functions: kept instances', quantity: `${kept.length} idle for ${shown(idle)} s together`, usd: idleUsd }]
      : []),
    {
      name: 'functions: images',
      quantity: `${functions.length} of about ${assumed.imageGib} GiB, ${prices.imageGib.free} GiB free`,
      usd: charge(functions.length * assumed.imageGib, prices.imageGib),
    },
  ];
}

function monitoringItems({ callers, documents }: Spending): readonly CostItem[] {
  const series = totalOf(sumOf(callers.map((caller) => caller.series)));
  const points = total(callers, (caller) => totalOf(caller.series) * caller.runsAMonth);
  const volume = (points * bytesAPoint) / mib;
  const uptime = total(documents.uptimeChecks, ({ check }) => {
    const seconds = Number.parseFloat(String(check['period'])) || assumed.evaluationSeconds;
    const regions = Array.isArray(check['selectedRegions']) ? check['selectedRegions'].length : 0;
    return (monthSeconds / seconds) * (regions || assumed.uptimeRegions);
  });
  const reads = total(callers, ({ seriesRead, runsAMonth }) => seriesRead * runsAMonth);
  const synthetic = total(documents.syntheticMonitors, ({ periodMinutes }) => (hoursAMonth * 60) / periodMinutes);
  return [
    {
      name: 'custom metrics',
      quantity: `${shown(series)} series, ${shown(points)} points, ${shown(volume)} MiB, ${metricTiers.freeMib} MiB free`,
      usd: chargeMetrics(volume),
    },
    {
      name: 'Monitoring API reads',
      quantity: `${shown(reads)} series by diagnose, 1 M free; what people read of status comes on top`,
      usd: charge(reads, prices.monitoringReads),
    },
    { name: 'uptime checks', quantity: `${shown(uptime)} executions, 1 M free a project`, usd: charge(uptime, prices.uptimeExecutions) },
    {
      name: 'native synthetic monitors',
      quantity: `${shown(synthetic)} executions, ${prices.syntheticExecutions.free} free`,
      usd: charge(synthetic, prices.syntheticExecutions),
    },
  ];
}

function otherItems({ callers, jobs, secretVersions }: Spending): readonly CostItem[] {
  const accesses = total(callers, (caller) => caller.secretAccesses * caller.runsAMonth);
  const logs = (total(callers, ({ runsAMonth }) => runsAMonth) * assumed.logBytesARun) / gib;
  return [
    { name: 'Cloud Scheduler', quantity: `${jobs} ${jobs === 1 ? 'job' : 'jobs'}, 3 free`, usd: charge(jobs, prices.schedulerJobs) },
    {
      name: 'Secret Manager: versions',
      quantity: `${secretVersions} that are read, one active version each, 6 free`,
      usd: charge(secretVersions, prices.secretVersions),
    },
    { name: 'Secret Manager: accesses', quantity: `${shown(accesses)}, 10 000 free`, usd: charge(accesses, prices.secretAccesses) },
    { name: 'Cloud Logging', quantity: `${shown(logs)} GiB, 50 GiB free a project`, usd: charge(logs, prices.logGib) },
  ];
}

/** Money that targets spend elsewhere; once a run, so a failure that is tried again spends it again. */
function targetItems({ callers }: Spending): readonly CostItem[] {
  const runs = new Map<string, { readonly usd: number; runs: number }>();
  for (const { targets, runsAMonth } of callers)
    for (const { name, costPerRun } of targets) {
      if (!costPerRun) continue;
      const known = runs.get(name) ?? { usd: costPerRun, runs: 0 };
      runs.set(name, { ...known, runs: known.runs + runsAMonth });
    }
  return [...runs].map(([name, { usd, runs: count }]) => ({
    name: `target ${name}`,
    quantity: `${shown(count)} runs at ${usd} USD spent elsewhere`,
    usd: count * usd,
  }));
}

/** @returns every item and the sum of all; those that are charged from a date on say so. */
export function costOf(spending: Spending): Plan['cost'] {
  const items = [
    ...functionItems(spending),
    ...otherItems(spending),
    ...monitoringItems(spending),
    ...alertingItems(spending.documents.policies, sumOf(spending.callers.map(({ series }) => series))),
    ...targetItems(spending),
  ].map((item) => ({ ...item, usd: Math.round(item.usd * 100) / 100 }));
  return { items, usd: Math.round(total(items, ({ usd }) => usd) * 100) / 100, pricesOf };
}

/** @returns what is there already, and is not part of the sum. */
export function costNotes(functions: readonly FunctionPlan[]): readonly string[] {
  const uses = functions.some(({ vpc }) => vpc && 'connector' in vpc);
  return uses ? [`The VPC connector is there already and not part of the cost: two e2-micro cost ${connectorUsd} USD a month.`] : [];
}
