/** The resolver: no name can be looked up any more, or no private one, or no public one. */
import { list, namesOf, type Pattern } from '../claim';
import { hasName } from '../leads';
import { depthOf } from '../rules';
import { commonReason, type Seen } from '../scene';
import { definitive, fewestHosts, hostsOf, places } from './places';

const isDns = ({ node, outcome, reason }: Seen): boolean =>
  node.way !== 'none' && outcome === 'failure' && (reason === 'dns_unavailable' || reason === 'dns_not_found');

/** Which names fail, and where to look. */
interface Sort {
  readonly what: string;
  readonly look: string;
  readonly found: readonly Seen[];
  readonly isEnough: boolean;
}

/** Public names are many owners': it takes more of them. */
function sortsOf(asked: readonly Seen[]): readonly Sort[] {
  const inside = asked.filter(({ node }) => node.way === 'vpc' && !node.isPublic);
  const outside = asked.filter(({ node }) => node.isPublic);
  return [
    { what: 'name', look: '', found: asked, isEnough: places(asked) >= 2 },
    { what: 'private name', look: 'look at the private zone and at Cloud DNS in the VPC', found: inside, isEnough: places(inside) >= 2 },
    {
      what: 'public name',
      look: 'look at the public zone and at its delegation',
      found: outside,
      isEnough: hostsOf(outside) >= fewestHosts,
    },
  ];
}

/** The resolver: all names fail that are looked up in one place. */
export const resolver: Pattern = (scene, free) => {
  const asked = definitive(scene).filter((seen) => (isDns(seen) ? free(seen) : hasName(seen.node.hosts)));
  const sort = sortsOf(asked).find(({ found, isEnough }) => isEnough && found.every(isDns));
  if (sort === undefined) return [];
  const { what, look, found: lost } = sort;
  const others = asked.filter((seen) => !isDns(seen));
  const addresses = definitive(scene).filter(
    (seen) => !hasName(seen.node.hosts) && seen.node.endpoints.length > 0 && depthOf(seen.reason) !== 'reach',
  );
  return [
    {
      cause: 'dns',
      title: `No ${what} can be looked up`,
      owner: 'infrastructure',
      reason: commonReason(lost) ?? 'dns_unavailable',
      confidence: others.length > 0 || addresses.length > 0 ? 'high' : 'medium',
      evidence: [
        `${lost.length} of ${lost.length} targets with a ${what} fail in dns: ${list(namesOf(lost))}`,
        ...(others.length > 0 ? [`${others.length} others with a name were looked up${look === '' ? '' : `: ${look}`}`] : []),
        ...(addresses.length > 0 ? [`${addresses.length} at literal addresses can be reached`] : []),
      ],
      own: [],
      claims: namesOf(lost),
    },
  ];
};
