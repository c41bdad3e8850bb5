/** Which reasons a failure may have, given the kinds of the targets: a notification names no others, and no owner without any is told. */
import { domainOf, isMonitors, ownerOf, reasons, type Owner, type Reason } from '../../shared/reasons';
import type { PlanContext } from '../plan/plan';

/** What is met most often comes first, for where there is no room for all. */
const commonest: readonly Reason[] = [
  'connect_timeout',
  'connect_refused',
  'timeout',
  'bad_gateway',
  'unexpected_status',
  'assertion_failed',
  'credentials_rejected',
  'too_many_connections',
  'dns_unavailable',
  'unreachable',
  'resource_not_ready',
  'unexpected_close',
  'connection_reset',
  'upgrade_rejected',
  'overloaded',
  'certificate_expired',
  'certificate_untrusted',
  'resource_misconfigured',
  'out_of_memory',
  'starting_up',
];

/** Reasons that only some kinds give; every other may come from any kind. */
const onlyOf: Partial<Record<Reason, readonly string[]>> = {
  bad_gateway: ['http', 'websocket', 'journey'],
  headers_stripped: ['http', 'websocket', 'journey'],
  upgrade_rejected: ['websocket', 'journey'],
  unexpected_status: ['http', 'websocket', 'journey'],
  body_too_large: ['http', 'journey', 'websocket'],
  query_failed: ['postgres'],
  database_missing: ['postgres'],
  read_only: ['postgres', 'redis'],
  not_primary: ['redis'],
  replication_lagging: ['postgres', 'redis'],
  resource_missing: ['platform'],
  resource_not_ready: ['platform'],
  resource_misconfigured: ['platform'],
};

function givenBy(reason: Reason, kinds: readonly string[]): boolean {
  if (domainOf(reason) === 'secret') return kinds.includes('secrets');
  // A secret is read and judged, and nothing is dialled: what is not its own fault is the monitor's.
  const dialled = isMonitors(reason) ? kinds : kinds.filter((kind) => kind !== 'secrets');
  return (onlyOf[reason] ?? dialled).some((kind) => dialled.includes(kind));
}

/** @returns the reasons of the owner that these kinds may give, the commonest first. */
export function reasonsOf({ kinds }: PlanContext, owner: Owner, used: readonly string[]): readonly Reason[] {
  const services = new Set(used.map((name) => kinds.find((kind) => kind.name === name)?.serviceOwner ?? 'application'));
  const rank = (reason: Reason): number => (commonest.indexOf(reason) + commonest.length + 1) % (commonest.length + 1);
  return (Object.keys(reasons) as Reason[])
    .filter((reason) => [...services].some((service) => ownerOf(reason, service) === owner) && givenBy(reason, used))
    .toSorted((a, b) => rank(a) - rank(b));
}
