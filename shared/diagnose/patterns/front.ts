/** What stands in front of a service: its certificate, and the load balancer. */
import { groupBy } from '../../group';
import type { Reason } from '../../reasons';
import { list, namesOf, told, type Claim, type Pattern } from '../claim';
import { hostOf } from '../leads';
import { isDomainOf } from '../resources';
import { breaksOthers, depthOf, failedEndpoints } from '../rules';
import { commonReason, compareTexts, type Scene, type Seen } from '../scene';

/** What a certificate itself can lack; a failed handshake, or none at all, is the server's. */
const ofCertificates: ReadonlySet<Reason> = new Set([
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_untrusted',
  'certificate_name_mismatch',
  'certificate_expiring',
]);

const byHost = (all: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> => {
  const pairs = all.flatMap((seen) => [...new Set(failedEndpoints(seen).map(hostOf))].map((host) => [host, seen] as const));
  const groups = groupBy(pairs, ([host]) => host);
  return new Map([...groups].toSorted(([a], [b]) => compareTexts(a, b)).map(([host, found]) => [host, found.map(([, seen]) => seen)]));
};

/** A bad certificate: all targets of its host fail, and those of its other hosts. */
export const certificates: Pattern = (scene, free) => {
  const hosts = byHost(scene.failing.filter((seen) => ofCertificates.has(seen.reason) && free(seen)));
  const checks = scene.failing.filter((seen) => seen.node.resource?.type === 'certificate' && breaksOthers(seen));
  const checkOf = (host: string): Seen | undefined =>
    checks.find(({ node }) => node.resource?.domains.some((domain) => isDomainOf(domain, host)));
  const groups = groupBy(hosts, ([host]) => checkOf(host)?.node.resource?.name ?? host);
  return [...groups].map(([name, entries]): Claim => {
    const [first = ''] = entries.map(([host]) => host);
    const check = checkOf(first);
    const victims = [...new Set(entries.flatMap(([, seen]) => seen))];
    const reason = commonReason(victims) ?? 'certificate_untrusted';
    const spelled = reason.replace('certificate_', '').replaceAll('_', ' ');
    const shown = entries.map(([host]) => host);
    return {
      cause: `certificate/${name}`,
      title: `The certificate of ${list(shown)} is no good: ${spelled}`,
      owner: 'infrastructure',
      reason,
      confidence: check || victims.length > 1 ? 'high' : 'medium',
      evidence: [...(check ? [told(check)] : []), `${victims.length} fail with ${reason}: ${list(namesOf(victims))}`],
      own: check ? [check.node.name] : [],
      claims: namesOf(victims),
    };
  });
};

/** What the way through a load balancer may end in where the service itself is well. */
const inFront: ReadonlySet<Reason> = new Set([
  'connect_refused',
  'connect_timeout',
  'unreachable',
  'connection_reset',
  'tls_handshake',
  'tls_not_offered',
  'bad_gateway',
  'overloaded',
  'timeout',
  'unexpected_status',
  'upgrade_rejected',
]);

/** Endpoints where something works. */
const workingEndpoints = ({ working }: Scene): ReadonlySet<string> => new Set(working.flatMap(({ node }) => node.endpoints));

/** The load balancer: the service is well when it is called without it. */
export const loadBalancers: Pattern = (scene, free) => {
  const works = workingEndpoints(scene);
  const stripped = new Set(scene.failing.filter(({ reason }) => reason === 'headers_stripped').flatMap(({ node }) => node.endpoints));
  const direct = new Map<string, Set<string>>();
  for (const { node } of scene.seen.values())
    for (const end of node.endpoints) for (const other of node.direct) direct.set(end, (direct.get(end) ?? new Set()).add(other));
  const isSuspect = (end: string): boolean => !works.has(end) && [...(direct.get(end) ?? [])].some((other) => works.has(other));
  const victims = scene.failing.filter((seen) => {
    const ends = failedEndpoints(seen);
    if (seen.reason === 'headers_stripped') return free(seen);
    if (depthOf(seen.reason) === 'login') return free(seen) && ends.some((end) => stripped.has(end));
    return inFront.has(seen.reason) && free(seen) && ends.some(isSuspect);
  });
  return [...byHost(victims)].flatMap(([host, found]): readonly Claim[] => {
    const ends = found.flatMap(failedEndpoints).filter((end) => hostOf(end) === host);
    const lacking = found.filter(({ reason }) => reason === 'headers_stripped');
    const way = ends.flatMap((end) => [...(direct.get(end) ?? [])].filter((other) => works.has(other)));
    if (lacking.length === 0 && way.length === 0) return [];
    return [
      {
        cause: `load-balancer/${host}`,
        title: `The load balancer of ${host} fails, the service behind it does not`,
        owner: 'infrastructure',
        reason: lacking[0]?.reason ?? commonReason(found) ?? 'bad_gateway',
        confidence: 'high',
        evidence: [
          ...lacking.map(told),
          ...(way.length > 0 ? [`called directly, ${list([...new Set(way)].toSorted(compareTexts))} works`] : []),
          `${found.length} by way of ${host} ${found.length === 1 ? 'fails' : 'fail'}: ${list(namesOf(found))}`,
        ],
        own: [],
        claims: namesOf(found),
      },
    ];
  });
};
