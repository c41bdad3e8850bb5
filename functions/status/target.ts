/** `GET /api/target`: one target with everything that is known of it besides its history. */
import type { Target } from '../../shared/config/config';
import { reasons } from '../../shared/reasons';
import type { TargetAnswer } from '../../shared/status/state';
import type { Entries } from './entries';
import { failuresIn, runbookOf } from './failures';
import type { Everything } from './reading';
import { secretStates, type SecretSeries } from './secrets';
import { stateOf } from './targets';
import { problemOf, readingOf } from './told';
import type { Tried } from './try-read';

/** What is told of a target besides its state. */
export interface TargetDetails {
  readonly secrets: Tried<SecretSeries>;
  readonly log: Tried<Entries>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @returns the answer, and why not all of it could be read. */
export function targetAnswer(target: Target, everything: Everything, { secrets, log, now }: TargetDetails): TargetAnswer {
  const { overview, facts, problem } = everything;
  const { config, graph, latest } = overview;
  const node = graph.nodes.get(target.name);
  const seen = latest.get(target.name);
  if (!node || !seen) throw new Error(`the graph lacks ${target.name}`);
  const state = stateOf(seen, overview, facts);
  return {
    ...readingOf({ ...everything, problem: problem ?? secrets.problem }),
    state,
    hint: state.reason && reasons[state.reason].hint,
    runbook: runbookOf(target, config, state.reason),
    secrets: secretStates(node, secrets.kept?.value ?? { valid: [], ages: [] }, latest, now),
    needs: node.needs,
    neededBy: [...graph.nodes.values()].filter(({ needs }) => needs.includes(target.name)).map(({ name }) => name),
    failures: log.kept && failuresIn(log.kept.value, target, config),
    logProblem: problemOf(log.problem),
  };
}
