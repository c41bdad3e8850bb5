/** What pages whom, and what is kept from paging because its cause does. */
import type { VNode } from 'preact';
import type { Incident, IncidentsAnswer } from '../../shared/status/events';
import { millisecondsOf, now } from '../clock';
import { useIncidents } from '../data/answers';
import { Ago } from '../parts/ago';
import { OwnerMark, SeverityMark } from '../parts/marks';
import { Await, Staleness } from '../parts/notice';
import { CauseLink, TargetList, TargetLink } from '../parts/target-links';
import { span, stampTime } from '../text/times';
import { many } from '../text/words';

/** The last part of a channel's name tells it from the others. */
const shortChannel = (channel: string): string => channel.replace(/^projects\/[^/]+\/notificationChannels\//, '');

function Channels({ channels }: Pick<Incident, 'channels'>): VNode {
  if (channels.length === 0) return <strong>nobody: no route fits</strong>;
  return (
    <ul class="names">
      {channels.map((channel) => (
        <li key={channel} title={channel}>
          {shortChannel(channel)}
        </li>
      ))}
    </ul>
  );
}

function Subject({ incident: { target, cause, subject } }: { readonly incident: Incident }): VNode {
  if (target !== null)
    return (
      <>
        {subject === target ? '' : `${subject}: `}
        <TargetLink name={target} />
      </>
    );
  return cause === null ? <>{subject}</> : <CauseLink cause={cause} />;
}

function OpenIncident({ incident }: { readonly incident: Incident }): VNode {
  const { title, severity, owner, openedAt, channels, policy } = incident;
  return (
    <li class={`cause severity-${severity}`}>
      <h3>{title}</h3>
      <p class="facts">
        <SeverityMark severity={severity} />
        {owner && <OwnerMark owner={owner} />}
        <span>
          open for <Ago at={openedAt} />
        </span>
        <span>
          <Subject incident={incident} />
        </span>
      </p>
      <dl class="pairs">
        <div>
          <dt>Goes to</dt>
          <dd>
            <Channels channels={channels} />
          </dd>
        </div>
        <div>
          <dt>Policy</dt>
          <dd>
            <code>{policy}</code>
          </dd>
        </div>
      </dl>
    </li>
  );
}

function Closed({ incidents }: { readonly incidents: readonly Incident[] }): VNode {
  return (
    <ul class="plain">
      {incidents.map((incident) => (
        <li key={`${incident.policy} ${incident.subject} ${incident.openedAt}`}>
          <strong>{incident.title}</strong> · <Subject incident={incident} /> · opened {stampTime(incident.openedAt, now())}
          {incident.closedAt && (
            <>
              , closed {stampTime(incident.closedAt, now())} after{' '}
              {span(millisecondsOf(incident.closedAt) - millisecondsOf(incident.openedAt))}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Blocked({ blocked }: Pick<IncidentsAnswer, 'blocked'>): VNode {
  const causes = [...new Set(blocked.map(({ cause }) => cause))];
  return (
    <section aria-labelledby="blocked">
      <h2 id="blocked">Blocked, not paged ({blocked.length})</h2>
      <p class="muted">These fail because of a cause and page nobody: the cause is told instead.</p>
      <dl class="pairs">
        {causes.map((cause) => (
          <div key={cause}>
            <dt>
              <CauseLink cause={cause} />
            </dt>
            <dd>
              <TargetList names={blocked.filter((each) => each.cause === cause).map(({ target }) => target)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Incidents({ answer }: { readonly answer: IncidentsAnswer }): VNode {
  const open = answer.incidents.filter(({ state }) => state === 'open');
  const closed = answer.incidents.filter(({ state }) => state === 'closed');
  return (
    <>
      <section aria-labelledby="open">
        <h2 id="open">{open.length === 0 ? 'Open' : many(open.length, 'open incident')}</h2>
        {open.length === 0 && <p class="waiting">{answer.problem ? 'Not known, see above.' : 'No alert is open.'}</p>}
        <ol class="causes">
          {open.map((incident) => (
            <OpenIncident key={`${incident.policy} ${incident.subject} ${incident.openedAt}`} incident={incident} />
          ))}
        </ol>
        {answer.truncated && <p class="muted">There may be older ones that are still open.</p>}
      </section>
      {answer.blocked.length > 0 && <Blocked blocked={answer.blocked} />}
      {closed.length > 0 && (
        <section aria-labelledby="closed">
          <h2 id="closed">Closed a short while ago</h2>
          <Closed incidents={closed} />
        </section>
      )}
    </>
  );
}

export function AlertsView(): VNode {
  const answer = useIncidents();
  return (
    <>
      <h1 tabIndex={-1}>Alerts</h1>
      <Staleness answer={answer} of="alerts" />
      <Await answer={answer} of="alerts">
        {(value) => <Incidents answer={value} />}
      </Await>
    </>
  );
}
