/** What was found of a target's parts: its secrets, steps, expectations. */
import type { VNode } from 'preact';
import type { Finding } from '../../shared/result';
import { OutcomeMark, ReasonLink } from '../parts/marks';
import { ScrollTable } from '../parts/scroll-table';
import { latency } from '../text/times';

export function Findings({
  findings,
  title = 'Findings',
}: {
  readonly findings: readonly Finding[];
  readonly title?: string;
}): VNode | null {
  if (findings.length === 0) return null;
  return (
    <ScrollTable caption={title} head={[title, 'Outcome', 'Reason', 'Message', 'Took']}>
      {findings.map(({ subject, outcome, reason, message, durationMs }, index) => (
        <tr key={index}>
          <th scope="row">{subject}</th>
          <td>
            <OutcomeMark outcome={outcome} />
          </td>
          <td>{reason ? <ReasonLink reason={reason} /> : '–'}</td>
          <td class="message">{message}</td>
          <td class="number">{durationMs === null ? '–' : latency(durationMs)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
