/** Which view is shown, by the part of the address behind `#`. */
import { useEffect, useState } from 'preact/hooks';

export const views = ['overview', 'targets', 'dependencies', 'alerts', 'logs', 'switches', 'verify'] as const;
export type View = (typeof views)[number];

/** A place in the page. */
export interface Route {
  readonly view: View;
  /** The target of the view `targets`, else empty. */
  readonly name: string;
  readonly query: URLSearchParams;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What leads nowhere leads to the overview. */
export function readRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', ...rest] = path.split('/');
  const name = decoded(rest.join('/'));
  const view = views.find((known) => known === first && (known === 'targets') === (name !== '')) ?? 'overview';
  return { view, name: view === 'targets' ? name : '', query: new URLSearchParams(search) };
}

export const linkTo = (view: Exclude<View, 'targets'>): string => (view === 'overview' ? '#/' : `#/${view}`);
export const linkToTarget = (name: string): string => `#/targets/${encodeURIComponent(name)}`;

/** The overview, with one cause pointed out. */
export const linkToCause = (cause: string): string => `#/?cause=${encodeURIComponent(cause)}`;

/** Follows the address. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(readRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** Puts what is chosen in a view into the address, without a step in the browser's history; empty values are left out. */
export function choose(values: Readonly<Record<string, string>>): void {
  const [path = ''] = location.hash.split('?');
  const { query } = readRoute(location.hash);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  history.replaceState(null, '', `${path || '#/'}${search === '' ? '' : `?${search}`}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}
