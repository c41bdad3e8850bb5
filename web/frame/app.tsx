/** The page: its frame, and the view that the address names. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AlertsView } from '../alerts/alerts-view';
import { clockBehind } from '../clock';
import { useSession, useTargets } from '../data/answers';
import { lookEvery } from '../data/sources';
import { DependenciesView } from '../dependencies/dependencies-view';
import { LogsView } from '../logs/logs-view';
import { OverviewView } from '../overview/overview-view';
import { type Route, useRoute, type View } from '../route';
import { SwitchesView } from '../switches/switches-view';
import { TargetView } from '../target/target-view';
import { VerifyView } from '../verify/verify-view';
import { Announcer } from './announcer';
import { tellTab } from './favicon';
import { span } from '../text/times';
import { Header, titleOf } from './header';

const shown: Readonly<Record<View, (route: Route) => VNode>> = {
  overview: ({ query }) => <OverviewView query={query} />,
  targets: ({ name, query }) => <TargetView key={name} name={name} query={query} />,
  dependencies: ({ query }) => <DependenciesView query={query} />,
  alerts: () => <AlertsView />,
  logs: ({ query }) => <LogsView query={query} />,
  switches: ({ query }) => <SwitchesView query={query} />,
  verify: () => <VerifyView />,
};

/** A clock that is only a little off is nobody's trouble. */
const clockIsOffMs = 60_000;

/** Ages are told by the time of the answers; whoever compares them with this clock should know. */
function clockText(behind: number): string {
  return Math.abs(behind) < clockIsOffMs ? '' : ` · the clock of this device is ${span(Math.abs(behind))} ${behind > 0 ? 'slow' : 'fast'}`;
}

/** Who comes to another view hears its heading first. */
function useHeadingFocus(place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [place]);
}

export function App(): VNode {
  const route = useRoute();
  const session = useSession().value;
  const targets = useTargets();
  const { view, name } = route;
  useEffect(() => lookEvery(session?.emulated ? 'embedded' : 'usual'), [session?.emulated]);
  useEffect(() => tellTab(name || titleOf(view), targets.value), [view, name, targets.value]);
  useHeadingFocus(`${view}/${name}`);
  return (
    <>
      <Header view={view} session={session} targets={targets} />
      <Announcer answer={targets.value} />
      <main tabIndex={-1} class={`view-${view}`}>
        {shown[view](route)}
      </main>
      <footer>
        {session && (
          <p>
            Project {session.project}, {session.region} · version {session.version} · configuration{' '}
            <code>{session.configHash.slice(0, 12)}</code> · {session.identity ?? 'not signed in'}
            {session.operator ? ', operator' : ', read-only'} · times in {Intl.DateTimeFormat().resolvedOptions().timeZone}
            {clockText(clockBehind())}
          </p>
        )}
      </footer>
    </>
  );
}
