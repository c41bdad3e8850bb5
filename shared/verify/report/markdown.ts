/** A verification as Markdown that fits into an issue: the declaration when all is well, else one follow-up issue a cause. */
import type { Verified } from '../verify';
import { followUp } from './follow-up';
import { code, issueText, markdownTable, plain } from './markdown-text';
import { firstOf, overRounds, percent, roundLines, spreadText, statusLines, verdictWords, worstRowsFirst } from './words';

/** Long tables don't fit into an issue: GitHub takes 65 536 characters. What is cut is said. */
const mostRows = 150;
const mostFollowUps = 20;
const mostGrounds = 20;
const mostChanges = 50;
const longest = 65_000;

/** @returns Markdown; texts from elsewhere are escaped, long ones cut. */
export function markdownReport(verified: Verified, issue?: string): string {
  const { answer, account } = verified;
  const heading = `# ${verdictWords[answer.verdict]}: verification of ${plain(account.environment)}${issue === undefined ? '' : ` for ${issueText(issue)}`}`;
  const lines = [
    heading,
    '',
    ...statusLines(verified).map((line) => `**${line}**  `),
    `Pass rate ${percent(answer.passRate)} of ${answer.targets.length} targets over ${answer.rounds} of ${account.asked.rounds} rounds, ${plain(answer.startedAt)}`,
    ...section(
      'Why',
      firstOf(account.grounds, mostGrounds, ({ text }) => `- ${plain(text)}`),
    ),
    ...(answer.verdict === 'signed_off' ? declaration(verified) : []),
    ...section(
      'Next actions',
      answer.nextActions.map((action, index) => `${index + 1}. ${plain(action, 600)}`),
    ),
    ...section('Categories', categories(verified)),
    ...section(
      'Changes since the baseline',
      firstOf(answer.changes, mostChanges, (change) => `- ${plain(change)}`),
    ),
    ...followUps(verified),
    ...section(
      'Rounds',
      roundLines(account).map((line) => `- ${line}`),
    ),
    ...section('Targets', targets(verified)),
    ...section('Runs', runs(verified)),
  ];
  return `${fitting(lines).join('\n')}\n`;
}

/** @returns the lines that fit; what comes last is told elsewhere, too. */
function fitting(lines: readonly string[]): readonly string[] {
  let length = 0;
  const cut = lines.findIndex((line) => (length += line.length + 1) > longest);
  return cut < 0 ? lines : [...lines.slice(0, cut), '', '…the rest does not fit into an issue; the JSON tells all'];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function declaration({ account }: Verified): readonly string[] {
  const lines = account.declaration.map(
    ({ subject, state, mark }) => `- [${mark === 'ok' ? 'x' : ' '}] ${plain(subject)}: **${plain(state)}**`,
  );
  return section('Declaration', lines);
}

function categories({ answer }: Verified): readonly string[] {
  if (answer.categories.length === 0) return [];
  const rows = answer.categories.map(({ name, critical, passed, total, ok }) => [
    plain(name, 80),
    critical ? 'yes' : 'no',
    `${passed} of ${total}`,
    ok ? 'ok' : '**not complete**',
  ]);
  return markdownTable(['category', 'critical', 'passed', ''], rows);
}

function followUps({ answer, account }: Verified): readonly string[] {
  const { causes } = account;
  if (causes.length === 0) return [];
  const shown = causes.slice(0, mostFollowUps);
  const more = causes.length - shown.length;
  return [
    ...section('Causes', [`One follow-up issue each; ${answer.targets.length} targets were looked at.`]),
    ...shown.flatMap((cause) => followUp(cause, account)),
    ...(more > 0 ? ['', `…and ${more} more causes.`] : []),
  ];
}

/** Those that fail come first. */
function targets(verified: Verified): readonly string[] {
  const sorted = worstRowsFirst(verified);
  const shown = sorted.slice(0, mostRows);
  const rows = shown.map(({ told: { kind, target, severity, outcomes, latencyMs, blockedBy } }) => [
    code(kind, 40),
    code(target, 80),
    severity,
    overRounds(outcomes),
    spreadText(latencyMs),
    blockedBy === null ? '' : code(blockedBy, 120),
  ]);
  const more = sorted.length - shown.length;
  return [
    ...markdownTable(['kind', 'target', 'severity', 'over the rounds', 'min / median / max', 'blocked by'], rows),
    ...(more > 0 ? ['', `…and ${more} more.`] : []),
  ];
}

function runs({ answer: { version, configHash, runIds, targets: all } }: Verified): readonly string[] {
  const versions = new Map(all.flatMap(({ secretVersions = {} }) => Object.entries(secretVersions)));
  const secrets = [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([secret, number]) => code(`${secret}@${number}`, 120));
  return [
    `- version ${code(version)}, configuration ${code(configHash)}`,
    `- runs ${runIds.map((id) => code(id, 40)).join(' ') || 'none'}`,
    ...(secrets.length > 0 ? [`- secrets ${secrets.slice(0, mostRows).join(' ')}`] : []),
  ];
}
