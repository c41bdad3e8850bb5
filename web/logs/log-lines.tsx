/** Lines of the functions' logs. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { LogLine } from '../../shared/status/events';
import { now } from '../clock';
import { inPortions, useGradually } from '../parts/chunks';
import { TargetLink } from '../parts/target-links';
import { stampTime } from '../text/times';
import { table } from '../text/words';

const portion = 40;

const tones = table<string, string>({
  WARNING: 'is-degraded',
  ERROR: 'is-failure',
  CRITICAL: 'is-failure',
  ALERT: 'is-failure',
  EMERGENCY: 'is-failure',
});

function Line({ line }: { readonly line: LogLine }): VNode {
  const { at, severity, function: from, event, message, target, runId } = line;
  const tone = tones[severity];
  return (
    <tr role="row" title={runId ? `run ${runId}` : undefined}>
      <td role="cell" class="when">
        <time dateTime={at}>{stampTime(at, now())}</time>
      </td>
      <td role="cell">{tone ? <span class={`mark ${tone}`}>{severity.toLowerCase()}</span> : severity.toLowerCase()}</td>
      <td role="cell">
        {from}
        {event && <small> {event}</small>}
      </td>
      <td role="cell">{target ? <TargetLink name={target} /> : ''}</td>
      <td role="cell" class="message">
        {message}
      </td>
    </tr>
  );
}

export function LogLines({ lines }: { readonly lines: readonly LogLine[] }): VNode {
  const portions = useGradually(useMemo(() => inPortions(lines, portion), [lines]));
  return (
    <div class="scroll" role="region" aria-label="Log lines" tabIndex={0}>
      <table role="table" class="lines">
        <caption class="hidden">Log lines, the newest first</caption>
        <thead role="rowgroup">
          <tr role="row">
            {['Time', 'Severity', 'Function', 'Target', 'Message'].map((title) => (
              <th key={title} role="columnheader" scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {portions.map((some, index) => (
          <tbody key={index} role="rowgroup">
            {some.map((line, place) => (
              <Line key={place} line={line} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
