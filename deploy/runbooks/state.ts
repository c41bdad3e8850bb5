/** Runbook of the state of servers: starting, stopping, standby. */
import { commands, runbook } from './runbook';

export const state = {
  starting_up: runbook(
    'The server accepts connections but is still starting, recovering or loading its data.',
    ['Why did it restart? Maintenance, fail-over, crash or somebody by hand.', commands.sqlOperations],
    ['How far is the recovery? The log counts.', commands.sqlLog],
    ['Redis: how long until everything is loaded?', 'redis-cli -h $HOST -p $PORT INFO persistence'],
    'The restart has a name; an unexplained one will come again.',
  ),
  shutting_down: runbook(
    'The server is being stopped, or its administrator cut the session.',
    ['Who or what stopped it?', commands.sqlOperations],
    [
      'Is it a maintenance window?',
      'gcloud sql instances describe $INSTANCE --format="yaml(scheduledMaintenance,settings.maintenanceWindow)"',
    ],
    ['Is it meant to run at all? activationPolicy NEVER means that somebody stopped it.', commands.sqlInstance],
    'The instance is RUNNABLE, and whoever stopped it knows that it is watched.',
  ),
  read_only: runbook(
    'The server answers reads and refuses writes.',
    [
      'Is this a standby? `t` means that it is in recovery.',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select pg_is_in_recovery(), current_setting($$default_transaction_read_only$$)'`,
    ],
    ['Is the disk full? Cloud SQL then stops taking writes.', commands.sqlLog],
    ['Redis: MISCONF means that it could not save to disk.', 'redis-cli -h $HOST -p $PORT INFO persistence'],
    'A write by the application succeeds.',
  ),
  not_primary: runbook(
    'The node that answered is a replica, or does not hold the slot.',
    ['What does the node say of itself?', 'redis-cli -h $HOST -p $PORT INFO replication'],
    ["Was there a fail-over? Clients must use the primary's address.", commands.redisInstance],
    ['Does the name lead to the old primary?', 'dig +short $HOST'],
    'The role on the node is `master`, and the clients write to it.',
  ),
  database_missing: runbook(
    'The server is up and has no database of this name.',
    ['Which databases are there?', 'gcloud sql databases list --instance=$INSTANCE'],
    ['Is it the right instance? Compare the address with the configuration.', commands.sqlInstance],
    ['Was it dropped or restored under another name?', commands.sqlOperations],
    "The application's own start-up succeeds as well: its tables are there.",
  ),
  replication_lagging: runbook(
    'The replica is behind its primary: readers see old data, and a fail-over would lose some.',
    [
      'How far is it behind, and does it catch up?',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select now() - pg_last_xact_replay_timestamp()'`,
    ],
    [
      'Does a long query on the replica hold replay back?',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select pid, now() - xact_start, query from pg_stat_activity order by 2 desc nulls last limit 5'`,
    ],
    ['Does the primary write more than usual, or is the link down?', commands.sqlLog],
    'The lag on the dashboard falls to seconds.',
  ),
};
