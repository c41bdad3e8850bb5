/** What stands above every view: where we are, how it is, how fresh that is, and the ways to the views. */
import type { VNode } from 'preact';
import type { SessionAnswer } from '../../shared/status/actions';
import type { TargetsAnswer } from '../../shared/status/state';
import { now } from '../clock';
import { useFreshnessOf, useWorstShown } from '../data/freshness';
import { type Answer, refresh } from '../data/sources';
import { OutcomeMark } from '../parts/marks';
import { linkTo, type View } from '../route';
import { timeOrDate } from '../text/times';
import { verdictOutcome, verdictWords } from '../text/words';
import { chooseTheme, type Theme, themes, useTheme } from './theme';

const titles: Readonly<Record<Exclude<View, 'targets'>, string>> = {
  overview: 'Overview',
  dependencies: 'Dependencies',
  alerts: 'Alerts',
  logs: 'Logs',
  switches: 'Switches',
  verify: 'Verify',
};

const themeTitles: Readonly<Record<Theme, string>> = { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' };

/** @returns the heading of a view. */
export function titleOf(view: View): string {
  return view === 'targets' ? 'Target' : titles[view];
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Of what the view shows; a view that shows nothing that was read has the targets, by which the verdict goes. */
function FreshnessMark({ answer }: { readonly answer: Answer<TargetsAnswer> }): VNode {
  const targets = useFreshnessOf('targets', answer);
  const { of, readAt, isMissing, isOld } = useWorstShown() ?? targets;
  const time = readAt === undefined ? '' : timeOrDate(readAt, now());
  const bad = isOld || isMissing;
  return (
    <div class="freshness">
      <span class={bad ? 'is-old' : undefined}>
        {time !== '' ? `${capital(of)} of ${time}` : isMissing ? `${capital(of)} not read` : 'Loading …'}
        {isOld && <strong> · stale</strong>}
      </span>
      <span class="hidden" role="status" data-freshness>
        {isOld ? `Stale: ${of} of ${time}.` : ''}
      </span>
      <button type="button" onClick={refresh} aria-busy={answer.loading}>
        Refresh
      </button>
    </div>
  );
}

/** The verdict is there on every view, so that it is old must be, too. */
function VerdictMark({ answer }: { readonly answer: Answer<TargetsAnswer> }): VNode | null {
  const { isOld } = useFreshnessOf('targets', answer);
  const { value } = answer;
  if (!value) return null;
  return <OutcomeMark outcome={verdictOutcome[value.verdict]} word={`${verdictWords[value.verdict]}${isOld ? ' · stale' : ''}`} />;
}

function ThemeButton(): VNode {
  const { theme } = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <button type="button" class="theme" onClick={() => chooseTheme(next)} aria-label={`${themeTitles[theme]}; change to ${next}`}>
      <span aria-hidden="true">{theme === 'auto' ? '◐' : theme === 'light' ? '☀' : '☾'}</span>
    </button>
  );
}

// A link would lead to another view: those are named behind the `#`, too.
const skip = (): void => document.querySelector<HTMLElement>('main')?.focus();

interface HeaderProps {
  readonly view: View;
  readonly session: SessionAnswer | undefined;
  readonly targets: Answer<TargetsAnswer>;
}

export function Header({ view, session, targets }: HeaderProps): VNode {
  const { value } = targets;
  const environment = session?.environment ?? value?.environment;
  const here = view === 'targets' ? 'overview' : view;
  const shown = (Object.keys(titles) as (keyof typeof titles)[]).filter((name) => name !== 'switches' || session?.emulated);
  return (
    <header class="top">
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <div class="top-line">
        <a class="brand" href={linkTo('overview')}>
          <span class="product">vpc-synthetics</span> <strong>{environment ?? ''}</strong>
        </a>
        <VerdictMark answer={targets} />
        <FreshnessMark answer={targets} />
        <ThemeButton />
      </div>
      <nav aria-label="Views">
        <ul>
          {shown.map((name) => (
            <li key={name}>
              <a href={linkTo(name)} aria-current={name === here ? 'page' : undefined}>
                {titles[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}
