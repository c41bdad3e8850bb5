/** Cloud Scheduler jobs: one a shard. A shard without targets is that of a function that has none of its own. */
import type { Config } from '../../shared/config/config';
import { schedulerAccountOf } from './accounts';
import type { Names } from './names';
import type { JobPlan, Shard } from './plan';
import { deadlineSeconds } from './timing';

/** @param warmUpMs how long a new instance of the function waits at most for its network. */
export function jobOf(shard: Shard, names: Names, config: Config, warmUpMs: number): JobPlan {
  const { targets } = shard;
  const count = `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`;
  return {
    ...shard,
    name: names.job(shard.kind, shard.shard),
    function: names.function(shard.kind),
    timeZone: 'Etc/UTC',
    description: `${names.marker} runs ${targets.length === 0 ? '' : `${count} of `}${shard.kind}, shard ${shard.shard}`,
    body: JSON.stringify({ ...(targets.length > 0 && { targets }), trigger: 'schedule', shard: shard.shard }),
    attemptDeadlineSeconds: deadlineSeconds(shard.budgetMs, warmUpMs),
    account: schedulerAccountOf(names, config),
  };
}
