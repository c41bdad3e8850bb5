/** What the functions say: errors put together, then line by line. */
import type { VNode } from 'preact';
import { useErrors, useLogs, useTargets } from '../data/answers';
import { Select } from '../parts/choices';
import { Await, Staleness } from '../parts/notice';
import { choose } from '../route';
import { many } from '../text/words';
import { ErrorGroups } from './error-groups';
import { LogLines } from './log-lines';

const services = ['diagnose', 'verify', 'status'] as const;
const hours = [
  { value: '1', label: 'last hour' },
  { value: '6', label: 'last 6 hours' },
  { value: '24', label: 'last 24 hours' },
  { value: '168', label: 'last 7 days' },
] as const;
const severities = [
  { value: 'DEBUG', label: 'debug and above' },
  { value: 'INFO', label: 'info and above' },
  { value: 'WARNING', label: 'warning and above' },
  { value: 'ERROR', label: 'error and above' },
] as const;

const known = (choices: readonly { readonly value: string }[], value: string | null, usual: string): string =>
  choices.some((choice) => choice.value === value) ? (value ?? usual) : usual;

function Errors({ over }: { readonly over: string }): VNode {
  const answer = useErrors(Number(over));
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">Error groups</h2>
      <Staleness answer={answer} of="errors" />
      <Await answer={answer} of="errors">
        {({ groups, truncated, problem }) =>
          problem && groups.length === 0 ? null : <ErrorGroups groups={groups} truncated={truncated} />
        }
      </Await>
    </section>
  );
}

export function LogsView({ query }: { readonly query: URLSearchParams }): VNode {
  const targets = useTargets().value?.targets ?? [];
  const functions = [...new Set([...targets.map(({ kind }) => kind), ...services])];
  const from = functions.find((name) => name === query.get('function')) ?? '';
  const severity = known(severities, query.get('severity'), 'INFO');
  const over = known(hours, query.get('hours'), '1');
  const answer = useLogs({ function: from, severity, hours: Number(over) });
  const choices = [{ value: '', label: 'all functions' }, ...functions.map((name) => ({ value: name, label: name }))];
  return (
    <>
      <h1 tabIndex={-1}>Logs</h1>
      <div class="filters">
        <Select label="Time" value={over} choices={hours} onChoose={(value) => choose({ hours: value })} />
        <Select label="Function" value={from} choices={choices} onChoose={(value) => choose({ function: value })} />
        <Select label="Severity" value={severity} choices={severities} onChoose={(value) => choose({ severity: value })} />
      </div>
      <Errors over={over} />
      <section aria-labelledby="lines">
        <h2 id="lines">Lines</h2>
        <Staleness answer={answer} of="log" />
        <Await answer={answer} of="log">
          {({ lines, truncated, problem }) =>
            lines.length === 0 ? (
              <p class="waiting">{problem ? 'Not known, see above.' : 'Nothing was logged that fits.'}</p>
            ) : (
              <>
                {truncated && <p class="muted">The newest {many(lines.length, 'line')}; there are more.</p>}
                <LogLines lines={lines} />
              </>
            )
          }
        </Await>
      </section>
    </>
  );
}
