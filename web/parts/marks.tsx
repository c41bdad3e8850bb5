/** Small marks: outcomes, owners, severities. Each is told by its shape and its word, never by its colour alone. */
import type { VNode } from 'preact';
import type { Owner } from '../../shared/reasons';
import type { Outcome, Severity } from '../../shared/result';
import { runbookOf, runbookUrl } from '../data/address';
import { outcomeWords, ownerTitles, ownerWords, severityWords } from '../text/words';

/** An outcome as an icon and a word. */
export function OutcomeMark({ outcome, word }: { readonly outcome: Outcome; readonly word?: string }): VNode {
  return <span class={`mark is-${outcome}`}>{word ?? outcomeWords[outcome]}</span>;
}

/** Who acts. */
export function OwnerMark({ owner }: { readonly owner: Owner }): VNode {
  return (
    <span class="tag" title={ownerTitles[owner]}>
      {ownerWords[owner]}
    </span>
  );
}

/** How bad it is. */
export function SeverityMark({ severity }: { readonly severity: Severity }): VNode {
  return <span class={`tag severity-${severity}`}>{severityWords[severity]}</span>;
}

/** A reason, which leads to its section in the runbooks. */
export function ReasonLink({ reason, runbook }: { readonly reason: string; readonly runbook?: string | null }): VNode {
  const url = runbookUrl(runbook ?? runbookOf(reason));
  return url === undefined ? (
    <code>{reason}</code>
  ) : (
    <a href={url} title={`Runbook: ${reason}`}>
      <code>{reason}</code>
    </a>
  );
}
