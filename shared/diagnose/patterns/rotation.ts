/** A rotation that went wrong: everybody who logs in with a secret is refused since it changed. */
import { timestamp } from '../../clock';
import { list, namesOf, share, type Claim, type Pattern } from '../claim';
import type { Confidence } from '../diagnosis';
import { refusalsIn } from '../refusals';
import { depthOf } from '../rules';
import { compareTexts, type Scene, type Seen } from '../scene';
import { factsOf, isNewer, seenAt, versionIn, type Checked, type SecretFacts } from './secret-facts';

/** What speaks for a secret as the cause; a higher `weight` speaks louder. */
interface Sign {
  readonly weight: number;
  readonly confidence: Confidence;
  readonly sentences: readonly string[];
  readonly changedAt?: string;
}

/** To the minute; the last one is not sure. */
const minute = (milliseconds: number): string => `${timestamp(milliseconds).slice(0, 16)}Z`;

/** What is known of the making of the version that is refused. */
function making(checked: Checked | undefined, current: string | undefined): { readonly when: string; readonly changedAt?: string } {
  if (!checked) return { when: '' };
  const { version, ageDays, checkedAt, madeAt } = checked;
  if (version !== undefined && current !== undefined && isNewer(current, version))
    return { when: checkedAt === undefined ? '' : `, made after ${minute(checkedAt)}, when version ${version} was the newest` };
  if (madeAt === undefined) return { when: `, made ${ageDays} d ago` };
  return { when: `, made at about ${minute(madeAt)}`, changedAt: minute(madeAt).replace('Z', ':00.000Z') };
}

function signOf(name: string, users: readonly Seen[], scene: Scene, facts: SecretFacts): Sign {
  const { project } = scene.graph;
  const checked = facts.checked(name);
  const former = users.map(({ node, observation }) => {
    const last = scene.lastSuccesses.get(node.name);
    const current = versionIn(observation.observed?.['secret.versions'], name, project) ?? facts.newest(name);
    return { node, before: versionIn(last?.secretVersions, name, project), current, at: last?.at };
  });
  const changed = former.find(({ before, current }) => before !== undefined && current !== undefined && isNewer(current, before));
  if (changed) {
    const { when, ...change } = making(checked, changed.current);
    const sentence = `${changed.node.name} worked with version ${changed.before}; now version ${changed.current} is used${when}`;
    return { weight: 3, confidence: 'high', sentences: [sentence], ...change };
  }
  const same = former.find(({ before, current }) => before !== undefined && before === current);
  if (same) {
    const sentence = `version ${same.before} is the one that ${same.node.name} worked with: it was changed on the server, not in the secret`;
    return { weight: 1, confidence: 'medium', sentences: [sentence] };
  }
  const { when, ...change } = making(checked, facts.newest(name));
  const madeAt = checked?.madeAt;
  const late = former.find(({ at }) => at !== undefined && madeAt !== undefined && Date.parse(at) <= madeAt);
  if (late) {
    const sentence = `its newest version is younger than the last success of ${late.node.name}, at ${late.at}${when}`;
    return { weight: 2, confidence: 'high', sentences: [sentence], ...change };
  }
  if (checked && checked.ageDays <= 1 && former.every(({ at }) => at === undefined))
    return { weight: 2, confidence: 'medium', sentences: [`its newest version is younger than a day${when}`], ...change };
  return { weight: 0, confidence: 'medium', sentences: [] };
}

/** Whoever was let in before the secret changed says nothing of what it holds now. */
function isOfNow(seen: Seen, name: string, scene: Scene, facts: SecretFacts): boolean {
  const used = versionIn(seen.observation.observed?.['secret.versions'], name, scene.graph.project);
  if (used !== undefined && isNewer(facts.newest(name) ?? used, used)) return false;
  const madeAt = facts.checked(name)?.madeAt;
  const at = seen.observation.startedAt === undefined ? undefined : seenAt(seen, scene);
  return madeAt === undefined || at === undefined || at > madeAt;
}

interface Suspect extends Sign {
  readonly name: string;
  readonly users: readonly Seen[];
}

/** One secret's users are all refused: when it changed since they last worked, that is why. */
export const rotations: Pattern = (scene, free) => {
  const facts = factsOf(scene);
  const refusals = refusalsIn(scene);
  const users = new Map<string, { refused: Seen[]; isAccepted: boolean }>();
  for (const seen of [...scene.failing, ...scene.working])
    for (const name of seen.node.credentials) {
      const entry = users.get(name) ?? { refused: [], isAccepted: false };
      users.set(name, entry);
      if (seen.outcome !== 'failure') entry.isAccepted ||= isOfNow(seen, name, scene, facts);
      else if (seen.reason === 'credentials_rejected' && free(seen)) entry.refused.push(seen);
    }
  const suspects = [...users]
    .filter(([, { refused, isAccepted }]) => refused.length > 0 && !isAccepted)
    .flatMap(([name, { refused }]): readonly Suspect[] => {
      const sign = signOf(name, refused, scene, facts);
      // Where a secret was seen to change, others may be refused for what happened to theirs.
      const certainty = sign.weight >= 2 ? 'sure' : undefined;
      const suspected = refused.filter((user) => !refusals.strikeOthers(user, name, certainty));
      return suspected.length > 0 ? [{ name, users: suspected, ...sign }] : [];
    })
    .filter(({ weight, users: { length } }) => weight >= 2 || length >= 2)
    .toSorted((a, b) => b.weight - a.weight || b.users.length - a.users.length || compareTexts(a.name, b.name));
  return claimsOf(suspects, scene);
};

/** Each refused target is laid to the secret that speaks loudest. */
function claimsOf(suspects: readonly Suspect[], { failing }: Scene): readonly Claim[] {
  const open = new Set(failing.filter(({ reason }) => depthOf(reason) === 'login'));
  return suspects.flatMap(({ name, users, weight, confidence, sentences, changedAt }): readonly Claim[] => {
    const victims = users.filter((user) => open.has(user));
    if (victims.length === 0 || (weight < 2 && victims.length < 2)) return [];
    for (const victim of victims) open.delete(victim);
    return [
      {
        cause: `secret/${name}`,
        secret: name,
        title: weight >= 2 ? `The secret ${name} was rotated, and what it holds is refused` : `What the secret ${name} holds is refused`,
        owner: 'operator',
        reason: 'credentials_rejected',
        confidence,
        evidence: [
          ...sentences,
          `${share(victims.length, users.length, 'target')} that ${users.length === 1 ? 'logs' : 'log'} in with it ${victims.length === 1 ? 'is' : 'are'} refused: ${list(namesOf(victims))}`,
        ],
        ...(changedAt === undefined ? {} : { changedAt }),
        own: [],
        claims: namesOf(victims),
      },
    ];
  });
}
