/** Secrets: those that are missing or no good, and those that nobody accepts any more. */
import type { Reason } from '../../reasons';
import type { Outcome } from '../../result';
import { list, namesOf, share, told, type Claim, type Pattern } from '../claim';
import { secretName } from '../leads';
import { canHarm, depthOf, isUntold } from '../rules';
import { compareTexts, works, type Scene, type Seen } from '../scene';
import { seenAt } from './secret-facts';

/** Breaches that leave the value usable. */
const harmless: ReadonlySet<Reason> = new Set(['secret_stale', 'secret_expiring', 'secret_denied']);

/** What a check says of one secret. */
interface Breach {
  readonly check: Seen;
  readonly message: string;
  /** Absent where nothing tells it. */
  readonly reason?: Reason;
}

/** What the checks of the secrets say, by the name of the secret. */
function breachesIn({ failing, graph }: Scene): ReadonlyMap<string, readonly Breach[]> {
  const found = new Map<string, Breach[]>();
  for (const check of failing.filter(({ node }) => node.kind === 'secrets')) {
    const broken = (check.observation.findings ?? []).filter(({ outcome }) => outcome === 'failure');
    for (const { subject, message, reason: own } of broken) {
      const name = secretName(subject, graph.project);
      // Of several broken secrets the reason of the check is that of one, and nobody knows of which.
      const reason = own ?? (broken.length === 1 ? check.reason : undefined);
      const breach = { check, message, ...(reason === undefined ? {} : { reason }) };
      found.set(name, [...(found.get(name) ?? []), breach]);
    }
  }
  return found;
}

type Users = ReadonlyMap<string, readonly Seen[]>;

function usersOf(all: Iterable<Seen>, which: 'secrets' | 'credentials'): Users {
  const users = new Map<string, Seen[]>();
  for (const seen of all)
    for (const name of seen.node[which]) {
      const others = users.get(name);
      if (others) others.push(seen);
      else users.set(name, [seen]);
    }
  return users;
}

/** A certificate or an authority that is no good shows as a certificate that can't be trusted. */
function suffersFrom(seen: Seen, reason: Reason | undefined): boolean {
  const isHarmless = reason !== undefined && harmless.has(reason);
  if (isUntold(seen)) return !isHarmless;
  if (seen.outcome !== 'failure') return false;
  // A resource that is compared with what the secret says.
  if (seen.reason === 'resource_misconfigured') return !isHarmless;
  const depth = depthOf(seen.reason);
  if (reason === 'secret_expiring') return depth === 'certificate';
  return !isHarmless && (depth === 'login' || (depth === 'certificate' && seen.reason === 'certificate_untrusted'));
}

/** What is said of a secret of which nothing tells which rule it breaks: the same as of every rule that has no reason of its own. */
const anyRule: Reason = 'secret_malformed';

/** Secrets that are missing, disabled, malformed…, and whoever needs them. */
export const brokenSecrets: Pattern = (scene, free) => {
  const users = usersOf(scene.seen.values(), 'secrets');
  return [...breachesIn(scene)]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([name, breaches]): Claim => {
      const reason = breaches.find((breach) => breach.reason !== undefined)?.reason;
      const victims = (users.get(name) ?? []).filter((user) => user.node.kind !== 'secrets' && free(user) && suffersFrom(user, reason));
      const said = breaches.map(({ check, message }) =>
        message === '' ? `${check.node.name} finds ${reason ?? 'that it breaks a rule'}` : message,
      );
      return {
        cause: `secret/${name}`,
        secret: name,
        title: `The secret ${name} ${reason ? `is no good: ${reason.replace('secret_', '').replaceAll('_', ' ')}` : 'breaks a rule'}`,
        owner: 'operator',
        reason: reason ?? anyRule,
        confidence: 'high',
        isHarmless: reason !== undefined && !canHarm(reason),
        evidence: [
          ...new Set(said),
          ...(victims.length > 0
            ? [
                `${victims.length} that ${victims.length === 1 ? 'needs it fails' : 'need it fail'} or can't be told: ${list(namesOf(victims))}`,
              ]
            : []),
        ],
        own: [...new Set(breaches.map(({ check }) => check.node.name))].toSorted(compareTexts),
        claims: namesOf(victims),
      };
    });
};

/** @returns whether a secret was found to be good since its user could last read it. */
function goodSecrets(scene: Scene): (name: string, user: Seen) => boolean {
  const found = new Map<string, Seen[]>();
  const checks = [...scene.working, ...scene.failing].filter(({ node }) => node.kind === 'secrets');
  for (const check of checks) {
    const findings = check.observation.findings ?? [];
    const well = new Set(findings.flatMap(({ outcome, subject }) => (isWell(outcome) ? [secretName(subject, scene.graph.project)] : [])));
    for (const name of works(check) ? check.node.checks : well) found.set(name, [...(found.get(name) ?? []), check]);
  }
  return (name, user) =>
    (found.get(name) ?? []).some((check) => {
      const checkedAt = seenAt(check, scene);
      const workedAt = Date.parse(scene.lastSuccesses.get(user.node.name)?.at ?? '');
      // A user that read it after the check proves that it was lost only then.
      return checkedAt === undefined || !(workedAt >= checkedAt);
    });
}

const isWell = (outcome: Outcome): boolean => outcome === 'success' || outcome === 'degraded';

/** Nothing looked after the secret, or not lately: its users can't be tried. */
export const unreadableSecrets: Pattern = (scene, free) => {
  const isGood = goodSecrets(scene);
  const untold = scene.unknown.filter((seen) => seen.reason === 'secret_unavailable' && free(seen));
  const proven = new Set([...scene.working, ...scene.failing].flatMap(({ node }) => (node.kind === 'secrets' ? [] : node.secrets)));
  const candidates = [...usersOf(untold, 'secrets')].flatMap(([name, users]) => {
    const lacking = proven.has(name) ? [] : users.filter((user) => !isGood(name, user));
    return lacking.length > 0 ? [{ name, users: lacking }] : [];
  });
  const open = new Set(untold);
  const named = candidates
    .toSorted((a, b) => b.users.length - a.users.length || compareTexts(a.name, b.name))
    .flatMap(({ name, users }) => {
      const victims = users.filter((user) => open.has(user));
      for (const victim of victims) open.delete(victim);
      return victims.length > 0 ? [{ name, users, victims }] : [];
    });
  // A check that fails, and does not tell which of its secrets is wrong.
  const vague = scene.failing.filter((seen) => seen.node.kind === 'secrets' && free(seen) && canHarm(seen.reason));
  return named.map(({ name, users, victims }): Claim => {
    const checks = vague.filter(({ node }) => node.checks.includes(name));
    // What a check says is said of one secret alone.
    const [sole] = checks.filter(({ node }) => named.filter((each) => node.checks.includes(each.name)).length === 1);
    const isSure = victims.some(({ node }) => node.secrets.length === 1);
    return {
      cause: `secret/${name}`,
      secret: name,
      title: `The secret ${name} can't be read`,
      owner: 'operator',
      reason: sole?.reason ?? 'secret_unavailable',
      confidence: isSure ? 'medium' : 'low',
      evidence: [
        ...checks.map(told),
        `${share(victims.length, users.length, 'target')} that ${users.length === 1 ? 'needs' : 'need'} it could not be tried: ${list(namesOf(victims))}`,
      ],
      own: namesOf(checks),
      claims: namesOf(victims),
    };
  });
};
