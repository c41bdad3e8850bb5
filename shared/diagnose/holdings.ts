/** Who holds which secrets: a target itself, and the service behind it. */
import type { Node } from './graph';

/** What is known of secrets in more than one hand. */
export interface Holdings {
  /** Whether a target itself uses one of the secrets that a check looks after. */
  readonly uses: (user: Node, check: Node) => boolean;
  /** Whether a target, or the service behind it, is known to hold a credential of another target. */
  readonly shares: (user: Node, other: Node) => boolean;
}

/**
 * A target that needs a check of secrets, and uses none of them, needs it for the service behind it. What one page of a service shows
 * goes for all that is spoken with at the same endpoint.
 */
export function holdingsOf(nodes: ReadonlyMap<string, Node>): Holdings {
  const checkedBy = new Map<string, Set<string>>();
  const looksAfter = new Map<string, ReadonlySet<string>>();
  for (const { name, kind, checks } of nodes.values()) {
    if (kind !== 'secrets') continue;
    looksAfter.set(name, new Set(checks));
    for (const secret of checks) checkedBy.set(secret, (checkedBy.get(secret) ?? new Set()).add(name));
  }
  const uses = (user: Node, check: Node): boolean => user.secrets.some((secret) => looksAfter.get(check.name)?.has(secret) === true);
  const placesOf = ({ name, endpoints }: Node): readonly string[] => (endpoints.length > 0 ? endpoints : [name]);
  const heldAt = new Map<string, Set<string>>();
  for (const node of nodes.values())
    for (const need of node.needs) {
      const check = nodes.get(need);
      if (check?.kind !== 'secrets' || uses(node, check)) continue;
      for (const place of placesOf(node)) heldAt.set(place, (heldAt.get(place) ?? new Set()).add(need));
    }
  const holds = (user: Node, secret: string): boolean =>
    user.secrets.includes(secret) ||
    placesOf(user).some((place) => {
      const held = heldAt.get(place);
      return held !== undefined && [...(checkedBy.get(secret) ?? [])].some((check) => held.has(check));
    });
  return { uses, shares: (user, other) => other.credentials.some((secret) => holds(user, secret)) };
}
