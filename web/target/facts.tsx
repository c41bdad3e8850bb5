/** What else is known of a target: its certificate, its secrets, what it needs and what needs it. */
import type { VNode } from 'preact';
import type { SecretState, TargetAnswer, TargetState } from '../../shared/status/state';
import { OutcomeMark } from '../parts/marks';
import { ScrollTable } from '../parts/scroll-table';
import { TargetList } from '../parts/target-links';

function certificateText(days: number): string {
  return days < 0 ? `expired ${Math.ceil(-days)} d ago` : `valid for ${Math.floor(days)} more days`;
}

function Secrets({ secrets }: { readonly secrets: readonly SecretState[] }): VNode {
  return (
    <ScrollTable caption="Secrets" head={['Secret', 'State', 'Age']}>
      {secrets.map(({ secret, valid, ageDays }) => (
        <tr key={secret}>
          <th scope="row">{secret}</th>
          <td>
            {valid === null ? (
              <OutcomeMark outcome="unknown" />
            ) : (
              <OutcomeMark outcome={valid ? 'success' : 'failure'} word={valid ? 'Valid' : 'Invalid'} />
            )}
          </td>
          <td class="number">{ageDays === null ? '–' : `${Math.floor(ageDays)} d`}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

interface FactsProps {
  readonly answer: TargetAnswer;
  readonly states: ReadonlyMap<string, TargetState>;
}

export function Facts({ answer, states }: FactsProps): VNode {
  const { state, secrets, needs, neededBy } = answer;
  const { certificateDays } = state;
  return (
    <section class="panel" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl class="pairs">
        <div>
          <dt>Certificate</dt>
          <dd>{certificateDays === null ? 'none seen' : certificateText(certificateDays)}</dd>
        </div>
        <div>
          <dt>Needs</dt>
          <dd>{needs.length > 0 ? <TargetList names={needs} states={states} /> : 'no other target'}</dd>
        </div>
        <div>
          <dt>Needed by</dt>
          <dd>{neededBy.length > 0 ? <TargetList names={neededBy} states={states} /> : 'no other target'}</dd>
        </div>
        <div>
          <dt>Schedule</dt>
          <dd>
            <code>{state.schedule}</code> UTC
          </dd>
        </div>
        <div>
          <dt>Reached</dt>
          <dd>{state.public ? 'also from outside the VPC' : 'from inside the VPC only'}</dd>
        </div>
      </dl>
      {secrets.length > 0 && <Secrets secrets={secrets} />}
    </section>
  );
}
