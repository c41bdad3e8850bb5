/** Who does what next, the most urgent first. */
import type { Config } from '../config/config';
import { formatDuration } from '../config/duration';
import type { Cause } from '../diagnose/diagnosis';
import { groupBy } from '../group';
import type { Kind } from '../probe';
import { ownerOf, reasons } from '../reasons';
import { excerptOf, oneLine } from '../report/text';
import type { Ending } from './rounds';
import { spreadOf, type Tally } from './tally';
import type { SignOff } from './verification';

/** What the actions follow from. */
export interface Situation {
  readonly verdict: SignOff;
  readonly causes: readonly Cause[];
  readonly tallies: readonly Tally[];
  readonly kinds: readonly Kind[];
  readonly config: Pick<Config, 'alerts'>;
  /** In what the functions' configuration differs from this one, a sentence each, with what to do. */
  readonly differences: readonly string[];
  /** Targets with another version of a secret than the newest, and those that the configuration keeps at one. */
  readonly outdated: readonly string[];
  readonly kept: readonly string[];
  readonly rounds: { readonly asked: number; readonly done: number };
  readonly ending: Ending;
  /** Targets that were not asked for. */
  readonly leftOut: number;
}

/** Nobody acts on a list of hundreds. */
const mostCauses = 20;

/** @returns `owner: what to do`, causes first. */
export function nextActionsFor(situation: Situation): readonly string[] {
  const { verdict, causes, tallies, differences, outdated, kept, rounds, ending, leftOut } = situation;
  const late = ending === 'time' && rounds.done < rounds.asked;
  return [
    ...causes.slice(0, mostCauses).map((cause) => causeAction(cause, tallies)),
    ...(causes.length > mostCauses
      ? [`whoever asked: ${causes.length - mostCauses} more causes are named in the report; hand them out, too`]
      : []),
    ...slowActions(situation),
    ...differences.map((text) => `monitor: ${text}`),
    ...outdated.map((text) => `operator: ${text}; let the rotation settle and verify again`),
    ...(late
      ? [`monitor: only ${rounds.done} of ${rounds.asked} rounds fitted into the time; give \`verify\` a longer timeout, or ask for less`]
      : []),
    ...warningActions(situation),
    ...kept.map((text) => `operator: ${text}; take the newest, or leave it so on purpose`),
    ...(leftOut > 0 ? [`whoever asked: ${leftOut} targets were not asked for; verify all of them before the incident is closed`] : []),
    ...(verdict === 'signed_off' ? [] : ['whoever asked: verify again when this is done']),
  ];
}

/** @returns what to look at first: what the target itself says, else what goes for the reason. */
export function hintFor({ cause, reason, targets }: Cause, tallies: readonly Tally[]): string {
  if (cause.startsWith('function/'))
    return 'Look whether the function is deployed and runs, at its log, and whether the caller may invoke it.';
  const said = tallies.flatMap(({ target, results }) => (targets.includes(target) ? results : []));
  const hint = said.findLast((result) => result?.reason === reason && result.hint)?.hint;
  return hint ? oneLine(hint) : reasons[reason].hint;
}

function causeAction(cause: Cause, tallies: readonly Tally[]): string {
  const { owner, title, blocks } = cause;
  const blocked = blocks.length === 0 ? '' : ` It blocks ${blocks.length === 1 ? blocks[0] : `${blocks.length} targets`}.`;
  return `${owner}: ${oneLine(title)}. ${hintFor(cause, tallies)}${blocked}`;
}

/** The objective is the same for all targets; only of critical ones it decides. */
function slowActions({ tallies, kinds, config: { alerts } }: Situation): readonly string[] {
  const objective = alerts.latencyMs ?? Infinity;
  return tallies.flatMap(({ kind, target, latencies }) => {
    const median = spreadOf(latencies)?.median ?? 0;
    if (median <= objective) return [];
    const owner = ownerOf('too_slow', kinds.find(({ name }) => name === kind)?.serviceOwner);
    return [
      `${owner}: ${target} takes ${Math.round(median)} ms in the median, the objective is ${formatDuration(objective)}. ${reasons.too_slow.hint}`,
    ];
  });
}

/** What works with warnings, one action an owner and warning. */
function warningActions({ tallies }: Situation): readonly string[] {
  const warned = tallies.flatMap(({ target, worst, telling }) => {
    const [first] = telling?.warnings ?? [];
    return worst === 'degraded' && telling && first
      ? [{ target, text: `${telling.owner ?? 'application'}: ${excerptOf(first.message)}` }]
      : [];
  });
  return [...groupBy(warned, ({ text }) => text)].map(
    ([text, found]) => `${text} (a warning of ${found.map(({ target }) => target).join(', ')})`,
  );
}
