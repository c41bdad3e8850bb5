/** Runbook of capacity: connections, memory, load. */
import { commands, runbook } from './runbook';

export const capacity = {
  too_many_connections: runbook(
    'The server has no connection left, or nearly none. New clients are turned away.',
    [
      'Who holds the connections? Idle ones of one application point to a leak in its pool.',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc'`,
    ],
    ['Did a deployment add instances, each with a pool of its own?', commands.revisions],
    [
      'What is the limit? Raising it needs a restart; ending idle sessions does not.',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'show max_connections'`,
    ],
    'Utilisation on the dashboard falls below 80 % and stays there for an hour.',
  ),
  out_of_memory: runbook(
    'The server refuses work because its memory is full.',
    ['How much is used, and what is the policy when it is full?', 'redis-cli -h $HOST -p $PORT INFO memory'],
    ['Which keys grew? Look for keys without an expiry.', 'redis-cli -h $HOST -p $PORT --bigkeys'],
    ['Is the instance simply too small? Look at its size and recent changes.', commands.redisInstance],
    'Memory utilisation on the dashboard falls below 90 %, and writes succeed.',
  ),
  overloaded: runbook(
    'The service is there and turns work away: 429, 503 with Retry-After, or close 1013.',
    ['Are all instances in use, or is the maximum too low?', `${commands.service} --format="yaml(spec.template.metadata.annotations)"`],
    ['Is the traffic unusual? Look who calls and since when.', commands.serviceLog],
    ['Did the newest revision get slower? Send traffic back to the last one.', commands.revisions],
    'Latency and first attempts on the dashboard are back where they were before.',
  ),
};
