/** What documents are made from, out of configurations. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { metricDescriptors } from '../../../deploy/monitoring/descriptors';
import { dashboard } from '../../../deploy/monitoring/dashboard';
import type { Documents } from '../../../deploy/monitoring/lint/lint-documents';
import { serviceLevels } from '../../../deploy/monitoring/service-levels';
import { syntheticMonitors } from '../../../deploy/monitoring/synthetic-monitors';
import { uptimeChecks } from '../../../deploy/monitoring/uptime-checks';
import { namesOf } from '../../../deploy/plan/names';
import type { PlanContext, Shard } from '../../../deploy/plan/plan';
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { loadConfig } from '../../../shared/config/load';

const examples = resolve(__dirname, '../../../../examples');

/** One shard a kind and schedule. */
function shardsOf({ targets }: Config): readonly Shard[] {
  const groups = Map.groupBy(targets, ({ kind, schedule }) => `${kind} ${schedule}`);
  return [...groups.values()].flatMap((group, shard) => {
    const [first] = group;
    if (!first) return [];
    const { kind, schedule, periodMs } = first;
    return [{ kind, shard, schedule, periodMs, targets: group.map(({ name }) => name), budgetMs: 20_000 }];
  });
}

/** @returns the context of a configuration. */
export function contextOf(config: Config): PlanContext {
  return { config, kinds, names: namesOf(config.environment), shards: shardsOf(config) };
}

/** @returns the context of one of the examples. */
export function contextOfExample(name: string): PlanContext {
  return contextOf(loadConfig(join(examples, `${name}.yaml`), kinds));
}

/** @returns the context of what is written. */
export function contextOfText(text: string): PlanContext {
  const folder = mkdtempSync(join(tmpdir(), 'synthetics-documents-'));
  try {
    const path = join(folder, 'synthetics.yaml');
    writeFileSync(path, `environment: staging\nproject: my-project\nregion: us-central1\n${text}`);
    return contextOf(loadConfig(path, kinds));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns a configuration of so many HTTP targets, written short. */
export function manyTargets(count: number, more = ''): string {
  const targets = Array.from({ length: count }, (_, index) => `  t${index}: { url: https://h${index}.example.com/ }`);
  return `${more}http:\n${targets.join('\n')}\n`;
}

/** @returns all documents of a context but its policies. */
export function documentsOf(context: PlanContext): Documents {
  return {
    project: context.config.project,
    descriptors: metricDescriptors(),
    policies: [],
    dashboard: dashboard(context),
    serviceLevels: serviceLevels(context),
    uptimeChecks: uptimeChecks(context),
    syntheticMonitors: syntheticMonitors(context),
  };
}
