/** Where the status function is reached: beside the page, whatever path leads to it. */

const base = location.pathname.replace(/\/+$/, '');

/** @param path relative to the page, e.g. `api/targets`. */
export function urlOf(path: string): string {
  return `${base}/${path}`;
}

/** @returns a link to a runbook, or undefined where it would lead to anything else than a page. */
export function runbookUrl(runbook: string): string | undefined {
  const url = URL.parse(runbook, `${location.origin}${base}/`);
  return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
}

/** @returns the section on a reason in the runbooks that come with the page. */
export function runbookOf(reason: string): string {
  return `runbooks#${reason}`;
}
