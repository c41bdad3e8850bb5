/** Light or dark: as the system has it, unless somebody chose. */
import { useEffect, useState } from 'preact/hooks';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'vpc-synthetics-theme';
const told = new EventTarget();
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'auto';
  } catch {
    // A browser may keep nothing for us; the choice then lasts as long as the page.
    return 'auto';
  }
}

let current = stored();

function apply(): void {
  document.documentElement.dataset.theme = current;
  told.dispatchEvent(new Event('theme'));
}

export function startTheme(): void {
  dark.addEventListener('change', () => told.dispatchEvent(new Event('theme')));
  apply();
}

export function chooseTheme(theme: Theme): void {
  current = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // See above.
  }
  apply();
}

/** @returns what was chosen, and whether it is dark now. */
export function useTheme(): { readonly theme: Theme; readonly isDark: boolean } {
  const [, setTold] = useState<object>();
  useEffect(() => {
    const listener = (): void => setTold({});
    told.addEventListener('theme', listener);
    return () => told.removeEventListener('theme', listener);
  }, []);
  return { theme: current, isDark: current === 'dark' || (current === 'auto' && dark.matches) };
}
