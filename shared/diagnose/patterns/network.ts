/** The network as a whole: the way into the VPC, and the resolver. */
import { list, namesOf, share, told, type Claim, type Pattern } from '../claim';
import type { Node } from '../graph';
import { hasName } from '../leads';
import { breaksOthers, depthOf, isLost, wasReached } from '../rules';
import { commonReason, works, type Scene, type Seen } from '../scene';

/** From so many places on, not all of which need be lost, the way to them is suspected. */
const fewestPlaces = 4;
const mostOfThem = 0.8;

/** What tells two targets' places apart: a server that is down takes all targets on it along. */
const placeOf = ({ node }: Seen): string =>
  node.endpoints.length > 0 ? node.endpoints.join() : node.credentials.length > 0 ? `secret ${node.credentials.join()}` : node.name;

const places = (all: readonly Seen[]): number => new Set(all.map(placeOf)).size;

const definitive = ({ failing, working }: Scene): readonly Seen[] => [...failing, ...working];

/** What answered although the private targets do not. */
function answering(all: readonly Seen[]): {
  readonly sentences: readonly string[];
  readonly outside: readonly Seen[];
  readonly reached: number;
} {
  const outside = all.filter(({ node }) => node.way === 'outside');
  const reached = outside.filter(wasReached).length;
  const control = all.filter(({ node }) => node.way === 'none');
  const sentences = [
    outside.length > 0
      ? `${share(reached, outside.length, 'public target')} ${outside.length === 1 ? 'answers' : 'answer'}`
      : 'no public target was seen to compare with',
    ...(control.length > 0 ? [`Google's APIs answer: ${control.length} of their checks could be told`] : []),
  ];
  return { sentences, outside, reached };
}

const isOurConnector = ({ resource }: Node, connector: string | undefined): boolean =>
  resource?.type === 'vpcConnector' && connector !== undefined && resource.name === connector;

/** The connector, or what lies behind it: firewall, routes, peering. */
export const network: Pattern = (scene, free) => {
  const { graph } = scene;
  const all = definitive(scene);
  const checks = all.filter(({ node }) => isOurConnector(node, graph.connector));
  const faulty = checks.filter(({ outcome }) => outcome === 'failure');
  const through = all.filter(({ node }) => node.way === 'vpc');
  const lost = through.filter((seen) => isLost(seen));
  // Where names alone fail, and nothing else says so, it is the resolver.
  const isResolver = !faulty.some(breaksOthers) && lost.every(({ reason }) => reason === 'dns_unavailable');
  const compared = answering(all);
  const isAll = lost.length === through.length;
  const isMost = places(lost) >= fewestPlaces && lost.length >= mostOfThem * through.length;
  const isPattern = !isResolver && ((isAll && places(lost) >= 2) || isMost);
  // A setting that need not matter does where nothing gets through.
  const broken = faulty.filter((seen) => isPattern || breaksOthers(seen));
  if (broken.length === 0 && !isPattern) return [];

  const nothing = broken.length === 0 && compared.outside.length > 0 && compared.reached === 0;
  const claimed = [...lost, ...(nothing ? compared.outside.filter((seen) => isLost(seen)) : [])].filter(free);
  const way = graph.connector === undefined ? 'the network of the VPC' : `the VPC connector ${graph.connector}`;
  const claim: Claim = {
    cause: nothing ? 'network' : graph.connector === undefined ? 'vpc-network' : 'vpc-connector',
    title: nothing ? 'Nothing can be reached, neither private nor public' : titleOf(way, broken, isAll),
    owner: 'infrastructure',
    reason: broken[0]?.reason ?? commonReason(lost) ?? 'connect_timeout',
    confidence:
      broken.length > 0 || (isAll && compared.reached > 0 && !nothing) ? 'high' : isAll || compared.reached > 0 ? 'medium' : 'low',
    evidence: [
      ...broken.map(told),
      ...(lost.length > 0 ? [`${share(lost.length, through.length, 'private target')} can't be reached (${reasonsOf(lost)})`] : []),
      ...compared.sentences,
      ...checks
        .filter((seen) => works(seen))
        .map(({ node }) => `${node.name}: the connector itself is well; look at firewall, routes and peering`),
    ],
    own: namesOf(broken),
    claims: namesOf(claimed),
  };
  return [claim];
};

function titleOf(way: string, broken: readonly Seen[], isAll: boolean): string {
  if (broken.length > 0) return `${way.charAt(0).toUpperCase()}${way.slice(1)} is not as it should be`;
  return isAll ? `Nothing gets through ${way}` : `Most does not get through ${way}`;
}

function reasonsOf(all: readonly Seen[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of all) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}

const isDns = ({ node, outcome, reason }: Seen): boolean =>
  node.way !== 'none' && outcome === 'failure' && (reason === 'dns_unavailable' || reason === 'dns_not_found');

/** The resolver: no name can be looked up any more, or no private one. */
export const resolver: Pattern = (scene, free) => {
  const asked = definitive(scene).filter((seen) => (isDns(seen) ? free(seen) : hasName(seen.node.hosts)));
  const inside = asked.filter(({ node }) => node.way === 'vpc');
  const groups = [asked, inside].filter((group) => places(group) >= 2 && group.every(isDns));
  const [lost] = groups;
  if (lost === undefined) return [];
  const others = asked.filter((seen) => !isDns(seen));
  const addresses = definitive(scene).filter(
    (seen) => !hasName(seen.node.hosts) && seen.node.endpoints.length > 0 && depthOf(seen.reason) !== 'reach',
  );
  const what = others.length > 0 ? 'private name' : 'name';
  return [
    {
      cause: 'dns',
      title: `No ${what} can be looked up`,
      owner: 'infrastructure',
      reason: commonReason(lost) ?? 'dns_unavailable',
      confidence: others.length > 0 || addresses.length > 0 ? 'high' : 'medium',
      evidence: [
        `${lost.length} of ${lost.length} targets with a ${what} fail in dns: ${list(namesOf(lost))}`,
        ...(others.length > 0
          ? [`${others.length} others with a name were looked up: look at the private zone and at Cloud DNS in the VPC`]
          : []),
        ...(addresses.length > 0 ? [`${addresses.length} at literal addresses can be reached`] : []),
      ],
      own: [],
      claims: namesOf(lost),
    },
  ];
};
