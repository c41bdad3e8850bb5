/** The page's icon and title say how it is, also in a tab that nobody looks at. */
import type { TargetsAnswer } from '../../shared/status/state';
import { many, verdictOutcome } from '../text/words';

const shapes = {
  success: '<circle cx="8" cy="8" r="7" fill="#1a7f37"/><path d="M4.5 8.2 7 10.7l4.5-5" stroke="#fff" stroke-width="2" fill="none"/>',
  degraded: '<path d="M8 1 15.5 15H.5z" fill="#b07500"/><path d="M8 6v5M8 12v2" stroke="#fff" stroke-width="2"/>',
  failure: '<rect x="1" y="1" width="14" height="14" rx="3" fill="#c5221f"/><path d="m5 5 6 6m0-6-6 6" stroke="#fff" stroke-width="2"/>',
  unknown: '<circle cx="8" cy="8" r="7" fill="#6e40c9"/><path d="M8 4v5M8 10v2" stroke="#fff" stroke-width="2"/>',
} as const;

/** @param place what the view is about. */
export function tellTab(place: string, answer: TargetsAnswer | undefined): void {
  const failing = answer?.counts.failure ?? 0;
  const how = failing > 0 ? `${many(failing, 'failure')} · ` : '';
  document.title = `${how}${place} · ${answer?.environment ?? 'vpc-synthetics'}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!icon || !answer) return;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shapes[verdictOutcome[answer.verdict]]}</svg>`;
  const url = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  if (icon.href !== url) icon.href = url;
}
