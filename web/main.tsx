/** Starts the page once its frame, which stands in the HTML, has been painted. */
import { render } from 'preact';
import { startLooking } from './data/sources';
import { App } from './frame/app';
import { keepFocus } from './frame/focus';
import { startTheme } from './frame/theme';

/** In a tab that nobody sees nothing is ever painted. */
const paintedAtLatestMs = 200;

function start(): void {
  const root = document.getElementById('page');
  clearTimeout(inAnyCase);
  if (!root || root.dataset.started) return;
  root.dataset.started = 'true';
  root.replaceChildren();
  render(<App />, root);
  keepFocus(root);
  startLooking();
}

startTheme();
const inAnyCase = setTimeout(start, paintedAtLatestMs);
requestAnimationFrame(() => setTimeout(start));
