/** A verification as one page that needs nothing else: no script, no request, light or dark as the reader has it. */
import type { Verified } from '../verify';
import { escaped, prose } from './html-text';
import { latencyPlot, outcomeStrip } from './plots';
import { style } from './style';
import {
  firstOf,
  headOf,
  markOutcomes,
  overRounds,
  percent,
  roundLines,
  shortTime,
  spreadText,
  verdictWords,
  whyOf,
  worstRowsFirst,
} from './words';

/** The rest is in the JSON. */
const [mostGrounds, mostCauses, mostNames] = [50, 200, 100];

/** @returns the page; texts from elsewhere are escaped. */
export function htmlReport(verified: Verified, issue?: string): string {
  const { answer, account } = verified;
  const title = escaped(`${verdictWords[answer.verdict]}: ${headOf(verified, issue)}`);
  const spotless = account.causes.length === 0 && account.grounds.length === 0;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    // Nothing is loaded and nothing runs, whatever the page holds.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    header(verified, issue),
    '<main>',
    section('Why', list(firstOf(account.grounds, mostGrounds, ({ text }) => escaped(text)))),
    answer.verdict === 'signed_off' ? section('Declaration', declaration(verified)) : '',
    section('Next actions', list(answer.nextActions.map(action), 'ol')),
    section('Causes', causes(verified)),
    section('Categories', categories(verified)),
    section('Changes since the baseline', list(answer.changes.map((change) => escaped(change)))),
    section('Targets', targets(verified)),
    section('Rounds', list(roundLines(account).map((line) => escaped(line)))),
    section('Runs', runs(verified)),
    spotless ? '' : '<p class="quiet">Blocked: fails, or can’t be told, because of a cause named above.</p>',
    '</main>',
    '</body>',
    '</html>',
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n');
}

function header(verified: Verified, issue: string | undefined): string {
  const { answer, account } = verified;
  const { verdict, overallStatus, criticalFailures, passRate, rounds, startedAt, durationMs } = answer;
  const fact = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return [
    `<header class="${verdict}">`,
    `<p class="quiet">${escaped(headOf(verified, issue))}</p>`,
    `<h1>${verdictWords[verdict]}</h1>`,
    '<dl>',
    fact('Overall Status', overallStatus),
    fact('Critical Failures', String(criticalFailures)),
    fact('Pass rate', percent(passRate)),
    fact('Targets', String(answer.targets.length)),
    fact('Rounds', `${rounds} of ${account.asked.rounds}`),
    fact('Begun', `<time>${escaped(startedAt)}</time>`),
    fact('Took', shortTime(durationMs)),
    '</dl>',
    '</header>',
  ].join('\n');
}

function section(title: string, content: string): string {
  return content === '' ? '' : `<section>\n<h2>${title}</h2>\n${content}\n</section>`;
}

function list(items: readonly string[], tag: 'ul' | 'ol' = 'ul'): string {
  return items.length === 0 ? '' : `<${tag}>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</${tag}>`;
}

/** Who acts stands before the first colon. */
function action(text: string): string {
  const colon = text.indexOf(': ');
  return colon < 0 ? prose(text, 600) : `<b>${escaped(text.slice(0, colon))}</b>: ${prose(text.slice(colon + 2), 600)}`;
}

const signs = { ok: '✓', degraded: '!', failed: '✗', unchecked: '?' } as const;

function declaration({ account }: Verified): string {
  const lines = account.declaration.map(
    ({ subject, state, mark }) =>
      `<li><span class="sign ${markOutcomes[mark]}">${signs[mark]}</span> ${escaped(subject)}: <b>${escaped(state)}</b></li>`,
  );
  return lines.length === 0 ? '' : `<ul class="plain">\n${lines.join('\n')}\n</ul>`;
}

function causes({ account }: Verified): string {
  return firstOf(account.causes, mostCauses, ({ cause, title, owner, confidence, evidence, blocks }) =>
    [
      '<article>',
      `<h3>${escaped(title)}</h3>`,
      `<p><span class="tag">${escaped(owner)}</span> <code>${escaped(cause)}</code>, confidence ${confidence}</p>`,
      list(evidence.map((sentence) => escaped(sentence))),
      blocks.length > 0 ? `<p>Blocks ${firstOf(blocks, mostNames, (name) => `<code>${escaped(name)}</code>`).join(', ')}</p>` : '',
      '</article>',
    ]
      .filter(Boolean)
      .join('\n'),
  ).join('\n');
}

function table(name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return [
    `<div class="wide"><table class="${name}">`,
    `<thead>${line(head, 'th')}</thead>`,
    '<tbody>',
    ...rows.map((row) => line(row, 'td')),
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

function categories({ answer }: Verified): string {
  return table(
    'categories',
    ['category', 'critical', 'passed every round', ''],
    answer.categories.map(({ name, critical, passed, total, ok }) => [
      escaped(name),
      critical ? 'yes' : 'no',
      `${passed} of ${total}`,
      `<span class="${ok ? 'success' : 'failure'}">${ok ? 'complete' : 'not complete'}</span>`,
    ]),
  );
}

/** Those that fail come first. */
function targets(verified: Verified): string {
  const rows = worstRowsFirst(verified).map(({ told: { kind, target, severity, outcomes, latencyMs, blockedBy }, tally }) => {
    const why = whyOf(tally);
    const reason = why === undefined || why.reason === '' ? '' : `<code>${escaped(why.reason)}</code> `;
    return [
      `<b>${escaped(target, 80)}</b> <span class="quiet">${escaped(kind, 40)}, ${severity}</span>`,
      `${outcomeStrip(outcomes)} <span class="${tally.worst}">${overRounds(outcomes)}</span>`,
      `${latencyPlot(tally.results.map((result) => (result && result.outcome !== 'unknown' ? result.durationMs : null)))} <span>${spreadText(latencyMs)}</span>`,
      [
        blockedBy === null ? '' : `blocked by <code>${escaped(blockedBy, 120)}</code>`,
        why === undefined ? '' : `${reason}${escaped(why.message)}`,
      ]
        .filter(Boolean)
        .join('<br>'),
    ];
  });
  return table('targets', ['target', 'over the rounds', 'latency: min / median / max', 'why'], rows);
}

function runs({ answer: { version, configHash, runIds } }: Verified): string {
  const ids = runIds.map((id) => `<code>${escaped(id)}</code>`).join(' ');
  return `<p>Version ${escaped(version)}, configuration <code>${escaped(configHash)}</code></p>\n<p class="runs">${ids || 'No run'}</p>`;
}
