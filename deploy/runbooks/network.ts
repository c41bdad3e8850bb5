/** Runbook of the network: names, routes, ports. */
import { commands, runbook } from './runbook';

export const network = {
  dns_not_found: runbook(
    'The resolver answered, and its answer is that the name does not exist.',
    ['Ask for the name from inside the VPC; compare it letter by letter with the configuration.', 'dig +noall +answer +comments $HOST'],
    [
      'Look for the record in the private zone; was it deleted or renamed?',
      'gcloud dns record-sets list --zone=$ZONE --filter="name:$HOST"',
    ],
    [
      'Check that the private zone is still attached to the VPC.',
      'gcloud dns managed-zones list --format="table(name,dnsName,visibility,privateVisibilityConfig.networks[].networkUrl.list())"',
    ],
    '`dig` shows the address that you expect, from inside the VPC.',
  ),
  dns_unavailable: runbook(
    'No resolver answered (EAI_AGAIN; Python and Redis clients print "error -3"). At a literal address it means that the network is gone.',
    ['Is the VPC connector READY? A dead one takes name resolution with it.', commands.connector],
    [
      'Does a DNS server policy forward names to a resolver that is down or out of reach?',
      'gcloud dns policies list --format="yaml(name,networks,alternativeNameServerConfig)"',
    ],
    ['Is something dropping UDP and TCP 53, or all egress?', commands.firewall],
    'The connector is READY and every target behind it succeeds, not this one alone.',
  ),
  connect_refused: runbook(
    'The host answered at once: nothing listens on this port. The network is fine; the process is not there.',
    ['Does the service run, or does it restart in a loop?', commands.service],
    ['Is it Cloud SQL or Redis? Look at its state and whether somebody stopped it.', commands.sqlInstance],
    ['Is it the right port? Compare the configuration with what the service listens on.', commands.port],
    '`nc` connects from inside the VPC.',
  ),
  connect_timeout: runbook(
    'Packets go out and nothing comes back: a firewall drops them, or there is no way to the host.',
    ['Is the VPC connector READY, and does it have instances?', commands.connector],
    ['Did a firewall rule change? Look for a deny of egress or a missing allow of ingress.', commands.firewall],
    ['Is the host up at all? Ask another port, and from another machine in the VPC.', commands.port],
    '`nc` connects from inside the VPC within a second.',
  ),
  unreachable: runbook(
    'There is no route to the address; or, for a unix socket, the socket is not there.',
    ['Is the VPC connector READY and in the right network?', commands.connector],
    ['Is the peering to the service still there, and are its routes imported?', 'gcloud compute networks peerings list --network=$NETWORK'],
    [
      'For /cloudsql/: is the instance attached to the function?',
      'gcloud run services describe synthetics-$ENVIRONMENT-$KIND --region=$REGION --format=yaml | grep cloudsql-instances',
    ],
    'Other targets in the same range succeed as well.',
  ),
  connection_reset: runbook(
    'The connection was made and then cut before the exchange was over.',
    ['Did the server restart or get killed at this time?', commands.serviceLog],
    ['Is it out of memory or connections? Look at its instances and limits.', commands.revisions],
    ["Does a proxy or load balancer in between give up first? Look at the balancer's log.", commands.balancerLog],
    'Ten calls in a row pass: a reset is often one instance of several.',
  ),
};
