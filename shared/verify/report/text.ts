/** A verification as text for a terminal. */
import { excerptOf, table } from '../../report/text';
import type { Verified } from '../verify';
import { firstOf, headOf, markWords, overRounds, percent, roundLines, rowsOf, spreadText, statusLines, verdictWords, whyOf } from './words';

/** The rest is in the JSON. */
const [mostGrounds, mostCauses, mostNames] = [20, 50, 50];

/** Of one line: whole sentences fit, pages don't. */
const longest = 600;

const header = ['KIND', 'TARGET', 'OVER THE ROUNDS', 'MIN / MEDIAN / MAX', 'BLOCKED BY', 'WHY'];

/** @returns the rounds, the table, what follows from it, and at the end the verdict and the lines that scripts look for. */
export function textReport(verified: Verified, issue?: string): string {
  const { answer, account } = verified;
  const { verdict, passRate, categories, causes, changes, nextActions, runIds, version, configHash } = answer;
  const rows = rowsOf(verified).map(({ told: { kind, target, outcomes, latencyMs, blockedBy }, tally }) => {
    const why = whyOf(tally);
    return [
      excerptOf(kind, 40),
      excerptOf(target, 80),
      overRounds(outcomes),
      spreadText(latencyMs),
      excerptOf(blockedBy ?? '', 120),
      why ? [why.reason, excerptOf(why.message, 160)].filter(Boolean).join(': ') : '',
    ];
  });
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${excerptOf(line, longest)}`)];
  /** The marks stand in a column of their own. */
  const marked = (title: string, lines: readonly (readonly [string, string])[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(([mark, line]) => `  ${mark.padEnd(4)} ${excerptOf(line, longest)}`)];
  const titles = new Map(account.causes.map(({ cause, title }) => [cause, title]));
  return [
    excerptOf(headOf(verified, issue), longest),
    '',
    ...roundLines(account),
    '',
    table([header, ...rows]),
    ...marked(
      'Categories',
      categories.map(({ name, critical, passed: good, total, ok }) => [
        ok ? 'ok' : 'FAIL',
        `${name}${critical ? ' (critical)' : ''}: ${good} of ${total} targets passed every round`,
      ]),
    ),
    ...marked(
      'Declaration',
      verdict === 'signed_off' ? account.declaration.map(({ subject, state, mark }) => [markWords[mark], `${subject}: ${state}`]) : [],
    ),
    ...section('Causes', [
      ...causes
        .slice(0, mostCauses)
        .flatMap(({ cause, owner, confidence, evidence, blocks }) => [
          `${cause} (${owner}, confidence ${confidence}): ${titles.get(cause) ?? ''}`,
          ...evidence.map((sentence) => `- ${sentence}`),
          ...(blocks.length > 0 ? [`- blocks ${firstOf(blocks, mostNames, (name) => name).join(', ')}`] : []),
        ]),
      ...(causes.length > mostCauses ? [`…and ${causes.length - mostCauses} more`] : []),
    ]),
    ...section('Changes since the baseline', changes),
    ...section(
      'Next actions',
      nextActions.map((action, index) => `${index + 1}. ${action}`),
    ),
    ...section('Runs', [...runLines(runIds), `version ${version}, configuration ${configHash}`]),
    '',
    `Pass rate: ${percent(passRate)} of ${answer.targets.length} targets over ${answer.rounds} of ${account.asked.rounds} rounds`,
    ...firstOf(account.grounds, mostGrounds, ({ text }) => `Because ${excerptOf(text, longest)}`),
    `Verdict: ${verdictWords[verdict]}`,
    ...statusLines(verified),
    '',
  ].join('\n');
}

/** So many run ids fit on a line. */
const perLine = 4;

function runLines(ids: readonly string[]): readonly string[] {
  const lines = Array.from({ length: Math.ceil(ids.length / perLine) }, (_, line) =>
    ids.slice(line * perLine, (line + 1) * perLine).join(' '),
  );
  return lines.length > 0 ? lines : ['none'];
}
