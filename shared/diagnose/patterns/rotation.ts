/** A rotation that went wrong: everybody who logs in with a secret is refused since it changed. */
import { timestamp } from '../../clock';
import { list, namesOf, share, type Claim, type Pattern } from '../claim';
import type { Confidence } from '../diagnosis';
import { secretName } from '../leads';
import { depthOf } from '../rules';
import type { FactValue } from '../../result';
import { compareTexts, type Scene, type Seen } from '../scene';

const dayMs = 86_400_000;

/** Facts of the secrets by the name of the secret, as whoever looked at them last saw them. */
interface Secrets {
  readonly versions: ReadonlyMap<string, string>;
  readonly ageDays: ReadonlyMap<string, number>;
}

function factsOf({ seen, graph }: Scene): Secrets {
  const versions = new Map<string, string>();
  const ageDays = new Map<string, number>();
  for (const { observation } of seen.values()) {
    for (const [spelled, version] of entriesOf(observation.observed?.['secret.versions'])) {
      const name = secretName(spelled, graph.project);
      if (isNewer(String(version), versions.get(name))) versions.set(name, String(version));
    }
    for (const [spelled, age] of entriesOf(observation.observed?.['secret.ageDays'])) {
      const name = secretName(spelled, graph.project);
      if (typeof age === 'number') ageDays.set(name, Math.min(age, ageDays.get(name) ?? Infinity));
    }
  }
  return { versions, ageDays };
}

function entriesOf(fact: FactValue | undefined): readonly (readonly [string, string | number])[] {
  return typeof fact === 'object' && fact !== null ? Object.entries(fact) : [];
}

/** Versions are numbers that count up (Secret Manager, "Versions"). */
function isNewer(version: string, than: string | undefined): boolean {
  return than === undefined || Number(version) > Number(than);
}

/** What speaks for a secret as the cause; a higher `weight` speaks louder. */
interface Sign {
  readonly weight: number;
  readonly confidence: Confidence;
  readonly sentences: readonly string[];
  readonly changedAt?: string;
}

function signOf(name: string, users: readonly Seen[], scene: Scene, facts: Secrets): Sign {
  const age = facts.ageDays.get(name);
  const madeAt = age === undefined || scene.at === undefined ? undefined : scene.at - age * dayMs;
  // An age of two decimals of a day tells the minute, not the second.
  const changedAt = madeAt === undefined ? {} : { changedAt: `${timestamp(madeAt).slice(0, 16)}:00.000Z` };
  const when =
    changedAt.changedAt === undefined ? (age === undefined ? '' : `, made ${age} d ago`) : `, made at ${changedAt.changedAt.slice(0, 16)}Z`;
  const find = (fact: FactValue | undefined): string | undefined => {
    const version = entriesOf(fact).find(([each]) => secretName(each, scene.graph.project) === name)?.[1];
    return version === undefined ? undefined : String(version);
  };
  const former = users.map(({ node, observation }) => {
    const last = scene.lastSuccesses.get(node.name);
    const current = find(observation.observed?.['secret.versions']) ?? facts.versions.get(name);
    return { node, before: find(last?.secretVersions), current, at: last?.at };
  });
  const changed = former.find(({ before, current }) => before !== undefined && current !== undefined && isNewer(current, before));
  if (changed) {
    const sentence = `${changed.node.name} worked with version ${changed.before}; now version ${changed.current} is used${when}`;
    return { weight: 3, confidence: 'high', sentences: [sentence], ...changedAt };
  }
  const same = former.find(({ before, current }) => before !== undefined && before === current);
  if (same) {
    const sentence = `version ${same.before} is the one that ${same.node.name} worked with: it was changed on the server, not in the secret`;
    return { weight: 1, confidence: 'medium', sentences: [sentence] };
  }
  const late = former.find(({ at }) => at !== undefined && madeAt !== undefined && Date.parse(at) <= madeAt);
  if (late) {
    const sentence = `its newest version is younger than the last success of ${late.node.name}, at ${late.at}${when}`;
    return { weight: 2, confidence: 'high', sentences: [sentence], ...changedAt };
  }
  const known = former.some(({ at }) => at !== undefined);
  if (!known && age !== undefined && age <= 1)
    return { weight: 2, confidence: 'medium', sentences: [`its newest version is younger than a day${when}`], ...changedAt };
  return { weight: 0, confidence: 'medium', sentences: [] };
}

interface Suspect extends Sign {
  readonly name: string;
  readonly users: readonly Seen[];
}

/** One secret's users are all refused: when it changed since they last worked, that is why. */
export const rotations: Pattern = (scene, free) => {
  const facts = factsOf(scene);
  const users = new Map<string, { refused: Seen[]; isAccepted: boolean }>();
  for (const seen of [...scene.failing, ...scene.working])
    for (const name of seen.node.credentials) {
      const entry = users.get(name) ?? { refused: [], isAccepted: false };
      users.set(name, entry);
      if (seen.outcome !== 'failure') entry.isAccepted = true;
      else if (seen.reason === 'credentials_rejected' && free(seen)) entry.refused.push(seen);
    }
  const suspects = [...users]
    .filter(([, { refused, isAccepted }]) => refused.length > 0 && !isAccepted)
    .map(([name, { refused }]): Suspect => ({ name, users: refused, ...signOf(name, refused, scene, facts) }))
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
        title: weight >= 2 ? `The secret ${name} was rotated, and what it holds is refused` : `What the secret ${name} holds is refused`,
        owner: 'operator',
        reason: 'credentials_rejected',
        confidence,
        evidence: [
          ...sentences,
          `${share(victims.length, users.length, 'target')} that log in with it ${victims.length === 1 ? 'is' : 'are'} refused: ${list(namesOf(victims))}`,
        ],
        ...(changedAt === undefined ? {} : { changedAt }),
        own: [],
        claims: namesOf(victims),
      },
    ];
  });
}
