/** What a verification says in the end. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CauseTold, TargetTold, Verification } from '../../shared/verify/verification';
import { inPortions, useGradually } from '../parts/chunks';
import { CopyButton } from '../parts/copy-button';
import { OutcomeMark, OwnerMark } from '../parts/marks';
import { ScrollTable } from '../parts/scroll-table';
import { CauseLink, TargetLink, TargetList } from '../parts/target-links';
import { latency } from '../text/times';
import { confidenceWords, many, outcomeWords, percent, signOffOutcome, signOffWords } from '../text/words';
import { byGravity } from '../text/words';

const portion = 40;

function Causes({ causes }: { readonly causes: readonly CauseTold[] }): VNode | null {
  if (causes.length === 0) return null;
  return (
    <>
      <h3>Causes</h3>
      <ol class="causes">
        {causes.map(({ cause, owner, confidence, evidence, blocks }) => (
          <li key={cause} class="cause severity-critical">
            <h4>
              <CauseLink cause={cause} />
            </h4>
            <p class="facts">
              <OwnerMark owner={owner} /> <span>{confidenceWords[confidence]}</span>
            </p>
            <ul>
              {evidence.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            {blocks.length > 0 && (
              <div class="concerned">
                <h5>Blocks {many(blocks.length, 'target')}</h5>
                <TargetList names={blocks} />
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

const worstOf = ({ outcomes }: TargetTold): number => Math.min(byGravity.length, ...outcomes.map((outcome) => byGravity.indexOf(outcome)));

function Targets({ targets }: { readonly targets: readonly TargetTold[] }): VNode {
  const sorted = useMemo(() => targets.toSorted((a, b) => worstOf(a) - worstOf(b)), [targets]);
  const shown = useGradually(useMemo(() => inPortions(sorted, portion), [sorted])).flat();
  const unwell = sorted.filter((target) => byGravity[worstOf(target)] !== 'success').length;
  return (
    <details open={unwell > 0}>
      <summary>
        {many(targets.length, 'target')}, {unwell} not well
      </summary>
      <ScrollTable caption="Targets" head={['Target', 'Kind', 'Outcomes', 'Median', 'Blocked by']}>
        {shown.map(({ target, kind, outcomes, latencyMs, blockedBy }) => (
          <tr key={target}>
            <th scope="row">
              <TargetLink name={target} />
            </th>
            <td>{kind}</td>
            <td>
              {outcomes.map((outcome, index) => (
                <OutcomeMark key={index} outcome={outcome} word={outcomeWords[outcome]} />
              ))}
            </td>
            <td class="number">{latencyMs ? latency(latencyMs.median) : '–'}</td>
            <td>{blockedBy ? <CauseLink cause={blockedBy} /> : '–'}</td>
          </tr>
        ))}
      </ScrollTable>
    </details>
  );
}

function Sentences({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): VNode | null {
  if (texts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ol>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
    </>
  );
}

interface SignOffProps {
  readonly verification: Verification;
  readonly markdown: string;
}

export function SignOff({ verification, markdown }: SignOffProps): VNode {
  const { verdict, overallStatus, criticalFailures, passRate, rounds, categories, causes, targets, changes, nextActions, durationMs } =
    verification;
  const outcome = signOffOutcome[verdict];
  return (
    <section aria-labelledby="sign-off">
      <div class={`verdict is-${outcome}`}>
        <h2 id="sign-off" class={`mark is-${outcome}`}>
          {signOffWords[verdict]}
        </h2>
        <p>
          Overall Status: {overallStatus} · Critical Failures: {criticalFailures} · {percent(passRate)} passed in {many(rounds, 'round')},{' '}
          {latency(durationMs)}
        </p>
      </div>
      {categories.length > 0 && (
        <ScrollTable caption="Categories" head={['Category', 'Verdict', 'Passed', 'Critical']}>
          {categories.map(({ name, ok, passed, total, critical }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <OutcomeMark outcome={ok ? 'success' : critical ? 'failure' : 'degraded'} word={ok ? 'Passed' : 'Not passed'} />
              </td>
              <td class="number">
                {passed} of {total}
              </td>
              <td>{critical ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
      <Causes causes={causes} />
      <Sentences title="Next actions" texts={nextActions} />
      <Sentences title="Changes" texts={changes} />
      <Targets targets={targets} />
      <h3>Report</h3>
      <CopyButton text={markdown} label="Copy as Markdown" />
      <details>
        <summary>Show the Markdown</summary>
        <pre tabIndex={0}>{markdown}</pre>
      </details>
    </section>
  );
}
