/** The causes over the rounds: each round is diagnosed as a whole, since what never failed at once is no outage of all. */
import { timestamp } from '../clock';
import type { Config } from '../config/config';
import { diagnose } from '../diagnose/diagnose';
import type { Cause, Observation } from '../diagnose/diagnosis';
import { graphOf, type Graph } from '../diagnose/graph';
import { compareTexts, worstSeverity } from '../diagnose/scene';
import type { Kind } from '../probe';
import { severities } from '../result';
import type { Tally } from './tally';
import { roundsText } from './unreached';

/** What was seen in one round, of all targets that had a result. */
interface Sight {
  readonly observations: readonly Observation[];
  /** How bad it is: failures by their severity, the worst first, then what is unknown, and last what had a result. */
  readonly weight: readonly number[];
  /** Rounds in which just this was seen, counted from 1. */
  readonly rounds: readonly number[];
}

/** A cause, and the rounds in which it was found. */
interface Found {
  readonly cause: Cause;
  readonly rounds: readonly number[];
}

/**
 * @returns the causes of the worst round, and of each other round, the worst first, what none before it shows: a cause whose targets
 * failed for the same reasons before is explained already. What a function that was not reached would have told is not known.
 */
export function causesOver(tallies: readonly Tally[], config: Config, kinds: readonly Kind[]): readonly Cause[] {
  const graph = graphOf(config, kinds);
  const own = tallies.filter(({ configured }) => configured);
  const count = own[0]?.results.length ?? 0;
  const explained = new Set<string>();
  const found = new Map<string, Found>();
  for (const sight of sightsOf(own, count)) {
    const seen = new Map(sight.observations.map((each) => [each.target, each]));
    const keysOf = ({ targets, blocks }: Cause): readonly string[] =>
      [...targets, ...blocks].map((name) => JSON.stringify([name, seen.get(name)?.outcome, seen.get(name)?.reason]));
    const causes = causesIn(sight, graph);
    const news = causes.filter((cause) => found.has(cause.cause) || keysOf(cause).some((key) => !explained.has(key)));
    for (const cause of news) {
      const before = found.get(cause.cause);
      found.set(cause.cause, before ? united(before, { cause, rounds: sight.rounds }) : { cause, rounds: sight.rounds });
    }
    for (const key of news.flatMap(keysOf)) explained.add(key);
  }
  return [...found.values()]
    .map((each) => withRounds(each, count))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function causesIn({ observations }: Sight, graph: Graph): readonly Cause[] {
  return diagnose(graph, observations, { at: timestamp() }).causes;
}

/** @returns the rounds, the worst first; those that show the same are one. */
function sightsOf(tallies: readonly Tally[], count: number): readonly Sight[] {
  const sights = new Map<string, Sight>();
  for (let round = 0; round < count; round += 1) {
    const observations = tallies.flatMap(({ results, severity }): Observation[] => {
      const result = results[round];
      return result ? [{ ...result, severity }] : [];
    });
    const key = JSON.stringify(
      observations.map(({ target, outcome, reason, phase, findings }) => [
        target,
        outcome,
        reason,
        phase,
        findings?.map((finding) => [finding.subject, finding.outcome, finding.reason]),
      ]),
    );
    const rounds = [...(sights.get(key)?.rounds ?? []), round + 1];
    // Of rounds that show the same the latest tells.
    sights.set(key, { observations, weight: weightOf(observations), rounds });
  }
  return [...sights.values()].toSorted((a, b) => compareWeights(b.weight, a.weight));
}

function weightOf(observations: readonly Observation[]): readonly number[] {
  const failures = observations.filter(({ outcome }) => outcome === 'failure');
  const unknown = observations.filter(({ outcome }) => outcome === 'unknown').length;
  return [...severities.map((severity) => failures.filter((each) => each.severity === severity).length), unknown, observations.length];
}

function compareWeights(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

const both = (one: readonly string[], other: readonly string[]): readonly string[] =>
  [...new Set([...one, ...other])].toSorted(compareTexts);

/** What the worse round says of it counts; whom it concerns is added. */
function united({ cause, rounds }: Found, other: Found): Found {
  const targets = both(cause.targets, other.cause.targets);
  const isOwn = new Set(targets);
  return {
    cause: {
      ...cause,
      severity: worstSeverity([cause.severity, other.cause.severity]),
      targets,
      blocks: both(cause.blocks, other.cause.blocks).filter((name) => !isOwn.has(name)),
    },
    rounds: [...rounds, ...other.rounds],
  };
}

/** @param count how many rounds there were. */
function withRounds({ cause, rounds }: Found, count: number): Cause {
  if (rounds.length === count) return cause;
  return { ...cause, evidence: [...cause.evidence, `seen in ${roundsText(rounds.toSorted((a, b) => a - b))} of ${count}`] };
}
