/** What policies are made from, from a few lines of configuration. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesOf } from '../../../deploy/plan/names';
import type { PlanContext, Shard } from '../../../deploy/plan/plan';
import { kinds } from '../../../functions/kinds';
import type { Config } from '../../../shared/config/config';
import { loadConfig } from '../../../shared/config/load';

/** One shard for each schedule of each kind. */
function shardsOf({ targets }: Config): readonly Shard[] {
  const names = [...new Set(targets.map(({ kind }) => kind))];
  return names.flatMap((kind) => {
    const own = targets.filter((target) => target.kind === kind);
    return [...new Set(own.map(({ schedule }) => schedule))].map((schedule, shard): Shard => {
      const inShard = own.filter((target) => target.schedule === schedule);
      const budgets = inShard.map(({ confirm, timeoutMs }) => confirm.attempts * timeoutMs + (confirm.attempts - 1) * confirm.intervalMs);
      const periodMs = inShard[0]?.periodMs ?? 0;
      return { kind, shard, schedule, periodMs, targets: inShard.map(({ name }) => name), budgetMs: Math.max(...budgets) };
    });
  });
}

/**
 * @param yaml everything but the environment, project and region
 * @param more shards besides those of the targets
 */
export function planned(yaml: string, more: readonly Shard[] = []): PlanContext {
  const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-policies-'));
  try {
    const path = join(folder, 'synthetics.yaml');
    writeFileSync(path, `environment: staging\nproject: my-project\nregion: us-central1\n${yaml}`);
    const config = loadConfig(path, kinds);
    return { config, kinds, names: namesOf(config.environment), shards: [...shardsOf(config), ...more] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `diagnose`, every minute. */
export const diagnose: Shard = { kind: 'diagnose', shard: 0, schedule: '* * * * *', periodMs: 60_000, targets: [], budgetMs: 10_000 };
