/** A verification as text for a terminal. */
import { excerptOf, oneLine, table } from '../../report/text';
import type { Verified } from '../verify';
import { firstOf, headOf, overRounds, percent, roundLines, spreadText, statusLines, verdictWords } from './words';

/** The rest is in the JSON. */
const [mostGrounds, mostCauses, mostNames] = [20, 50, 50];

const header = ['KIND', 'TARGET', 'OVER THE ROUNDS', 'MIN / MEDIAN / MAX', 'BLOCKED BY', 'WHY'];

/** @returns the rounds, the table, what follows from it, and at the end the verdict and the lines that scripts look for. */
export function textReport(verified: Verified, issue?: string): string {
  const { answer, account } = verified;
  const { verdict, passRate, categories, causes, changes, nextActions, runIds, version, configHash } = answer;
  const why = new Map(account.tallies.map(({ target, worst, telling }) => [target, worst === 'success' ? undefined : telling]));
  const rows = answer.targets.map(({ kind, target, outcomes, latencyMs, blockedBy }) => {
    const result = why.get(target);
    const reason = result?.reason ?? '';
    return [
      kind,
      target,
      overRounds(outcomes),
      spreadText(latencyMs),
      blockedBy ?? '',
      result ? `${reason} ${excerptOf(result.message, 160)}`.trim() : '',
    ].map(oneLine);
  });
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${oneLine(line)}`)];
  const titles = new Map(account.causes.map(({ cause, title }) => [cause, title]));
  return [
    oneLine(headOf(verified, issue)),
    '',
    ...roundLines(account),
    '',
    table([header, ...rows]),
    ...section(
      'Categories',
      categories.map(({ name, critical, passed: good, total, ok }) =>
        [`${ok ? 'ok  ' : 'FAIL'} ${name}${critical ? ' (critical)' : ''}:`, `${good} of ${total} targets passed every round`].join(' '),
      ),
    ),
    ...section('Declaration', verdict === 'signed_off' ? account.declaration.map(({ subject, state }) => `${subject}: ${state}`) : []),
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
    ...firstOf(account.grounds, mostGrounds, ({ text }) => `Because ${oneLine(text)}`),
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
