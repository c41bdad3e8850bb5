/** What a notification says, in Markdown: what it means, whose it is, what to look at first, how to verify the fix. */
import type { Target } from '../../shared/config/config';
import type { Owner, Reason } from '../../shared/reasons';
import type { PlanContext } from '../plan/plan';
import { runCommand, signOff } from './commands';
import { firstLooks } from '../runbooks/first-looks';
import { reasonsOf } from './possible-reasons';

/** AlertPolicy, `documentation.content`. */
const longest = 8192;

export interface Told {
  readonly title: string;
  /** Sentences. */
  readonly meaning: readonly string[];
}

const bytes = (text: string): number => Buffer.byteLength(text);

const numbered = (sentences: readonly string[]): string => sentences.map((sentence, index) => `${index + 1}. ${sentence}`).join('\n');

/** A runbook that is only a file of the project can't be followed from a notification, so it is named instead. */
const projectRunbooks = 'docs/runbooks.md';

/** @returns the link to the runbook of a reason, or its name where no URL is configured. */
function runbookOf({ config }: PlanContext, reason: Reason): string {
  const { runbook } = config.alerts;
  if (runbook === undefined) return `\`${reason}\``;
  return `[${reason}](${runbook.replaceAll('{reason}', reason)})`;
}

function runbookHint({ config }: PlanContext): string {
  const { runbook } = config.alerts;
  if (runbook === undefined) return `Commands for each reason: \`${projectRunbooks}\` of the project, under the reason's name.`;
  return 'The name of a reason leads to its runbook.';
}

function assemble(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== '').join('\n\n');
  if (bytes(text) > longest) throw new Error(`a documentation has ${bytes(text)} bytes, more than ${longest}`);
  return text;
}

/** Runbooks of single targets, as far as there is room. */
function ownRunbooks(targets: readonly Target[]): string {
  const lines = targets.flatMap(({ name, runbook }) => (runbook === undefined ? [] : [`+ ${name}: ${runbook}`]));
  if (lines.length === 0) return '';
  const fitting = lines.filter((_, index) => bytes(lines.slice(0, index + 1).join('\n')) < longest / 4);
  const rest = lines.length - fitting.length;
  return [
    '**Runbooks of single targets**',
    '',
    ...fitting,
    ...(rest > 0 ? [`+ ${rest} more: see \`runbook\` in the configuration`] : []),
  ].join('\n');
}

/** @param run whether the notification is about a target that can be run by itself */
function afterwards(context: PlanContext, run: boolean): string {
  const again = run ? `One run, inside the VPC: \`${runCommand(context)}\`\n\n` : '';
  return `**After the fix**\n\n${again}${signOff(context)}`;
}

/** @returns the documentation of a policy on failing targets of one owner: every reason that fits in full, the others by name. */
export function failureDocumentation(
  context: PlanContext,
  told: Told & { readonly owner: Owner; readonly targets: readonly Target[] },
): string {
  const { owner, targets } = told;
  const used = [...new Set(targets.map(({ kind }) => kind))];
  const possible = reasonsOf(context, owner, used);
  const head = [`# ${told.title}`, told.meaning.join(' '), `**Owner: ${owner}.** ${runbookHint(context)}`];
  const how = [
    `**Which reason?** A run inside the VPC shows it now, the metric \`probe/problem\` and the log since when: \`${runCommand(context)}\``,
    'Then, by reason:',
  ].join('\n\n');
  const tail = [afterwards(context, true), ownRunbooks(targets)];
  const section = (reason: Reason): string => `**${runbookOf(context, reason)}**\n${numbered(firstLooks[reason])}`;
  const full: Reason[] = [];
  const rest = (): readonly Reason[] => possible.filter((reason) => !full.includes(reason));
  const more = (): string =>
    rest().length === 0
      ? ''
      : `Less common: ${rest()
          .map((reason) => runbookOf(context, reason))
          .join(', ')}.`;
  const build = (): readonly string[] => [...head, how, ...full.map(section), more(), ...tail];
  for (const reason of possible) {
    full.push(reason);
    if (
      bytes(
        build()
          .filter((part) => part !== '')
          .join('\n\n'),
      ) > longest
    ) {
      full.pop();
      break;
    }
  }
  return assemble(build());
}

/**
 * @param told `run` where the notification is about one target, so that the fix is seen by running it; `closes` says what else shows it
 * @returns the documentation of a policy that is about no reason.
 */
export function plainDocumentation(
  context: PlanContext,
  told: Told & { readonly owner?: Owner; readonly looks: readonly string[]; readonly run?: boolean; readonly closes?: string },
): string {
  const owner = told.owner === undefined ? '' : `**Owner: ${told.owner}.**`;
  const looks = `**Look at first**\n\n${numbered(told.looks)}`;
  const after = [afterwards(context, told.run === true), told.closes ?? ''].filter(Boolean).join(' ');
  return assemble([`# ${told.title}`, told.meaning.join(' '), owner, looks, after]);
}

/** @returns the documentation of a policy on the monitor itself. */
export function monitorDocumentation(
  context: PlanContext,
  told: Told & { readonly looks: readonly string[]; readonly run?: boolean },
): string {
  return plainDocumentation(context, { ...told, owner: 'monitor' });
}
