/** Which failure can be the consequence of which: by how far a target came before it failed, and by what its dependency lacks. */
import { domainOf, type Reason } from '../reasons';
import type { Phase } from '../result';
import type { Node } from './graph';
import type { Step } from './leads';
import type { Seen } from './scene';

/** How far a target came: not to the host, to it and no further, to its certificate, to the login, or to the service. */
export type Depth = 'reach' | 'handshake' | 'certificate' | 'login' | 'service';

const reach: ReadonlySet<Reason> = new Set(['dns_not_found', 'dns_unavailable', 'connect_refused', 'connect_timeout', 'unreachable']);
const login: ReadonlySet<Reason> = new Set(['credentials_rejected', 'permission_denied']);

export function depthOf(reason: Reason): Depth {
  if (reach.has(reason)) return 'reach';
  if (domainOf(reason) === 'certificate') return 'certificate';
  return login.has(reason) ? 'login' : 'service';
}

const beforeService: ReadonlySet<Phase> = new Set(['dns', 'connect', 'tls']);

/** @returns the same of a target: what fails before the service was asked anything does not come from what the service needs. */
export function depthIn({ reason, observation: { phase } }: Seen): Depth {
  const depth = depthOf(reason);
  return depth === 'service' && phase && beforeService.has(phase) ? 'handshake' : depth;
}

/** Faults that are none yet for whoever uses the thing: it still works, but it is late, old or about to end. */
const harmless: ReadonlySet<Reason> = new Set([
  'certificate_expiring',
  'secret_stale',
  'secret_expiring',
  'too_slow',
  'replication_lagging',
]);

/** @returns whether a failure for this reason can make others fail. */
export function canHarm(reason: Reason): boolean {
  return !harmless.has(reason);
}

/** Settings of a resource without which others do not reach it, or it does not reach others; by the subject of the finding. */
const vital: ReadonlySet<string> = new Set([
  'network',
  'ipCidrRange',
  'privateNetwork',
  'connector',
  'egress',
  'host',
  'port',
  'transitEncryptionMode',
  'authEnabled',
]);

/** Logs and jobs show what went wrong elsewhere. */
export const isEcho = ({ resource }: Node): boolean => resource?.type === 'logs' || resource?.type === 'schedulerJob';

/** @returns whether what a target lacks can make others fail. A wrong setting can where it is known to be a vital one. */
export function breaksOthers({ node, reason, observation }: Seen): boolean {
  if (isEcho(node)) return false;
  const failed = (observation.findings ?? []).filter(({ outcome }) => outcome === 'failure');
  const harms = (each: Reason, subject?: string): boolean =>
    // All that is asked of a cache's settings is how it is reached.
    each === 'resource_misconfigured'
      ? subject === undefined
        ? node.resource?.type === 'memorystore'
        : vital.has(subject)
      : canHarm(each);
  if (failed.length === 0) return harms(reason);
  // Of several failures without a reason of their own that of the target is of one: what the others lack may well harm.
  const isOwn = failed.length === 1;
  return failed.some((finding) => (finding.reason || isOwn ? harms(finding.reason ?? reason, finding.subject) : true));
}

const shareHost = (one: Seen, other: Seen): boolean => one.node.hosts.some((host) => other.node.hosts.includes(host));

/** What can refuse a login, or hand out what is refused. */
const lettersIn: ReadonlySet<string> = new Set(['secrets', 'http', 'websocket', 'journey']);

/** @returns whether what is said of a target is read where it is kept: no service in between can be at fault. */
export function isFact({ node }: Seen): boolean {
  return node.kind === 'secrets' || node.kind === 'platform';
}

/** What needs nothing by a connector of its own: once it was reached, no connector is an excuse. */
export const servers: ReadonlySet<string> = new Set(['postgres', 'redis', 'tcp']);

const late: ReadonlySet<Reason> = new Set(['timeout', 'too_slow']);

/** What a connector can break: the way to a target inside, and what a service says that reaches by it what it needs. */
function canComeFromConnector(target: Seen, name: string, own: string | undefined): boolean {
  const isInside = target.node.way === 'vpc';
  const depth = depthIn(target);
  if (depth === 'reach') return isInside && isLost(target);
  // Whoever was reached by way of our own connector proves that it carries.
  return depth === 'service' && !servers.has(target.node.kind) && !(isInside && name === own);
}

/** @returns whether two targets are stuck at the same point of the same host. */
function areStuckAlike(target: Seen, needed: Seen): boolean {
  const other = depthIn(needed);
  // Where the phase of the other one is not known, its reason has to do.
  return (
    shareHost(target, needed) && (other === 'handshake' || other === 'reach' || (other === 'service' && needed.reason === target.reason))
  );
}

/** Settings of a cache to the reasons for which it turns away whoever is not set up as it is. */
const turnedAwayBy: Readonly<Record<string, ReadonlySet<Reason>>> = {
  authEnabled: new Set<Reason>(['credentials_rejected']),
  transitEncryptionMode: new Set<Reason>(['tls_handshake', 'tls_not_offered']),
};

/** @returns whether a cache that is set up in another way than its user turns that away; where nobody knows in which, any will do. */
function isRefusedBySettings({ reason }: Seen, { reason: why, observation }: Seen): boolean {
  const failed = (observation.findings ?? []).filter(({ outcome }) => outcome === 'failure');
  const isSettings = failed.length > 0 || why === 'resource_misconfigured';
  return (
    isSettings &&
    Object.entries(turnedAwayBy).some(
      ([setting, reasons]) => reasons.has(reason) && (failed.length === 0 || failed.some(({ subject }) => subject === setting)),
    )
  );
}

/**
 * @param connector name of the one by which we reach the VPC ourselves
 * @returns whether the failure of a target can come from the failure of one that it needs.
 */
export function canComeFrom(target: Seen, needed: Seen, connector?: string): boolean {
  // A resource may not be ready for want of another one, or of a secret.
  if (isFact(target) && !isEcho(target.node) && (target.node.kind === 'secrets' || !isFact(needed))) return false;
  // What is slow makes others late, and nothing else.
  if (isComparison(needed.node) && !failsInComparison(needed)) return false;
  if (needed.reason === 'too_slow' && target.outcome === 'failure') return late.has(target.reason);
  if (!breaksOthers(needed)) return false;
  if (isEcho(target.node) && target.outcome === 'failure') return true;
  if (target.outcome === 'unknown') return isUntold(target) && needed.node.kind === 'secrets';
  const { resource } = needed.node;
  // The direct way works: nothing but what lies in front of it takes headers away.
  if (target.reason === 'headers_stripped') return resource?.type === 'backendService';
  if (resource?.type === 'vpcConnector') return canComeFromConnector(target, resource.name, connector);
  const [own, other] = [depthIn(target), depthIn(needed)];
  if (resource?.type === 'memorystore' && isRefusedBySettings(target, needed)) return true;
  if (own === 'certificate') return resource?.type === 'certificate' || (other === 'certificate' && shareHost(target, needed));
  if (resource?.type === 'certificate') return false;
  if (own === 'handshake') return resource !== undefined || areStuckAlike(target, needed);
  if (own === 'reach') return resource !== undefined || (other === 'reach' && shareHost(target, needed));
  if (own === 'login') return other === 'login' || lettersIn.has(needed.node.kind) || resource?.type === 'cloudRun';
  return true;
}

/** @returns whether a target was not tried for want of a secret, or with one that is no good. */
export function isUntold({ outcome, reason }: Pick<Seen, 'outcome' | 'reason'>): boolean {
  return outcome === 'unknown' && (reason === 'secret_unavailable' || reason === 'config_invalid');
}

const lost: ReadonlySet<Reason> = new Set(['connect_timeout', 'unreachable', 'dns_unavailable']);

/** @returns whether nothing came back from where a target leads: a host that refuses was reached. */
export function isLost({ outcome, reason }: Pick<Seen, 'outcome' | 'reason'>): boolean {
  return outcome === 'failure' && lost.has(reason);
}

/** @returns whether an outcome proves that packets went there and back. */
export function wasReached(seen: Seen): boolean {
  return (
    seen.outcome !== 'unknown' && (seen.outcome !== 'failure' || depthOf(seen.reason) !== 'reach' || seen.reason === 'connect_refused')
  );
}

/** Where a target may have failed. */
export interface Places {
  readonly places: readonly Step[];
  /** False for a journey of which nobody knows the step that failed. */
  readonly isSure: boolean;
}

/** @returns where a target failed: a journey at those of its steps that did, or at any where that is not known. */
export function placesOf({ node, observation }: Seen): Places {
  const { steps, kind, endpoints } = node;
  if (steps === null) return { places: [{ speaks: kind, endpoints }], isSure: true };
  const failed = (observation.findings ?? []).flatMap(({ outcome, subject }) => (outcome === 'failure' ? (steps.get(subject) ?? []) : []));
  return failed.length > 0 ? { places: failed, isSure: true } : { places: [...steps.values()], isSure: false };
}

/** @returns whether a journey fails in what it compares, rather than at whom it asks. */
export function failsInComparison(seen: Seen): boolean {
  if (seen.node.steps === null || seen.outcome !== 'failure') return false;
  const { places, isSure } = placesOf(seen);
  return places.some(({ compares }) => compares) && (isSure || seen.reason === 'assertion_failed');
}

/** A journey that ends in a comparison is there for that: whoever needs it needs the answers to match, and not who is asked. */
const isComparison = ({ steps }: Node): boolean => [...(steps?.values() ?? [])].at(-1)?.compares === true;

/** @returns the endpoints at which a target failed, or may have. */
export function failedEndpoints(seen: Seen): readonly string[] {
  return [...new Set(placesOf(seen).places.flatMap(({ endpoints }) => endpoints))];
}
