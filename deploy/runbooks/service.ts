/** Runbook of services: they answer, but not what they should. */
import { commands, runbook } from './runbook';

export const service = {
  unexpected_status: runbook(
    'The service answered, with another status than it should.',
    ["What does the service's own log say at this minute?", commands.serviceLog],
    ['Did a new revision go out just before? Send traffic back to the last one.', commands.revisions],
    ['What does it answer? The body of a health endpoint often names the part that is down.', 'curl -sS -i --max-time 20 $URL'],
    'The expected status comes from each instance, ten times in a row.',
  ),
  unexpected_close: runbook(
    'The service closed the connection unasked. 1011 is an error inside it; 1006 means that it vanished.',
    ["What does the service's own log say at this second?", commands.serviceLog],
    [
      'Was the instance replaced, or did it reach its request timeout?',
      `${commands.service} --format="value(spec.template.spec.timeoutSeconds)"`,
    ],
    ["Does a proxy close idle connections? Look at the backend's timeout.", 'gcloud compute backend-services describe $BACKEND --global'],
    'The conversation reaches its end, and no further 1011 is in the log.',
  ),
  protocol_error: runbook(
    'Something answered, but not in the protocol that was expected.',
    ['What answers there? Read the first bytes.', 'curl -sS --max-time 5 telnet://$HOST:$PORT </dev/null | head -c 200 | xxd'],
    ['Is it TLS on a plain port, or plain on a TLS port?', commands.handshake],
    ['Does the name lead to another service since a change?', 'dig +short $HOST'],
    'The right server greets.',
  ),
  upgrade_rejected: runbook(
    'The server answered the WebSocket upgrade with something other than 101.',
    [
      'What does it answer without anything in between?',
      'curl -sS -i --http1.1 -H "Connection: Upgrade" -H "Upgrade: websocket" -H "Sec-WebSocket-Version: 13" -H "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==" $URL',
    ],
    ["What does the service's own log say? An error before the upgrade looks like this.", commands.serviceLog],
    [
      'Does the load balancer route this path to the right backend?',
      'gcloud compute url-maps describe $URL_MAP --format="yaml(pathMatchers)"',
    ],
    'The upgrade answers 101 through the load balancer and directly.',
  ),
  assertion_failed: runbook(
    'The service answered, but a condition of the configuration is not met. The message names it.',
    ['Which condition, and what was found? The log of the prober holds both.', commands.proberLog],
    ['Is what it reports true? A health body often names the dependency that is down.', 'curl -sS --max-time 20 $URL'],
    ['Did a release change the answer on purpose? Then the condition is out of date.', commands.revisions],
    'The condition holds; or it was changed in the configuration, with a reason.',
  ),
  timeout: runbook(
    'The service took the connection and then said nothing in time. It hangs rather than being down.',
    ['Is it busy or stuck? Compare CPU, instances and concurrency with an hour ago.', commands.service],
    ['What does it wait for? Look for its database, cache and upstreams among the failing targets.', commands.serviceLog],
    [
      'PostgreSQL: what is locked, and by whom?',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select pid, pg_blocking_pids(pid), wait_event_type, query from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0'`,
    ],
    'Latency on the dashboard is back where it was, not merely below the timeout.',
  ),
  too_slow: runbook(
    'The service works, but slower than the configuration allows.',
    ['Which phase grew? The dashboard stacks them: dns, connect, tls, then the service itself.', commands.proberLog],
    ['Is it cold starts? Look at minimum instances.', `${commands.service} --format="yaml(spec.template.metadata.annotations)"`],
    [
      'PostgreSQL: which queries take the time?',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select pid, now() - query_start, query from pg_stat_activity order by 2 desc nulls last limit 5'`,
    ],
    'The median on the dashboard is below the objective for a quarter of an hour.',
  ),
  query_failed: runbook(
    'The database is up and refused the query itself.',
    ['Run the query by hand; the error names the table or column.', `psql "host=$HOST port=$PORT dbname=$DATABASE" -c "$QUERY"`],
    ['Did a migration run just before?', commands.serviceLog],
    [
      'Is it the right database and search_path?',
      `psql "host=$HOST port=$PORT dbname=$DATABASE" -c 'select current_database(), current_schemas(true)'`,
    ],
    'The query answers by hand with the account of the probe.',
  ),
  body_too_large: runbook(
    'The answer is larger than the configuration allows, so it was not judged.',
    ['How large is it?', "curl -sS -o /dev/null -w '%{size_download}\\n' --max-time 20 $URL"],
    ['Does it list something that grows without end? That hurts its clients as well.', 'curl -sS --max-time 20 $URL | head -c 2000'],
    ['Is the limit too small for a good answer? Raise `maxBody`.', commands.check],
    'The answer is well below the limit.',
  ),
};
