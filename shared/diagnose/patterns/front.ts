/** What stands in front of a service: its certificate, and the load balancer. */
import { groupBy } from '../../group';
import type { Reason } from '../../reasons';
import { list, namesOf, told, type Claim, type Pattern } from '../claim';
import { hostOf } from '../leads';
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

/**
 * These are facts of the certificate; whoever still worked was there before. In any other case, where some are content with the
 * certificate, it is the target that asks for another one.
 */
const ofTime: ReadonlySet<Reason> = new Set(['certificate_expired', 'certificate_not_yet_valid', 'certificate_expiring']);

/** @returns the failed by where they failed; whoever may have failed at several places is laid to the one that most others share. */
function byPlace(all: readonly Seen[], placesOf: (seen: Seen) => readonly string[]): readonly (readonly [string, readonly Seen[]])[] {
  const found = all.map((seen) => ({ seen, places: [...new Set(placesOf(seen))] }));
  const counts = new Map<string, number>();
  for (const { places } of found) for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  const likeliest = ({ places }: (typeof found)[number]): string | undefined =>
    places.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || compareTexts(a, b))[0];
  return [...groupBy(found, likeliest)]
    .flatMap(([place, members]) => (place === undefined ? [] : [[place, members.map(({ seen }) => seen)] as const]))
    .toSorted(([a], [b]) => compareTexts(a, b));
}

/** Several ports of a host may show several certificates; the usual one goes without saying. */
const holderOf = (endpoint: string): string => endpoint.replace(/:443$/, '');

/** A bad certificate: all targets that it is shown to fail, those of its other hosts as well. */
export const certificates: Pattern = (scene, free) => {
  const works = workingEndpoints(scene);
  const ended = new Set(scene.failing.filter(({ reason }) => ofTime.has(reason)).flatMap(failedEndpoints));
  const victimsOfAny = scene.failing.filter((seen) => ofCertificates.has(seen.reason) && free(seen));
  const holders = byPlace(victimsOfAny, (seen) =>
    failedEndpoints(seen)
      .filter((end) => ended.has(end) || !works.has(end))
      .map(holderOf),
  );
  const checks = new Map<string, Seen>();
  for (const check of scene.failing.filter((seen) => seen.node.resource?.type === 'certificate' && breaksOthers(seen)))
    for (const domain of check.node.resource?.domains ?? []) if (!checks.has(domain)) checks.set(domain, check);
  // A wildcard stands for one label (RFC 9525, 6.3).
  const checkOf = (host: string): Seen | undefined => checks.get(host) ?? checks.get(`*${host.slice(host.indexOf('.'))}`);
  const groups = groupBy(holders, ([holder]) => checkOf(holder)?.node.resource?.name ?? holder);
  return [...groups].map(([name, entries]): Claim => {
    const [first = ''] = entries.map(([holder]) => holder);
    const check = checkOf(first);
    const victims = [...new Set(entries.flatMap(([, seen]) => seen))];
    const reason = commonReason(victims) ?? 'certificate_untrusted';
    const spelled = reason.replace('certificate_', '').replaceAll('_', ' ');
    const shown = entries.map(([holder]) => holder);
    return {
      cause: `certificate/${name}`,
      title: `The certificate of ${list(shown)} is no good: ${spelled}`,
      owner: 'infrastructure',
      reason,
      confidence: check || victims.length > 1 ? 'high' : 'medium',
      evidence: [
        ...(check ? [told(check)] : []),
        `${victims.length} ${victims.length === 1 ? 'fails' : 'fail'} with ${reason}: ${list(namesOf(victims))}`,
      ],
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
  return byPlace(victims, (seen) =>
    failedEndpoints(seen)
      .filter((end) => stripped.has(end) || isSuspect(end))
      .map(hostOf),
  ).flatMap(([host, found]): readonly Claim[] => {
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
