/** Secrets: those that are missing or no good, and those that nobody accepts any more. */
import type { Reason } from '../../reasons';
import type { Finding } from '../../result';
import { list, namesOf, share, told, type Claim, type Pattern } from '../claim';
import { secretName } from '../leads';
import { canHarm, depthOf, isUntold } from '../rules';
import { compareTexts, type Scene, type Seen } from '../scene';

/** Breaches that leave the value usable. */
const harmless: ReadonlySet<Reason> = new Set(['secret_stale', 'secret_expiring', 'secret_denied']);

interface Breach {
  readonly check: Seen;
  readonly finding: Finding;
}

/** What the checks of the secrets say, by the name of the secret. */
function breachesIn({ failing, graph }: Scene): ReadonlyMap<string, readonly Breach[]> {
  const found = new Map<string, Breach[]>();
  for (const check of failing.filter(({ node }) => node.kind === 'secrets'))
    for (const finding of check.observation.findings ?? []) {
      if (finding.outcome !== 'failure') continue;
      const name = secretName(finding.subject, graph.project);
      const others = found.get(name);
      if (others) others.push({ check, finding });
      else found.set(name, [{ check, finding }]);
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
function suffersFrom(seen: Seen, reason: Reason): boolean {
  if (isUntold(seen)) return !harmless.has(reason);
  if (seen.outcome !== 'failure') return false;
  const depth = depthOf(seen.reason);
  if (reason === 'secret_expiring') return depth === 'certificate';
  return !harmless.has(reason) && (depth === 'login' || (depth === 'certificate' && seen.reason === 'certificate_untrusted'));
}

/** Secrets that are missing, disabled, malformed…, and whoever needs them. */
export const brokenSecrets: Pattern = (scene, free) => {
  const users = usersOf(scene.seen.values(), 'secrets');
  return [...breachesIn(scene)]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .flatMap(([name, breaches]): readonly Claim[] => {
      const [first] = breaches;
      if (!first) return [];
      const reason = first.finding.reason ?? first.check.reason;
      const victims = (users.get(name) ?? []).filter((user) => user.node.kind !== 'secrets' && free(user) && suffersFrom(user, reason));
      const said = first.finding.message === '' ? `${first.check.node.name} finds ${reason}` : first.finding.message;
      return [
        {
          cause: `secret/${name}`,
          title: `The secret ${name} is no good: ${reason.replace('secret_', '').replaceAll('_', ' ')}`,
          owner: 'operator',
          reason,
          confidence: 'high',
          isHarmless: !canHarm(reason),
          evidence: [
            said,
            ...(victims.length > 0 ? [`${victims.length} that need it fail or can't be told: ${list(namesOf(victims))}`] : []),
          ],
          own: [...new Set(breaches.map(({ check }) => check.node.name))].toSorted(compareTexts),
          claims: namesOf(victims),
        },
      ];
    });
};

/** Nothing looked after the secret, or not lately: its users can't be tried. */
export const unreadableSecrets: Pattern = (scene, free) => {
  const untold = scene.unknown.filter((seen) => seen.reason === 'secret_unavailable' && free(seen));
  const proven = new Set([...scene.working, ...scene.failing].flatMap(({ node }) => (node.kind === 'secrets' ? [] : node.secrets)));
  const candidates = usersOf(untold, 'secrets');
  const open = new Set(untold);
  const claims: Claim[] = [];
  // A check that fails, and does not tell which of its secrets is wrong.
  const vague = scene.failing.filter((seen) => seen.node.kind === 'secrets' && free(seen) && canHarm(seen.reason));
  const byUse = [...candidates]
    .filter(([name]) => !proven.has(name))
    .toSorted(([a, m], [b, n]) => n.length - m.length || compareTexts(a, b));
  for (const [name, users] of byUse) {
    const victims = users.filter((user) => open.has(user));
    if (victims.length === 0) continue;
    for (const victim of victims) open.delete(victim);
    const isSure = victims.some(({ node }) => node.secrets.length === 1);
    const checks = vague.filter(({ node }) => node.checks.includes(name));
    claims.push({
      cause: `secret/${name}`,
      title: `The secret ${name} can't be read`,
      owner: 'operator',
      reason: checks[0]?.reason ?? 'secret_unavailable',
      confidence: isSure ? 'medium' : 'low',
      evidence: [
        ...checks.map(told),
        `${share(victims.length, users.length, 'target')} that need it could not be tried: ${list(namesOf(victims))}`,
      ],
      own: namesOf(checks),
      claims: namesOf(victims),
    });
  }
  return claims;
};
