/** How the scenarios of a diagnosis are written: what is not well, and which causes that means. */
import { kinds } from '../../../functions/kinds';
import type { Config, Target } from '../../../shared/config/config';
import { diagnose } from '../../../shared/diagnose/diagnose';
import type { Circumstances, Confidence, Observation } from '../../../shared/diagnose/diagnosis';
import { graphOf } from '../../../shared/diagnose/graph';
import { domainOf, isMonitors, ownerOf, type Owner, type Reason } from '../../../shared/reasons';
import type { Finding, Outcome, Phase } from '../../../shared/result';

/** What is seen of a target: the reason of its failure (unknown, where the reason is the monitor's), or more. */
export type Sight =
  | Reason
  | {
      readonly reason?: Reason;
      readonly outcome?: Outcome;
      readonly message?: string;
      readonly startedAt?: string;
      readonly observed?: Observation['observed'];
      readonly phase?: Phase;
      /** Subject to reason; null where the subject is well, `untold` where it fails and nothing tells why. */
      readonly findings?: Readonly<Record<string, Reason | 'untold' | null>>;
    };

/** What is asked of a cause. */
export interface Wanted {
  readonly owner: Owner;
  readonly reason: Reason;
  /** Targets that are it. */
  readonly is?: readonly string[];
  readonly blocks?: readonly string[];
  readonly confidence?: Confidence;
  /** What the evidence says. */
  readonly says?: RegExp;
  readonly changedAt?: string;
}

export interface Scenario {
  readonly title: string;
  /** What is not well; every other target succeeds. */
  readonly seen: Readonly<Record<string, Sight>>;
  /** Targets of which nothing is known: another schedule, or too old. */
  readonly unseen?: readonly string[];
  readonly circumstances?: Circumstances;
  /** Every cause there is, in the order of the answer. */
  readonly causes: Readonly<Record<string, Wanted>>;
}

/** @returns what is seen of a target; its outcome is that of the reason unless said otherwise. */
export function observationOf(target: Target, sight: Sight | undefined): Observation {
  const { reason, outcome, phase, message, startedAt, observed, findings } = typeof sight === 'string' ? { reason: sight } : (sight ?? {});
  const { serviceOwner } = kinds.find(({ name }) => name === target.kind) ?? {};
  return {
    kind: target.kind,
    target: target.name,
    severity: target.severity,
    outcome: outcome ?? (reason === undefined ? 'success' : isMonitors(reason) ? 'unknown' : 'failure'),
    reason: reason ?? null,
    domain: reason === undefined ? null : domainOf(reason),
    owner: reason === undefined ? null : ownerOf(reason, serviceOwner),
    ...(phase === undefined ? {} : { phase }),
    ...(message === undefined ? {} : { message }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(observed === undefined ? {} : { observed }),
    ...(findings === undefined ? {} : { findings: Object.entries(findings).map(([subject, each]) => findingOf(subject, each)) }),
  };
}

function findingOf(subject: string, reason: Reason | 'untold' | null): Finding {
  if (reason === 'untold') return { subject, outcome: 'failure', reason: null, message: '', durationMs: null };
  const outcome = reason === null ? 'success' : isMonitors(reason) ? 'unknown' : 'failure';
  return { subject, outcome, reason, message: reason === null ? 'ok' : `${subject}: ${reason}`, durationMs: null };
}

/** @returns what is seen of everything that the configuration has. */
export function observationsOf({ targets }: Config, { seen, unseen = [] }: Pick<Scenario, 'seen' | 'unseen'>): readonly Observation[] {
  const unknownNames = [...Object.keys(seen), ...unseen].filter((name) => !targets.some((target) => target.name === name));
  if (unknownNames.length > 0) throw new Error(`there is no target ${unknownNames.join(', ')}`);
  return targets.filter(({ name }) => !unseen.includes(name)).map((target) => observationOf(target, seen[target.name]));
}

/** Tests each scenario. */
export function testScenarios(config: () => Config, scenarios: readonly Scenario[]): void {
  test.each(scenarios)('$title', (scenario) => {
    const { causes, blockedBy } = diagnose(graphOf(config(), kinds), observationsOf(config(), scenario), scenario.circumstances);
    const shown = Object.fromEntries(
      causes.map(({ cause, owner, reason, targets, blocks }) => [cause, { owner, reason, is: targets, blocks }]),
    );
    const expected = Object.fromEntries(
      Object.entries(scenario.causes).map(([cause, { owner, reason, is = [], blocks = [] }]) => [cause, { owner, reason, is, blocks }]),
    );
    expect(shown).toEqual(expected);
    expect(causes.map(({ cause }) => cause)).toEqual(Object.keys(scenario.causes));
    for (const { cause, confidence, evidence, changedAt, targets, blocks } of causes) {
      const wanted = scenario.causes[cause];
      if (wanted?.confidence !== undefined) expect([cause, confidence]).toEqual([cause, wanted.confidence]);
      if (wanted?.says) expect(evidence.join('\n')).toMatch(wanted.says);
      expect(changedAt).toBe(wanted?.changedAt);
      expect(evidence.length).toBeGreaterThan(0);
      for (const name of [...targets, ...blocks]) expect(name === cause.replace('target/', '') || blockedBy.has(name)).toBe(true);
    }
  });
}
