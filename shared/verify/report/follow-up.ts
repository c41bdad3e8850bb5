/** One follow-up issue a cause: problem, current state, expected state, acceptance, impact, dependencies. */
import type { Cause } from '../../diagnose/diagnosis';
import { domainOf } from '../../reasons';
import { hintFor } from '../next-actions';
import { passed, worstResult, type Tally } from '../tally';
import type { Account } from '../verify';
import { code, plain } from './markdown-text';
import { overRounds, whyOf } from './words';

/** A list of a hundred names tells no more than its beginning. */
const mostNames = 20;

/** @returns Markdown, begun with a heading. */
export function followUp(cause: Cause, { tallies, causes, asked }: Account): readonly string[] {
  const { title, owner, confidence, reason, evidence, targets, blocks, changedAt } = cause;
  const byName = new Map(tallies.map((tally) => [tally.target, tally]));
  const own = targets.flatMap((name) => byName.get(name) ?? []);
  const concerned = [...new Set([...targets, ...blocks])];
  const [all, roots] = [new Set(concerned), new Set(targets)];
  const others = causes.filter((other) => other !== cause);
  const shared = others.filter((other) => other.blocks.some((name) => all.has(name)));
  const upstream = others.filter((other) => other.blocks.some((name) => roots.has(name)));
  return [
    '',
    `### ${plain(title)} (${owner})`,
    '',
    `**Problem.** ${plain(title)}: ${code(cause.cause, 120)}, ${code(reason)}, confidence ${confidence}.`,
    ...evidence.map((sentence) => `- ${plain(sentence)}`),
    ...(changedAt === undefined ? [] : [`- it was changed at ${plain(changedAt)}`]),
    '',
    '**Current state.**',
    ...(own.length > 0
      ? own.slice(0, mostNames).map(currentState)
      : [`- ${names(concerned)} ${concerned.length === 1 ? 'is' : 'are'} affected`]),
    '',
    `**Expected state.** ${expectedState(cause)} ${plain(hintFor(cause, tallies), 500)}`,
    '',
    '**Acceptance.**',
    `- [ ] ${names(concerned)} pass${concerned.length === 1 ? 'es' : ''} every one of ${asked.rounds} rounds of \`synthetics verify\``,
    '- [ ] the verification is signed off',
    '',
    `**Impact.** ${impact(cause, byName)}`,
    '',
    `**Dependencies.** ${dependencies(upstream, shared)}`,
  ];
}

function currentState(tally: Tally): string {
  const { target, outcomes } = tally;
  const phase = worstResult(tally)?.phase;
  const why = whyOf(tally);
  const said = why === undefined ? '' : `: ${code(why.message)}`;
  return `- ${code(target, 80)} ${overRounds(outcomes)} rounds${phase ? ` in ${phase}` : ''}${said}`;
}

const expected: Readonly<Partial<Record<ReturnType<typeof domainOf>, string>>> = {
  network: 'It is reached without delay.',
  certificate: 'It presents a valid certificate for its names.',
  credentials: 'It takes the credentials that the newest version of the secret holds.',
  capacity: 'It has room for what is asked of it.',
  state: 'It is up, the primary, and takes writes.',
  service: 'It answers as the configuration says.',
  gateway: 'It passes requests on, with all their headers.',
  secret: 'The secret exists, is enabled, and keeps its rules.',
  platform: 'The resource is there, ready, and set up as the configuration says.',
  monitor: 'The monitor can tell.',
};

function expectedState({ reason }: Cause): string {
  return expected[domainOf(reason)] ?? '';
}

function impact({ severity, blocks, targets }: Cause, byName: ReadonlyMap<string, Tally>): string {
  const critical = [...new Set([...targets, ...blocks])].filter((name) => byName.get(name)?.critical);
  const blocked = blocks.length === 0 ? 'It blocks nothing else.' : `It blocks ${blocks.length}: ${names(blocks)}.`;
  const weight = critical.length === 0 ? 'no critical target' : `${critical.length} critical target${critical.length === 1 ? '' : 's'}`;
  const unwell = [...targets, ...blocks].filter((name) => byName.get(name)?.outcomes.some((outcome) => !passed(outcome))).length;
  return `Severity ${severity}, ${weight}, ${unwell} not well. ${blocked}`;
}

function dependencies(upstream: readonly Cause[], shared: readonly Cause[]): string {
  const rest = shared.filter((cause) => !upstream.includes(cause));
  const parts = [
    ...(upstream.length > 0 ? [`needs ${upstream.map(({ cause }) => code(cause, 120)).join(', ')} first`] : []),
    ...(rest.length > 0 ? [`blocks some of the same targets as ${rest.map(({ cause }) => code(cause, 120)).join(', ')}`] : []),
  ];
  return parts.length === 0 ? 'None: it can be fixed by itself.' : `It ${parts.join('; it ')}.`;
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, mostNames).map((name) => code(name, 80));
  const more = all.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
