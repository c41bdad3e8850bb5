/** The diagnosis: the fewest causes that explain what is seen, and what each of them blocks. */
import type { Claim, Pattern } from './claim';
import type { Cause, Circumstances, Confidence, Diagnosis, Observation } from './diagnosis';
import { explainsIn, type Explains } from './explains';
import type { Graph } from './graph';
import { rootsOf } from './origins';
import { certificates, loadBalancers } from './patterns/front';
import { internet, network } from './patterns/network';
import { prober } from './patterns/prober';
import { resolver } from './patterns/resolver';
import { rotations } from './patterns/rotation';
import { brokenSecrets, unreadableSecrets } from './patterns/secrets';
import { claimsOfRoots } from './roots';
import { compareTexts, sceneOf, worstSeverity, type Scene } from './scene';
import { severities } from '../result';

/** In this order: what has a wider cause is not looked at for a narrower one. */
const patterns: readonly Pattern[] = [
  network,
  internet,
  resolver,
  certificates,
  loadBalancers,
  brokenSecrets,
  unreadableSecrets,
  rotations,
  prober,
];

/** So many causes are told of one blocked target. More would tell nobody more, and cost a lot where many things fail at once. */
const mostCausesOfOne = 3;

/**
 * Names what is broken, and marks what is blocked by it. Pure: the same whatever the order of the observations.
 * @param observations one a target, of those targets of which something fresh is known
 */
export function diagnose(graph: Graph, observations: readonly Observation[], circumstances: Circumstances = {}): Diagnosis {
  const scene = sceneOf(graph, observations, circumstances);
  const explains = explainsIn(scene);
  const found = foundBy(patterns, scene, explains);
  const settled = new Set(found.flatMap(({ own, claims }) => [...own, ...claims]));
  const roots = claimsOfRoots(rootsOf(scene, explains, { settled, seeds: found.flatMap((claim) => seedsOf(claim, explains)) }), scene);
  const claims = united([...found, ...roots]).toSorted((a, b) => compareTexts(a.cause, b.cause));
  const blocked = attribute(claims, explains, scene);
  const causes = claims.map((claim, index) => causeOf(claim, blocked[index] ?? [], scene)).toSorted(byWeight);
  const blockedBy = new Map<string, string>();
  for (const { cause, targets, blocks } of causes)
    for (const name of [...(cause.startsWith(itself) ? [] : targets), ...blocks]) if (!blockedBy.has(name)) blockedBy.set(name, cause);
  return { causes, blockedBy };
}

/** How the name of a cause begins that is a target. */
const itself = 'target/';

/** Applies one pattern after the other. */
function foundBy(all: readonly Pattern[], scene: Scene, explains: Explains): readonly Claim[] {
  const taken = new Set<string>();
  return all.flatMap((pattern) => {
    // The prober is blamed for no target that a failing check of secrets explains.
    const isExplained = pattern === prober ? explainedBy(scene, explains) : new Set<string>();
    const claims = pattern(scene, ({ node }) => !taken.has(node.name) && !isExplained.has(node.name));
    for (const name of claims.flatMap((claim) => [...claim.claims, ...claim.own])) taken.add(name);
    return claims;
  });
}

/** What is said twice of one cause becomes one. */
function united(claims: readonly Claim[]): readonly Claim[] {
  const byCause = new Map<string, Claim>();
  for (const claim of claims) {
    const other = byCause.get(claim.cause);
    byCause.set(claim.cause, other ? merged(other, claim) : claim);
  }
  return [...byCause.values()];
}

function explainedBy({ failing }: Scene, explains: Explains): ReadonlySet<string> {
  return new Set(failing.flatMap(({ node }) => explains.of(node.name)));
}

const sureness: readonly Confidence[] = ['high', 'medium', 'low'];

function merged(one: Claim, other: Claim): Claim {
  const [first, second] = one.isHarmless === true ? [other, one] : [one, other];
  return {
    ...second,
    ...first,
    isHarmless: one.isHarmless === true && other.isHarmless === true,
    confidence: sureness.find((each) => each === one.confidence || each === other.confidence) ?? one.confidence,
    evidence: [...first.evidence, ...second.evidence],
    own: [...new Set([...one.own, ...other.own])],
    claims: [...new Set([...one.claims, ...other.claims])],
  };
}

/** @returns the names from which a cause goes on to what needs them. */
function seedsOf({ own, claims, isHarmless, secret }: Claim, { ofHolder }: Explains): readonly string[] {
  const harmful = isHarmless === true ? [] : own;
  return [...(secret === undefined ? claims : claims.flatMap((name) => ofHolder(name, secret))), ...harmful];
}

/** @returns for each claim the names of what it blocks, itself not included. */
function attribute(claims: readonly Claim[], explains: Explains, { seen }: Scene): readonly (readonly string[])[] {
  const labels = new Map<string, number[]>();
  const blocked = claims.map((): string[] => []);
  const alone = new Set(claims.flatMap(({ cause, own }) => (cause.startsWith(itself) ? own : [])));
  const selves = claims.map(({ own }) => new Set(own));
  // Of what could not be told it is known which secret it lacks: what else its check finds is not to blame.
  const untold = new Set(claims.flatMap((claim) => claim.claims.filter((name) => seen.get(name)?.outcome === 'unknown')));
  const ownUntold = claims.map((claim) => new Set(claim.claims));
  const marked = (name: string, index: number): boolean => {
    const known = labels.get(name) ?? [];
    if (known.length >= mostCausesOfOne || known.includes(index)) return false;
    labels.set(name, [...known, index]);
    if (seen.has(name) && !alone.has(name) && !selves[index]?.has(name)) blocked[index]?.push(name);
    return true;
  };
  for (const [index, claim] of claims.entries()) for (const name of claim.secret === undefined ? [] : claim.claims) marked(name, index);
  const open = claims.flatMap((claim, index) => seedsOf(claim, explains).map((name) => ({ name, index })));
  for (let at = 0; at < open.length; at += 1) {
    const { name, index } = open[at] ?? { name: '', index: -1 };
    if (!marked(name, index)) continue;
    for (const next of explains.of(name)) if (!untold.has(next) || ownUntold[index]?.has(next)) open.push({ name: next, index });
  }
  return blocked;
}

function causeOf(claim: Claim, blocked: readonly string[], { seen }: Scene): Cause {
  const { cause, title, owner, reason, confidence, evidence, changedAt } = claim;
  const further = blocked.length - claim.claims.length;
  const verb = further === 1 ? 'needs it fails' : 'need it fail';
  const blocks = [...blocked].toSorted(compareTexts);
  const targets = [...claim.own].toSorted(compareTexts);
  return {
    cause,
    title,
    owner,
    reason,
    severity: worstSeverity([...targets, ...blocks].flatMap((name) => seen.get(name)?.observation.severity ?? [])),
    confidence,
    evidence: further > 0 ? [...evidence, `${further} that ${verb}, too`] : evidence,
    ...(changedAt === undefined ? {} : { changedAt }),
    targets,
    blocks,
  };
}

const size = ({ targets, blocks }: Cause): number => targets.length + blocks.length;

function byWeight(a: Cause, b: Cause): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || size(b) - size(a) || compareTexts(a.cause, b.cause);
}
