/** The network as a whole: the way into the VPC, and the way out of it. */
import { namesOf, reasonsOf, share, told, type Claim, type Pattern } from '../claim';
import type { Node } from '../graph';
import { breaksOthers, isLost, wasReached } from '../rules';
import { commonReason, works, type Seen } from '../scene';
import { definitive, fewestHosts, hostsOf, places } from './places';

/** From so many places on, not all of which need be lost, the way to them is suspected. */
const fewestPlaces = 4;
const mostOfThem = 0.8;

/** What answered although the private targets do not. */
function answering(outside: readonly Seen[], all: readonly Seen[]): { readonly sentences: readonly string[]; readonly reached: number } {
  const reached = outside.filter(wasReached).length;
  const control = all.filter(({ node }) => node.way === 'none');
  const sentences = [
    outside.length > 0
      ? `${share(reached, outside.length, 'public target')} ${outside.length === 1 ? 'answers' : 'answer'}`
      : 'no public target was seen to compare with',
    ...(control.length > 0 ? [`Google's APIs answer: ${control.length} of their checks could be told`] : []),
  ];
  return { sentences, reached };
}

/** Those that lie inside; where nothing does, all that are reached by way of the VPC. */
function privateOf(all: readonly Seen[]): readonly Seen[] {
  const through = all.filter(({ node }) => node.way === 'vpc');
  const inside = through.filter(({ node }) => !node.isPublic);
  return inside.length > 0 ? inside : through;
}

const publicOf = (all: readonly Seen[]): readonly Seen[] => all.filter(({ node }) => node.isPublic);

const isOurConnector = ({ resource }: Node, connector: string | undefined): boolean =>
  resource?.type === 'vpcConnector' && connector !== undefined && resource.name === connector;

/** The connector, or what lies behind it: firewall, routes, peering. */
export const network: Pattern = (scene, free) => {
  const { graph } = scene;
  const all = definitive(scene);
  const checks = all.filter(({ node }) => isOurConnector(node, graph.connector));
  const faulty = checks.filter(({ outcome }) => outcome === 'failure');
  const through = privateOf(all);
  const lost = through.filter((seen) => isLost(seen));
  // Where names alone fail, and nothing else says so, it is the resolver.
  const isResolver = !faulty.some(breaksOthers) && lost.every(({ reason }) => reason === 'dns_unavailable');
  const outside = publicOf(all).filter((seen) => !through.includes(seen));
  const compared = answering(outside, all);
  const isAll = lost.length === through.length;
  const isMost = places(lost) >= fewestPlaces && lost.length >= mostOfThem * through.length;
  const isPattern = !isResolver && ((isAll && places(lost) >= 2) || isMost);
  // A setting that need not matter does where nothing gets through.
  const broken = faulty.filter((seen) => isPattern || breaksOthers(seen));
  if (broken.length === 0 && !isPattern) return [];

  const nothing = outside.length > 0 && compared.reached === 0;
  // With the egress setting `all` the public targets are reached by the same way.
  const isOneWay = outside.every(({ node }) => node.way === 'vpc');
  const isNetwork = nothing && !isOneWay && broken.length === 0;
  const alsoLost = isOneWay || isNetwork ? outside.filter((seen) => nothing && isLost(seen)) : [];
  const way = graph.connector === undefined ? 'the network of the VPC' : `the VPC connector ${graph.connector}`;
  const isCompared = compared.reached > 0;
  const claim: Claim = {
    cause: isNetwork ? 'network' : graph.connector === undefined ? 'vpc-network' : 'vpc-connector',
    title: isNetwork ? 'Nothing can be reached, neither private nor public' : titleOf(way, broken, isAll),
    owner: 'infrastructure',
    reason: broken[0]?.reason ?? commonReason(lost) ?? 'connect_timeout',
    confidence: broken.length > 0 || (isAll && isCompared) ? 'high' : isAll || isCompared ? 'medium' : 'low',
    evidence: [
      ...broken.map(told),
      ...(lost.length > 0 ? [`${share(lost.length, through.length, 'private target')} can't be reached (${reasonsOf(lost)})`] : []),
      ...compared.sentences,
      ...checks
        .filter((seen) => works(seen))
        .map(({ node }) => `${node.name}: the connector itself is well; look at firewall, routes and peering`),
    ],
    own: namesOf(broken),
    claims: namesOf([...lost, ...alsoLost].filter(free)),
  };
  return [claim];
};

function titleOf(way: string, broken: readonly Seen[], isAll: boolean): string {
  if (broken.length > 0) return `${way.charAt(0).toUpperCase()}${way.slice(1)} is not as it should be`;
  return isAll ? `Nothing gets through ${way}` : `Most does not get through ${way}`;
}

/** The way out to what is public, or the way in to all of it: NAT, routes, firewall, the address of a load balancer. */
export const internet: Pattern = (scene, free) => {
  const all = definitive(scene);
  const outside = publicOf(all);
  const lost = outside.filter((seen) => isLost(seen));
  const isAll = lost.length === outside.length;
  const isMost = hostsOf(lost) > fewestHosts && lost.length >= mostOfThem * outside.length;
  if (hostsOf(lost) < fewestHosts || !(isAll || isMost) || lost.every(({ reason }) => reason === 'dns_unavailable')) return [];
  // A load balancer that is known to be broken is the narrower reason.
  if (scene.failing.some((seen) => seen.node.resource?.type === 'backendService' && breaksOthers(seen))) return [];
  const claims = namesOf(lost.filter(free));
  if (claims.length === 0) return [];
  const inside = all.filter(({ node }) => node.way === 'vpc' && !node.isPublic);
  const reached = inside.filter(wasReached).length;
  return [
    {
      cause: 'internet',
      title: `${isAll ? 'No' : 'Hardly any'} public target can be reached`,
      owner: 'infrastructure',
      reason: commonReason(lost) ?? 'connect_timeout',
      confidence: isAll && reached > 0 ? 'high' : isAll || reached > 0 ? 'medium' : 'low',
      evidence: [
        `${share(lost.length, outside.length, 'public target')} on ${hostsOf(lost)} hosts can't be reached (${reasonsOf(lost)})`,
        inside.length > 0
          ? `${share(reached, inside.length, 'private target')} ${inside.length === 1 ? 'answers' : 'answer'}: look at the way out (NAT, routes, firewall) and at what stands in front of them all`
          : 'no private target was seen to compare with',
      ],
      own: [],
      claims,
    },
  ];
};
